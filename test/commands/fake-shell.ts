import type { Shell } from '../../src/commands/shell.ts';

/** A shell whose output is kept as text. */
export function fakeShell(given: Partial<Pick<Shell, 'argv' | 'env' | 'cwd'>>) {
  const printed = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const shell: Shell = {
    argv: [],
    env: {},
    cwd: '/nowhere',
    pid: 1,
    execPath: '/bin/false',
    ...given,
    stdout: output('stdout'),
    stderr: output('stderr'),
    onSignal: () => () => {},
  };
  return { shell, printed };
}
