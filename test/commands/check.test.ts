import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkCommand } from '../../src/commands/check.ts';
import { runCli } from '../../src/commands/cli.ts';
import type { Shell, StopSignal } from '../../src/commands/shell.ts';
import { writeHeartbeat } from '../../src/ledger/heartbeat.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startNode } from '../processes/node-process.ts';
import { plainFile, RunningDaemon } from '../running-daemon.ts';
import { fakeShell } from './fake-shell.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const MINUTE_MS = 60_000;

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-check-'));
  sandbox = await startSandbox();
  sandbox.addOrder();
  sandbox.addOrder({ shipments: [{}] });
  await mkdir(join(folder, 'data', 'inbox'), { recursive: true });
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, maxRetries: 5 });
});

interface Words {
  readonly store?: object;
  readonly stores?: object;
  readonly inbox?: object;
  readonly inboxes?: readonly object[];
  readonly ledger?: string;
  readonly permissions?: object;
}

/** YAML is a superset of JSON. */
async function writeConfig({
  store,
  stores,
  inbox,
  inboxes,
  ledger,
  permissions,
}: Words = {}): Promise<void> {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = sandbox.oauth;
  const auth = { oauth: { consumerKey, consumerSecret, accessToken, accessTokenSecret } };
  const config = {
    stores: { main: { url: sandbox.url, auth, timeout: '5s', ...store }, ...stores },
    inboxes: inboxes ?? [{ name: 'main', folder: 'data/inbox', store: 'main', ...inbox }],
    ...(ledger === undefined ? {} : { ledger }),
    ...(permissions === undefined ? {} : { permissions }),
  };
  await writeFile(join(folder, 'trackdrop.yaml'), JSON.stringify(config));
}

async function check(words: Words = {}, args: readonly string[] = [], more: Partial<Shell> = {}) {
  await writeConfig(words);
  const { shell, printed } = fakeShell({ argv: ['check', ...args], cwd: folder, ...more });
  return { exitCode: await runCli(shell), ...printed };
}

/** The line about one subject, without the blanks that align it. */
function line(stdout: string, subject: string): string {
  const found = stdout.split('\n').find((each) => new RegExp(`^ +\\w+ +${subject}  `).test(each));
  assert.ok(found, `no line about ${subject} in\n${stdout}`);
  return found.trim().replace(/ {2,}/g, ' ');
}

function assertNothingWritten(): void {
  assert.equal(sandbox.tracks().length, 0);
  assert.equal(sandbox.shipments().length, 1);
  assert.equal(sandbox.counts().mails, 0);
}

