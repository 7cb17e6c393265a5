import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/commands/cli.ts';
import { reportError } from '../../src/commands/exit-codes.ts';
import { ConfigError, FolderError, StoreError, UsageError } from '../../src/domain/failure.ts';
import { fakeShell } from './fake-shell.ts';

async function cli(...argv: string[]) {
  const { shell, printed } = fakeShell({ argv });
  return { exitCode: await runCli(shell), ...printed };
}

describe('the command line', () => {
  test('says its version, which is that of package.json', async () => {
    const root = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(root, 'utf8'));
    assert.deepEqual(await cli('--version'), { exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  for (const command of [
    [],
    ['run'],
    ['init'],
    ['check'],
    ['profile'],
    ['profile', 'try'],
    ['profile', 'new'],
    ['profile', 'list'],
    ['profile', 'show'],
    ['demo'],
    ['sandbox'],
    ['status'],
    ['find'],
    ['backup'],
  ]) {
    test(`has examples in: trackdrop ${[...command, '--help'].join(' ')}`, async () => {
      const { exitCode, stdout } = await cli(...command, '--help');
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`Examples:\n  trackdrop ${command.join(' ') || 'init'}`));
    });
  }

  for (const wrong of [
    ['--onc'],
    ['run', '--onc'],
    ['rum'],
    ['check', 'FILE'],
    ['run', 'FILE'],
    ['find'],
    ['backup'],
    ['run', '--config'],
    ['sandbox', '--port', 'x'],
    ['profile', 'try'],
    ['profile', 'rename'],
    ['profile', 'try', 'FILE', '--rows', 'x'],
  ]) {
    test(`leaves with 2 after a plain sentence for: trackdrop ${wrong.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await cli(...wrong);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^error: /);
      assert.doesNotMatch(stderr, /at .*\.ts:/);
    });
  }

  test('without a command shows the help and leaves with 2', async () => {
    const { exitCode, stderr } = await cli();
    assert.equal(exitCode, 2);
    assert.match(stderr, /Usage: trackdrop/);
  });

  test('tells every problem of a configuration and leaves with 2', async () => {
    const env = { TRACKDROP_STORE_URL: 'nonsense', TRACKDROP_WORKERS: '0' };
    const { shell, printed } = fakeShell({ argv: ['status', '--health'], env });
    assert.equal(await runCli(shell), 2);
    assert.match(
      printed.stderr,
      /3 problems\n\n {2}stores\.main\.url .*\n {2}stores\.main\.workers .*\n {2}stores\.main\.auth: /,
    );
    assert.doesNotMatch(printed.stderr, /at .*\.ts:/);
  });

  test('is a process whose exit code others can rely on', async () => {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'status', '--config', '/nowhere/none.yaml'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /\/nowhere\/none\.yaml: there is no such file\n/);
  });
});

describe('an error that ends a command', () => {
  const told = (error: unknown) => {
    const { shell, printed } = fakeShell({});
    return { exitCode: reportError(error, shell), stderr: printed.stderr };
  };

  test('is told with its hint and without a stack where it is expected', () => {
    const hint = { hint: 'Do that' };
    assert.deepEqual(told(new UsageError('no-inbox', 'no inbox', hint)), {
      exitCode: 2,
      stderr: 'trackdrop: no inbox\nDo that\n',
    });
    assert.equal(told(new ConfigError(['a', 'b'])).exitCode, 2);
    assert.equal(told(new FolderError('no-folder', 'no folder')).exitCode, 2);
    assert.equal(told(new StoreError('down', 'down')).exitCode, 3);
  });

  test('is told with its stack and 70 where it is a bug', () => {
    const { exitCode, stderr } = told(new TypeError('x is undefined'));
    assert.equal(exitCode, 70);
    assert.match(stderr, /bug.*\nTypeError: x is undefined\n {4}at /);
  });
});
