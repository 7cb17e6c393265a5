import type { Command } from 'commander';
import type { Shell } from './shell.ts';
import { type Asked, examples, upTo } from './usage.ts';

/** Adds what shows the program at work without a shop. */
export function addTrialCommands(program: Command, asked: Asked, shell: Shell): void {
  addDemo(program, asked, shell);
  addSandbox(program, shell);
}

function addDemo(program: Command, asked: Asked, shell: Shell): void {
  program
    .command('demo')
    .description('Run the real daemon against a sandbox store, with files that show what it does')
    .option('--stay', 'keep everything running, to drop files of your own')
    .addHelpText(
      'after',
      examples(['trackdrop demo', 'under a minute'], ['trackdrop demo --stay', 'until Ctrl+C']),
    )
    .action(async (options: { stay?: true }) => {
      const { demoCommand } = await import('./demo.ts');
      asked.exitCode = await demoCommand({ stay: options.stay ?? false }, shell);
    });
}

function addSandbox(program: Command, shell: Shell): void {
  program
    .command('sandbox')
    .description('Run a Magento store in memory, to try things on')
    .option('--port <n>', 'port of the loopback; 0 takes a free one', upTo(65_535), 0)
    .addHelpText(
      'after',
      examples(['trackdrop sandbox', 'on a free port'], ['trackdrop sandbox --port 8080', '']),
    )
    .action(async (options: { port: number }) => {
      const { runSandbox } = await import('./sandbox.ts');
      const stop = new AbortController();
      shell.onSignal('SIGTERM', () => stop.abort());
      shell.onSignal('SIGINT', () => stop.abort());
      await runSandbox(options, (line) => shell.stdout.write(`${line}\n`), stop.signal);
    });
}