describe('trackdrop check', () => {
  it('exits 0 where all is well, having said what run would do, and leaves no trace', async () => {
    const { exitCode, stdout, stderr } = await check();
    assert.equal(exitCode, 0, stdout);
    assert.equal(stderr, '');
    assert.match(stdout, /^store main: http\S+, WRITING$/m);
    assert.match(stdout, /^inbox main: .*fail as no-shipment; customers get no mail$/m);
    assert.match(stdout, /\nAll is well\.\n$/);
    const results = stdout.match(/^ {2}\w+/gm)?.map((each) => each.trim());
    assert.deepEqual(results, Array(17).fill('ok'), stdout);
    assertNothingWritten();
    assert.deepEqual(await readdir(join(folder, 'data')), ['inbox']);
    assert.deepEqual(await readdir(join(folder, 'data', 'inbox')), []);
  });

  it('warns of a key of shipments that does nothing beside the others, and exits 0', async () => {
    const { exitCode, stdout } = await check({ inbox: { shipments: { requirePaid: true } } });
    assert.equal(exitCode, 0, stdout);
    assert.match(line(stdout, 'shipments'), /^warning shipments requirePaid: true keeps nothing waiting/);
    assert.match(stdout, /Set create: true with it/);
  });

  it('tells programs the same in one line of JSON', async () => {
    const { exitCode, stdout } = await check({ inbox: { folder: 'data/none' } }, ['--json']);
    assert.equal(exitCode, 2);
    assert.match(stdout, /^[^\n]+\n$/);
    const { problems, warnings, sections } = JSON.parse(stdout);
    assert.deepEqual([problems, warnings], [1, 0]);
    assert.deepEqual(
      sections.map(({ about, name }: { about: string; name: string }) => `${about} ${name}`),
      ['store main', 'inbox main', `ledger ${join(folder, 'data', 'trackdrop.db')}`],
    );
    const inbox = sections[1].findings[0];
    assert.deepEqual(
      [inbox.result, inbox.subject, inbox.facts],
      ['problem', 'inbox', { at: 'finding', code: 'ENOENT' }],
    );
    const speed = sections[0].findings.find(({ subject }: { subject: string }) => subject === 'speed');
    assert.equal(typeof speed.facts.medianMs, 'number');
  });

  it('tells programs, too, what is wrong with a configuration that cannot be used', async () => {
    const { exitCode, stdout } = await check({ store: { workers: 0, bogus: 1 } }, ['--json']);
    assert.equal(exitCode, 2);
    const { problems, sections } = JSON.parse(stdout);
    assert.equal(problems, 2);
    assert.deepEqual(
      sections.map(({ about }: { about: string }) => about),
      ['configuration'],
    );
    const [, unknown] = sections[0].findings;
    assert.equal(unknown.result, 'problem');
    assert.match(unknown.message, /stores\.main\.bogus/);
  });

  it('tells programs that there is no configuration', async () => {
    const { exitCode, stdout } = await check({}, ['--json', '--config', join(folder, 'none.yaml')]);
    assert.equal(exitCode, 2);
    assert.equal(JSON.parse(stdout).sections[0].about, 'configuration');
  });
});

