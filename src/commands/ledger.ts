import type { Command } from 'commander';
import type { Shell } from './shell.ts';
import { type Asked, CONFIG, examples } from './usage.ts';

/** Adds what is done with the ledger alone, beside a daemon that may be at work. */
export function addLedgerCommands(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('find')
    .description('Say what is known of orders and tracking numbers: which files, what became of them, where')
    .argument('<order|tracking-number...>', 'as a file had it; case and blanks do not count')
    .option(...CONFIG)
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `${examples(
        ['trackdrop find 100000123', 'an order'],
        ['trackdrop find 1Z999AA10123456784 --json', 'a tracking number, for programs'],
      )}\nExit codes: 0 each of them was found, 1 one was not`,
    )
    .action(async (numbers: readonly string[], { config, json = false }: LedgerOptions) => {
      const { findCommand } = await import('./find.ts');
      asked.exitCode = await findCommand({ config, asked: numbers, json }, shell);
    });

  program
    .command('backup')
    .description('Copy the ledger to a file, also while a daemon writes it, and check the copy')
    .argument('<file>', 'where; never overwritten')
    .option(...CONFIG)
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(
        ['trackdrop backup ledger-monday.db', ''],
        ['trackdrop backup /mnt/backup/ledger.db --json', 'for programs'],
      ),
    )
    .action(async (file: string, { config, json = false }: LedgerOptions) => {
      const [{ backupCommand }, { systemClock }] = await Promise.all([
        import('./backup.ts'),
        import('../runtime/clock.ts'),
      ]);
      asked.exitCode = await backupCommand({ config, file, json }, shell, systemClock);
    });
}

interface LedgerOptions {
  readonly config: string | undefined;
  readonly json?: boolean;
}
