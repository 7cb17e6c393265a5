import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end and gives its stdout. @throws Error with what it wrote to stderr */
export async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args);
  return stdout;
}

/** The same as a user, by name, with the groups that the system gives that one. */
export async function runAs(login: string, command: string, ...args: readonly string[]): Promise<string> {
  return await run(
    'setpriv',
    `--reuid=${login}`,
    `--regid=${login}`,
    '--init-groups',
    '--',
    command,
    ...args,
  );
}