describe('trackdrop check of a store', () => {
  it('exits 3 where bearer tokens are refused, and says how to allow them, and never the token', async () => {
    sandbox.set({ bearerAllowed: false });
    const { exitCode, stdout } = await check({ store: { auth: { bearer: sandbox.bearer } } });
    assert.equal(exitCode, 3);
    assert.match(line(stdout, 'sign-in'), /^problem .*the token is wrong.*or the shop takes no bearer/);
    assert.match(stdout, /bin\/magento config:set oauth\/consumer\/enable_integration_as_bearer 1\./);
    assert.ok(!stdout.includes(sandbox.bearer));
  });

  it('says where a right is granted, and that it is needed only to ship', async () => {
    sandbox.setRights(sandbox.bearer, ['Magento_Sales::actions_view', 'Magento_Sales::shipment']);
    const without = await check();
    assert.equal(without.exitCode, 0);
    assert.match(
      line(without.stdout, 'ship orders'),
      /^warning .*Magento_Sales::ship is missing; not needed/,
    );
    const creating = await check({ inbox: { shipments: { create: true } } });
    assert.equal(creating.exitCode, 3);
    assert.match(line(creating.stdout, 'ship orders'), /^problem .*Orders > Actions > Ship/);
    assert.match(line(creating.stdout, 'add numbers'), /^ok/);
    assertNothingWritten();
  });

  it('asks a store that is read only nothing but to be read, and says so', async () => {
    const { exitCode, stdout } = await check({ store: { readOnly: true } });
    assert.equal(exitCode, 0);
    assert.match(stdout, /READ ONLY/);
    for (const subject of ['add numbers', 'ship orders']) {
      assert.match(line(stdout, subject), /^skipped .*not asked: it takes a POST, and the store is readOnly/);
    }
    const { track, ship } = sandbox.counts();
    assert.deepEqual([track, ship], [0, 0]);
  });

  it('tells a clock that is too far ahead for OAuth', async () => {
    await writeConfig();
    const { shell, printed } = fakeShell({ cwd: folder });
    const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + 12 * MINUTE_MS };
    assert.equal(await checkCommand({ config: undefined, json: false }, shell, clock), 3);
    assert.match(line(printed.stdout, 'sign-in'), /^problem .*An error occurred validating the nonce/);
    assert.match(
      line(printed.stdout, 'clock'),
      /^problem .*12 min ahead of the store's; Magento refuses OAuth/,
    );
  });

  it('tries a wrong password once, and keeps it to itself', async () => {
    const admin = { username: sandbox.admin.username, password: 'wrong-and-secret' };
    const { exitCode, stdout, stderr } = await check({ store: { auth: { admin } } });
    assert.equal(exitCode, 3);
    assert.match(line(stdout, 'sign-in'), /^problem/);
    assert.equal(sandbox.counts().signIn, 1);
    assert.doesNotMatch(stdout + stderr, /wrong-and-secret/);
    assert.deepEqual(await readdir(join(folder, 'data')), ['inbox'], 'no ledger is made to keep it');
  });

  it('tries a wrong password once in many checks where there is a ledger, and says when it was refused', async () => {
    openLedger(join(folder, 'data', 'trackdrop.db'))[Symbol.dispose]();
    const { username, password } = sandbox.admin;
    const asAdmin = (own: string) => check({ store: { auth: { admin: { username, password: own } } } });
    const said = new Set<string>();
    for (let times = 0; times < 7; times += 1) said.add(line((await asAdmin('wrong-1')).stdout, 'sign-in'));
    assert.equal(sandbox.counts().signIn, 1);
    assert.equal(said.size, 1);
    assert.match(
      [...said].join(),
      /^problem .*Refused at .* UTC; the same credentials are tried again from .* UTC on/,
    );
    assert.equal((await asAdmin(password)).exitCode, 0, 'another password is tried at once');
    await asAdmin('wrong-1');
    assert.equal(sandbox.counts().signIn, 3, 'and one that works makes the other forgotten');
  });

  it('asks without a memory where the ledger is damaged, which is a problem of the ledger', async () => {
    await writeFile(join(folder, 'data', 'trackdrop.db'), 'no database at all'.repeat(100));
    const { username, password } = sandbox.admin;
    for (const own of [password, 'wrong-1']) {
      const { exitCode, stdout } = await check({ store: { auth: { admin: { username, password: own } } } });
      assert.equal(exitCode, 2);
      assert.match(line(stdout, 'ledger'), /^problem .*not a database/);
      assert.match(
        line(stdout, 'sign-in'),
        own === password ? /^ok/ : /^problem .*locked for half an hour\.$/,
      );
    }
  });

  it('signs in as an admin user once', async () => {
    const { username, password } = sandbox.admin;
    const { exitCode, stdout } = await check({ store: { auth: { admin: { username, password } } } });
    assert.equal(exitCode, 0);
    assert.match(line(stdout, 'sign-in'), /^ok .*as the admin user/);
    assert.equal(sandbox.counts().signIn, 1);
  });

  it('says of each of several stores how it is, one that is down among them', async () => {
    await using other = await startSandbox();
    await other.goDown();
    const stores = { other: { url: other.url, auth: { bearer: other.bearer } } };
    const { exitCode, stdout } = await check({ stores });
    assert.equal(exitCode, 3);
    const [main = '', down = ''] = stdout.split(/^store /m).slice(1);
    assert.match(line(main, 'ship orders'), /^ok/);
    assert.match(line(down, 'address'), /^problem .*nobody listens at/);
    assert.match(line(down, 'rights'), /^skipped/);
  });

  it('says which question failed where the store answers others', async () => {
    sandbox.inject({ match: { path: 'shipment/track' }, fault: { kind: 'status', status: 403 } });
    const { exitCode, stdout } = await check();
    assert.equal(exitCode, 3);
    assert.match(line(stdout, 'read shipments'), /^ok/);
    assert.match(line(stdout, 'add numbers'), /^problem .*403/);
    assert.match(line(stdout, 'ship orders'), /^skipped/);
  });
});

