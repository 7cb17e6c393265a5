import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { runCli } from '../../src/commands/cli.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { plainFile } from '../running-daemon.ts';
import { fakeShell } from './fake-shell.ts';

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-run-'));
  sandbox = await startSandbox();
  await mkdir(join(folder, 'data', 'inbox'), { recursive: true });
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Runs `run --once` with a store at `url` and what was dropped before. */
function runOnce(url = sandbox.url, token = sandbox.bearer) {
  return runOnceAs(`{ bearer: "${token}" }`, { url });
}

/** The same with any `auth`; `onLog` is called with each piece of the log. */
async function runOnceAs(auth: string, { url = sandbox.url, onLog = (_text: string) => {}, more = '' } = {}) {
  const config = [
    `stores: { main: { url: "${url}", auth: ${auth}, retry: { firstDelay: 10ms } } }`,
    'inboxes: [{ folder: data/inbox, stableFor: 30ms, rescanEvery: 50ms }]',
    more,
  ];
  await writeFile(join(folder, 'trackdrop.yaml'), config.join('\n'));
  const { shell, printed } = fakeShell({ argv: ['run', '--once'], cwd: folder });
  const { stdout } = shell;
  const write = (text: string) => {
    onLog(text);
    return stdout.write(text);
  };
  const exitCode = await runCli({ ...shell, stdout: { ...stdout, write } });
  return { exitCode, ...printed };
}

const drop = (content: string) => writeFile(join(folder, 'data', 'inbox', 'today.csv'), content);

