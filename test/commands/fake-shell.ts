import type { Shell } from '../../src/commands/shell.ts';

/** A shell whose output is kept as text. */
export function fakeShell(given: Partial<Pick<Shell, 'argv' | 'env' | 'cwd' | 'user' | 'onSignal'>>) {
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
    user: () => undefined,
    onSignal: () => () => {},
    ...given,
    stdout: output('stdout'),
    stderr: output('stderr'),
  };
  return { shell, printed };
}