describe('trackdrop check of folders and ledger', () => {
  it('exits 2 without an inbox, which it does not make, whatever the stores say', async () => {
    await rm(join(folder, 'data', 'inbox'), { recursive: true });
    await sandbox.goDown();
    const { exitCode, stdout } = await check();
    assert.equal(exitCode, 2);
    assert.match(line(stdout, 'inbox'), /^problem .*no such file or directory \(ENOENT\)/);
    assert.match(stdout, /a forgotten mount would look healthy/);
    assert.deepEqual(await readdir(join(folder, 'data')), []);
  });

  it('names files that an uploader keeps to itself', async () => {
    await writeFile(join(folder, 'data', 'inbox', 'today.csv'), 'x');
    await chmod(join(folder, 'data', 'inbox', 'today.csv'), 0o000);
    for (const path of [folder, join(folder, 'data'), join(folder, 'data', 'inbox')])
      await chmod(path, 0o777);
    await writeConfig();
    const isRoot = process.getuid?.() === 0;
    // Root may read anything, so for this test it is somebody else.
    if (isRoot) await chmod(join(folder, 'trackdrop.yaml'), 0o644);
    if (isRoot) process.seteuid?.(65534);
    const user = { uid: 65534, gids: [65534], umask: 0o22 };
    const { shell, printed } = fakeShell({ argv: ['check'], cwd: folder, user: () => user });
    try {
      assert.equal(await runCli(shell), 2);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    assert.match(
      line(printed.stdout, 'files'),
      /^problem .*today\.csv: permission denied.*mode 0000; this user is 65534/,
    );
  });

  it('exits 2 for a group that nobody knows, before any file was to be given to it', async () => {
    const { exitCode, stdout } = await check({ permissions: { group: 'no-such-group' } });
    assert.equal(exitCode, 2);
    assert.match(line(stdout, 'permissions'), /^problem .* this system knows no group no-such-group$/);
    assert.match(stdout, /groupadd/);
  });

  it('exits 2 for a group that this user is no member of', async () => {
    const user = () => ({ uid: 4711, gids: [4711], umask: 0o022 });
    const { exitCode, stdout } = await check({ permissions: { group: '4712' } }, [], { user });
    assert.equal(exitCode, 2);
    assert.match(line(stdout, 'permissions'), /user 4711 is no member of the group 4712/);
  });

  it('leaves no folder behind that several inboxes would share', async () => {
    const below = (name: string) => ({
      name,
      folder: `data/${name}`,
      working: `data/new/${name}/working`,
      waiting: `data/new/${name}/waiting`,
      processed: `data/new/${name}/processed`,
      failed: `data/new/${name}/failed`,
    });
    for (const name of ['a', 'b']) await mkdir(join(folder, 'data', name));
    const { exitCode, stdout } = await check({
      inboxes: ['a', 'b'].map(below),
      ledger: 'data/new/trackdrop.db',
    });
    assert.equal(exitCode, 0);
    assert.equal(stdout.match(/is not there yet; run makes it/g)?.length, 10);
    assert.deepEqual((await readdir(join(folder, 'data'))).sort(), ['a', 'b', 'inbox']);
  });

  it('leaves a ledger of a newer program alone, and says so', async () => {
    const db = new DatabaseSync(join(folder, 'data', 'trackdrop.db'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    const { exitCode, stdout } = await check();
    assert.equal(exitCode, 2);
    assert.match(line(stdout, 'ledger'), /^problem .*written by a newer Trackdrop/);
  });

  it('says that a daemon is active, and that one went silent', async () => {
    openLedger(join(folder, 'data', 'trackdrop.db'))[Symbol.dispose]();
    using db = new DatabaseSync(join(folder, 'data', 'trackdrop.db'));
    const beat = { pid: 7, host: 'box', instance: 'a', boot: 'b', activeDrops: 0, stores: [] };
    writeHeartbeat(db, { ...beat, atMs: Date.now() });
    assert.match(line((await check()).stdout, 'daemon'), /^ok daemon Active: process 7 on box/);
    writeHeartbeat(db, { ...beat, atMs: Date.now() - 60 * MINUTE_MS });
    const { exitCode, stdout } = await check();
    assert.equal(exitCode, 0);
    assert.match(line(stdout, 'daemon'), /^warning .*last heard of 36\d\d s ago/);
  });

  it('does not wait for ever for a disk that does not answer', async () => {
    await writeConfig();
    const { shell, printed } = fakeShell({ cwd: folder });
    // Time is over at once.
    const clock = { ...systemClock, sleep: async () => {} };
    assert.equal(await checkCommand({ config: undefined, json: false }, shell, clock), 2);
    assert.match(line(printed.stdout, 'folders'), /^problem .*no answer about .* within 10 s/);
    assert.match(line(printed.stdout, 'disk'), /^problem .*no answer/);
  });
});

describe('trackdrop check beside a running daemon', () => {
  it('finds it active, and the daemon takes nothing of what check puts into its folders', async () => {
    await using daemon = await RunningDaemon.start();
    const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
    const config = {
      stores: { main: { url: daemon.sandbox.url, auth: { bearer: daemon.sandbox.bearer } } },
      inboxes: [{ name: 'main', folder: join(daemon.data, 'inbox') }],
    };
    await writeFile(join(folder, 'trackdrop.yaml'), JSON.stringify(config));
    const { shell, printed } = fakeShell({ argv: ['check'], cwd: folder });
    assert.equal(await runCli(shell), 0, printed.stdout);
    assert.match(line(printed.stdout, 'daemon'), /^ok daemon Active/);
    const { lines } = await daemon.settle('today.csv', plainFile([incrementId, '1Z1']));
    assert.deepEqual(lines, ['2: tracked']);
    assert.equal(daemon.count('drop.claimed'), 1);
    assert.equal(daemon.count('file.stuck') + daemon.count('drop.stuck'), 0);
  });
});

describe('trackdrop check that is interrupted', () => {
  it('ends with 130 while a store is silent, and leaves nothing behind', async () => {
    sandbox.inject({ fault: { kind: 'silence' } });
    const listeners = new Map<StopSignal, () => void>();
    const onSignal: Shell['onSignal'] = (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    };
    const checking = check({}, [], { onSignal });
    while (sandbox.counts().total === 0) await new Promise((resolve) => setImmediate(resolve));
    listeners.get('SIGINT')?.();
    const { exitCode, stdout, stderr } = await checking;
    assert.equal(exitCode, 130);
    assert.equal(stdout, '');
    assert.match(stderr, /stopped before everything was looked at/);
    assert.deepEqual(await readdir(join(folder, 'data')), ['inbox']);
    assert.deepEqual(await readdir(join(folder, 'data', 'inbox')), []);
    assert.equal(listeners.size, 0);
  });
});

describe('trackdrop check as a process', () => {
  async function run(): Promise<{ readonly code: number | null; readonly lines: string[] }> {
    const lines: string[] = [];
    const args = [MAIN, 'check', '--config', join(folder, 'trackdrop.yaml')];
    await using child = startNode({ args, onLine: (each) => lines.push(each) });
    const { code } = await child.exit;
    return { code, lines };
  }

  it('has exit codes that others can rely on, and no colours for them', async () => {
    await writeConfig();
    const well = await run();
    assert.deepEqual([well.code, well.lines.at(-1)], [0, 'All is well.']);
    sandbox.setRights(sandbox.bearer, []);
    assert.equal((await run()).code, 3);
    await writeConfig({ inbox: { folder: 'data/none' } });
    assert.equal((await run()).code, 2);
    assertNothingWritten();
  });
});