describe('trackdrop run --once', () => {
  it('exits 0 when every row is done, having said what it does to orders and customers', async () => {
    const { incrementId } = sandbox.addOrder({ shipments: [{}] });
    await drop(plainFile([incrementId, '1Z1']));
    const { exitCode, stdout } = await runOnce();
    assert.equal(exitCode, 0);
    assert.equal(sandbox.tracks().length, 1);
    const [store, inbox] = stdout.split('\n').map((line) => (line === '' ? '' : JSON.parse(line).msg));
    assert.match(store, /WRITING/);
    assert.match(inbox, /fail as no-shipment; customers get no mail/);
  });

  it('is not taken for an active daemon afterwards', async () => {
    await runOnce();
    const { shell, printed } = fakeShell({ argv: ['status', '--health'], cwd: folder });
    assert.equal(await runCli(shell), 1);
    assert.match(printed.stderr, /^No daemon is active/);
  });

  it('exits 1 when a row failed', async () => {
    await drop(plainFile(['1', '']));
    assert.equal((await runOnce()).exitCode, 1);
    assert.ok((await readdir(join(folder, 'data', 'failed'))).includes('today.retry.csv'));
  });

  it('exits 4 where a row waits, also when that is not looked at again yet', async () => {
    await drop(plainFile(['no-such-order', '1Z1']));
    assert.equal((await runOnce()).exitCode, 4);
    assert.ok((await readdir(join(folder, 'data', 'waiting'))).includes('today.waiting.csv'));
    assert.equal((await runOnce()).exitCode, 4);
    assert.equal(sandbox.counts().orders, 1);
  });

  it('exits 4 where a file is empty, which it says and leaves where it is', async () => {
    await drop('');
    const { exitCode, stdout } = await runOnce();
    assert.equal(exitCode, 4);
    assert.match(stdout, /today\.csv is empty and may still be written; it stays in the inbox/);
    assert.deepEqual(await readdir(join(folder, 'data', 'inbox')), ['today.csv']);
  });

  it('exits 2 without an inbox, which it does not make', async () => {
    await rm(join(folder, 'data', 'inbox'), { recursive: true });
    const { exitCode, stderr } = await runOnce();
    assert.equal(exitCode, 2);
    assert.match(stderr, /the inbox inbox is not there/);
    assert.deepEqual(await readdir(join(folder, 'data')), []);
  });

  it('exits 2 for a group that nobody knows, and touches nothing', async () => {
    await drop(plainFile(['1', '1Z1']));
    const more = 'permissions: { group: no-such-group }';
    const { exitCode, stderr } = await runOnceAs(`{ bearer: "${sandbox.bearer}" }`, { more });
    assert.equal(exitCode, 2);
    assert.match(stderr, /permissions\.group: this system knows no group no-such-group/);
    assert.deepEqual(await readdir(join(folder, 'data')), ['inbox']);
  });

  it('exits 3 when nobody answers, and leaves the file where it is', async () => {
    await drop(plainFile(['1', '1Z1']));
    await sandbox.goDown();
    const { exitCode, stderr } = await runOnce();
    assert.equal(exitCode, 3);
    assert.match(stderr, /store main/);
    assert.deepEqual(await readdir(join(folder, 'data', 'inbox')), ['today.csv']);
  });

  it('exits 3 when the token is refused, names the rights and keeps the token to itself', async () => {
    await drop(plainFile(['1', '1Z1']));
    const { exitCode, stderr, stdout } = await runOnce(sandbox.url, 'wrong-and-secret');
    assert.equal(exitCode, 3);
    assert.match(stderr, /Magento_Sales::actions_view/);
    assert.doesNotMatch(stderr + stdout, /wrong-and-secret/);
    assert.deepEqual(await readdir(join(folder, 'data', 'inbox')), ['today.csv']);
  });

  it('exits 3 when the password is changed while it works: asked for once, and nothing is sent any more', async () => {
    const { incrementId } = sandbox.addOrder({ shipments: [{}] });
    await drop(plainFile([incrementId, '1Z1']));
    const { username, password } = sandbox.admin;
    const auth = `{ admin: { username: "${username}", password: "${password}" } }`;
    const onLog = (text: string) => {
      if (!text.includes('"drop.claimed"')) return;
      sandbox.changeAdmin(username, { password: 'another-one-1' });
      sandbox.expireAdminTokens();
    };
    const { exitCode, stdout } = await runOnceAs(auth, { onLog });
    assert.equal(exitCode, 3);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = lines.filter(({ event }) => event === 'store.sign-in-refused');
    assert.equal(refused.length, 1);
    assert.match(refused[0].msg, /Check username and password.*correct its auth and start Trackdrop again/);
    assert.doesNotMatch(stdout, new RegExp(password));
    assert.equal(sandbox.counts().orders, 1, 'the look whose token had ended');
    assert.equal(sandbox.tracks().length, 0);
  });

  it('exits 3 when one of several stores refuses the password, tried once in many runs, and settles the others', async () => {
    await mkdir(join(folder, 'attic', 'inbox'), { recursive: true });
    await using attic = await startSandbox();
    const config = [
      'stores:',
      `  main: { url: "${sandbox.url}", auth: { bearer: "${sandbox.bearer}" } }`,
      `  attic: { url: "${attic.url}", auth: { admin: { username: "${attic.admin.username}", password: "nix-nix-1" } } }`,
      'inboxes:',
      '  - { name: main, folder: data/inbox, store: main, stableFor: 30ms, rescanEvery: 50ms }',
      '  - { name: attic, folder: attic/inbox, store: attic, stableFor: 30ms, rescanEvery: 50ms }',
    ];
    await writeFile(join(folder, 'trackdrop.yaml'), config.join('\n'));
    await writeFile(join(folder, 'attic', 'inbox', 'left.csv'), plainFile(['1', '1Z1']));
    for (let times = 1; times <= 7; times += 1) {
      const { incrementId } = sandbox.addOrder({ shipments: [{}] });
      await drop(plainFile([incrementId, `1Z${times}`]));
      const { shell, printed } = fakeShell({ argv: ['run', '--once'], cwd: folder });
      assert.equal(await runCli(shell), 3);
      assert.match(printed.stdout, /Store attic is left out of this run: .*Refused at .* Its files wait/);
      assert.equal(sandbox.tracks().length, times);
    }
    assert.equal(attic.counts().signIn, 1);
    assert.deepEqual(await readdir(join(folder, 'attic', 'inbox')), ['left.csv']);
  });
});
