import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { EXIT, reportError } from './exit-codes.ts';
import { addLedgerCommands } from './ledger.ts';
import { addProfileCommands } from './profile.ts';
import type { Shell } from './shell.ts';
import { addTrialCommands } from './trial.ts';
import { type Asked, CONFIG, examples } from './usage.ts';

/**
 * Runs the command that the arguments name and returns the exit code; everything that a command throws is told
 * and becomes one. Each command's code is loaded only when it is run, so that the others start quickly.
 */
export async function runCli(shell: Shell): Promise<number> {
  try {
    const asked: Asked = { exitCode: EXIT.done };
    const program = commands(shell, asked, await version());
    await program.parseAsync(shell.argv, { from: 'user' });
    return asked.exitCode;
  } catch (error) {
    // Commander has said already what it did not understand; help and version come by here too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    return reportError(error, shell);
  }
}

function commands(shell: Shell, asked: Asked, versionText: string): Command {
  const program = new Command('trackdrop')
    .description(
      "Drop a 3PL's CSV into a folder; its tracking numbers stand on the right shipments in Magento 2.",
    )
    .version(versionText, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('Try: trackdrop --help')
    .addHelpText(
      'after',
      examples(
        ['trackdrop init', 'write a configuration and make the folders'],
        ['trackdrop check', 'see whether everything is in place'],
        ['trackdrop run', 'watch the inbox'],
        ['trackdrop profile try day.csv', "see what would be read in a 3PL's file"],
        ['trackdrop demo', 'see it work, without a shop'],
      ) +
        '\nExit codes: 0 done, 1 some rows failed, 2 wrong usage or configuration,\n' +
        '            3 store unreachable or not allowed, 4 some rows wait, or a file was left,\n' +
        '            75 another daemon took the data folder over: start this one again',
    );

  addRun(program, asked, shell);
  addInit(program, asked, shell);
  addCheck(program, asked, shell);
  addProfileCommands(program, asked, shell);
  addLedgerCommands(program, asked, shell);
  addTrialCommands(program, asked, shell);
  addStatus(program, asked, shell);
  return program;
}

function addRun(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('run')
    .description('Watch the inboxes and push what is dropped into them, until a signal')
    .option(...CONFIG)
    .option('--once', 'settle what lies in the inboxes now, then exit')
    .addHelpText(
      'after',
      examples(
        ['trackdrop run', 'with ./trackdrop.yaml or the environment'],
        ['trackdrop run --config /etc/acme.yaml', 'with a file of its own'],
        ['trackdrop run --once', 'from cron; exit code 1: a row failed, 4: a row or a file waits'],
      ),
    )
    .action(async (options: { config?: string; once?: true }) => {
      const { runCommand } = await import('./run.ts');
      asked.exitCode = await runCommand({ ...options, once: options.once ?? false }, shell);
    });
}

function addInit(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('init')
    .description('Write a trackdrop.yaml to start from, and make its folders; overwrites nothing')
    .argument('[folder]', 'where', '.')
    .addHelpText('after', examples(['trackdrop init', 'here'], ['trackdrop init /srv/trackdrop', 'there']))
    .action(async (folder: string) => {
      const { initCommand } = await import('./init.ts');
      asked.exitCode = await initCommand({ folder }, shell);
    });
}

function addCheck(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('check')
    .description(
      'Say whether run could do its work: stores, rights, folders, ledger; writes nothing to a store',
    )
    .option(...CONFIG)
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(
        ['trackdrop check', 'as the user that run runs as'],
        ['trackdrop check --config /etc/acme.yaml', 'with a file of its own'],
        ['trackdrop check --json', 'for programs'],
      ) +
        '\nExit codes: 0 no problem, 2 a problem with the configuration, a folder or the ledger, 3 with a store',
    )
    .action(async ({ config, json = false }: { config?: string; json?: boolean }) => {
      const [{ checkCommand }, { systemClock }] = await Promise.all([
        import('./check.ts'),
        import('../runtime/clock.ts'),
      ]);
      asked.exitCode = await checkCommand({ config, json }, shell, systemClock);
    });
}

function addStatus(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('status')
    .description('Say whether a daemon works on the data folder, on what, and what is wrong in the folders')
    .option(...CONFIG)
    .option('--health', 'exit 0 when its heartbeat is younger than 30 s, else 1')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(
        ['trackdrop status', 'for people'],
        ['trackdrop status --health', 'for a health check; silent when all is well'],
        ['trackdrop status --json', 'for programs'],
      ),
    )
    .action(
      async ({
        config,
        health = false,
        json = false,
      }: {
        config?: string;
        health?: boolean;
        json?: boolean;
      }) => {
        const [
          { statusCommand },
          { readHeartbeat },
          { isWriterLockHeld },
          { countDrops },
          { countWaiting },
          { readNotices },
          { systemClock },
        ] = await Promise.all([
          import('./status.ts'),
          import('../ledger/heartbeat.ts'),
          import('../ledger/lock.ts'),
          import('../ledger/count-drops.ts'),
          import('../ledger/count-waiting.ts'),
          import('../ledger/notices.ts'),
          import('../runtime/clock.ts'),
        ]);
        const sources = { readHeartbeat, isWriterLockHeld, countDrops, countWaiting, readNotices };
        asked.exitCode = await statusCommand({ config, health, json }, shell, sources, systemClock);
      },
    );
}

/** The one in package.json, which lies two folders up from here, in `src/` and `dist/` alike. */
async function version(): Promise<string> {
  const about: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof about === 'object' && about !== null && 'version' in about) return String(about.version);
  throw new Error('package.json has no version');
}
