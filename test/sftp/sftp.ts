import assert from 'node:assert/strict';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { whyNoMachine } from './machine.ts';
import { run, runAs } from './run.ts';
import { grown, SftpSession, sftp } from './sftp-client.ts';
import { SftpServer } from './sftp-server.ts';
import { type Upload, Uploads } from './uploads.ts';

/** Kbit/s: a file of 20 kB takes about a second. */
const SLOW = 160;
const SLOW_ROWS = 600;

describe('Files that are uploaded over SFTP by a user of their own', {
  skip: whyNoMachine(),
  timeout: 120_000,
}, () => {
  let site: Uploads;

  before(async () => {
    site = await Uploads.start();
  });

  after(() => site[Symbol.asyncDispose]());

  const cwd = () => ({ cwd: site.local });
  const slowly = () => ({ cwd: site.local, limit: SLOW });
  const remote = (name: string) => join(site.machine.inbox, name);

  /** Every number once, by as many writes, and the file in one folder, whole, beside its report. */
  async function assertDone(name: string, upload: Upload, writesBefore: number): Promise<void> {
    assert.deepEqual(site.wrong(upload), []);
    assert.equal(
      site.sandbox.counts().track - writesBefore,
      upload.wanted.length,
      'no number was tried that is none',
    );
    const files = await site.files();
    const stem = name.replace('.csv', '');
    const lying = [...files.keys()].filter((path) => basename(path).startsWith(`${stem}.`));
    assert.deepEqual(
      lying.map((path) => path.replace(/\d{4}-\d\d-\d\d/, 'DAY')),
      [`processed/DAY/${name}`, `processed/DAY/${stem}.report.csv`],
    );
    assert.equal(files.get(lying[0] ?? ''), upload.text);
  }

  /** What earlier parts of the file left in `failed/` is done, and moves once the last is put away. */
  async function assertNoneFailed(stem: string): Promise<void> {
    const left = async () =>
      [...(await site.files()).keys()].filter((path) => path.startsWith(`failed/${stem}`));
    for (let seen = 1; (await left()).length > 0; seen += 1)
      await site.daemon.waitForMany('drop.redone', seen, (line) => String(line.name).startsWith(stem));
  }

  it('find a machine with which check has no problem', async () => {
    const said = await site.trackdrop('check').catch((error: { stdout: string }) => error.stdout);
    const aboutFolders = said.slice(said.indexOf('\ninbox '));
    assert.match(aboutFolders, / ok +failed /);
    assert.doesNotMatch(aboutFolders, /problem|warning/);
  });

  it('are done once each, and are whole in one folder', async () => {
    const upload = await site.make('plain.csv', 3);
    const { track } = site.sandbox.counts();
    await sftp(site.server, ['put plain.csv'], cwd());
    await site.settled('plain.csv');
    await assertDone('plain.csv', upload, track);
  });

  it('are left alone while they come slowly', async () => {
    const upload = await site.make('slow.csv', SLOW_ROWS);
    const { track } = site.sandbox.counts();
    await sftp(site.server, ['put slow.csv'], slowly());
    await site.settled('slow.csv');
    await assertDone('slow.csv', upload, track);
  });

  it('are waited for when the line stalls in the middle of a row', async () => {
    const upload = await site.make('stalled.csv', SLOW_ROWS);
    const { track } = site.sandbox.counts();
    await using session = new SftpSession(site.server, ['put stalled.csv'], slowly());
    await grown(remote('stalled.csv'), 10_000);
    session.stall();
    await site.daemon.waitFor('file.awaited', (line) => line.name === 'stalled.csv');
    session.goOn();
    await session.done();
    await site.settled('stalled.csv');
    await assertDone('stalled.csv', upload, track);
  });

  it('are read again when the line stalls for so long that half of them was taken', async () => {
    const upload = await site.make('late.csv', SLOW_ROWS);
    await using session = new SftpSession(site.server, ['put late.csv'], slowly());
    await grown(remote('late.csv'), 10_000);
    session.stall();
    await site.daemon.waitFor('drop.claimed', (line) => line.name === 'late.csv');
    session.goOn();
    await session.done();
    await site.settled('late.csv');
    assert.deepEqual(site.wrong(upload), []);
  });

  it('are read again when the line stalls until half of them was put away', async () => {
    const upload = await site.make('later.csv', SLOW_ROWS);
    await using session = new SftpSession(site.server, ['put later.csv'], slowly());
    await grown(remote('later.csv'), 10_000);
    session.stall();
    await site.daemon.waitFor('drop.settled', (line) => line.name === 'later.csv');
    session.goOn();
    await session.done();
    await site.daemon.waitFor('drop.grown', (line) => line.name === 'later.csv');
    await site.daemon.waitForMany('drop.settled', 2, (line) => line.name === 'later.csv');
    assert.deepEqual(site.wrong(upload), []);
    await assertNoneFailed('later');
  });

  it('leave no half number when the line breaks and they are sent again from their start, however often', async () => {
    const upload = await site.make('again.csv', SLOW_ROWS);
    const { track, untrack } = site.sandbox.counts();
    for (const [at, bytes] of [10_000, 5_000, 15_000].entries()) {
      const session = new SftpSession(site.server, ['put again.csv'], slowly());
      await grown(remote('again.csv'), bytes);
      await session.cut();
      await site.daemon.waitForMany('drop.settled', at + 1, (line) => line.name === 'again.csv');
    }
    await sftp(site.server, ['put again.csv'], cwd());
    await site.daemon.waitForMany('drop.settled', 4, (line) => line.name === 'again.csv');
    assert.deepEqual(site.wrong(upload), []);
    const counts = site.sandbox.counts();
    assert.equal(counts.track - track - upload.wanted.length, counts.untrack - untrack);
    await assertNoneFailed('again');
  });

  it('are one file when the line breaks and the rest comes in another session', async () => {
    const upload = await site.make('resumed.csv', SLOW_ROWS);
    const { track } = site.sandbox.counts();
    const session = new SftpSession(site.server, ['put resumed.csv'], slowly());
    await grown(remote('resumed.csv'), 10_000);
    await session.cut();
    await sftp(site.server, ['reput resumed.csv'], cwd());
    await site.settled('resumed.csv');
    await assertDone('resumed.csv', upload, track);
  });

  it('are not looked at under a temporary name, however long it takes', async () => {
    const upload = await site.make('renamed.csv', SLOW_ROWS);
    const { track } = site.sandbox.counts();
    const commands = ['put renamed.csv renamed.csv.part', 'rename renamed.csv.part renamed.csv'];
    await using session = new SftpSession(site.server, commands, slowly());
    await grown(remote('renamed.csv.part'), 10_000);
    session.stall();
    // Another one comes, and is done, in the time.
    await site.make('meanwhile.csv', 1);
    await sftp(site.server, ['put meanwhile.csv'], cwd());
    await site.daemon.waitFor('drop.settled', (line) => line.name === 'meanwhile.csv');
    session.goOn();
    await session.done();
    await site.settled('renamed.csv');
    await assertDone('renamed.csv', upload, track + 1);
    const said = site.daemon.log.all.filter(({ name }) => String(name).startsWith('renamed.csv'));
    assert.deepEqual(
      said.filter(({ event }) => event.startsWith('file.')),
      [],
    );
  });

  it('are all done when two hundred come in one session', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `many-${at + 1}.csv`);
    const uploads = await Promise.all(names.map((name) => site.make(name, 1)));
    const { track } = site.sandbox.counts();
    await sftp(
      site.server,
      names.map((name) => `put ${name}`),
      cwd(),
    );
    await Promise.all(names.map((name) => site.daemon.waitFor('drop.settled', (line) => line.name === name)));
    assert.deepEqual(
      uploads.flatMap((upload) => site.wrong(upload)),
      [],
    );
    assert.equal(site.sandbox.counts().track - track, 200);
    const paths = [...(await site.files()).keys()];
    for (const name of names) assert.equal(paths.filter((path) => basename(path) === name).length, 1, name);
  });

  it('are done once when two sessions write them to one name at the same time', async () => {
    const upload = await site.make('twice.csv', SLOW_ROWS);
    const { track } = site.sandbox.counts();
    await using first = new SftpSession(site.server, ['put twice.csv'], slowly());
    await grown(remote('twice.csv'), 5_000);
    await using second = new SftpSession(site.server, ['put twice.csv'], slowly());
    await Promise.all([first.done(), second.done()]);
    await site.settled('twice.csv');
    assert.deepEqual(site.wrong(upload), []);
    assert.equal(site.sandbox.counts().track - track, upload.wanted.length);
  });

  it('can be opened by operations once they are put away, with report and retry file, and by nobody else', async () => {
    const text = 'order_number,tracking_number\nnobody-has-it,1Z9\n';
    await writeFile(join(site.local, 'failing.csv'), text);
    const { reader, uploader, daemon } = site.machine.logins;
    await sftp(site.server, ['put failing.csv'], cwd());
    await site.daemon.waitFor('drop.settled', (line) => line.name === 'failing.csv');
    const failed = join(site.machine.data, 'failed');
    const names = (await readdir(failed)).filter((name) => name.startsWith('failing.')).sort();
    assert.deepEqual(names, ['failing.csv', 'failing.report.csv', 'failing.retry.csv']);
    const owner = Number(await run('id', '-u', daemon));
    for (const path of names.map((name) => join(failed, name))) {
      assert.ok((await runAs(reader, 'cat', path)).length > 0);
      await assert.rejects(run('setpriv', `--reuid=${uploader}`, '--clear-groups', '--', 'cat', path));
      const { uid, mode } = await stat(path);
      assert.deepEqual([uid, (mode & 0o777).toString(8)], [owner, '640']);
    }
  });

  describe('that Trackdrop may not read', () => {
    async function waitUntilStuck(name: string): Promise<string> {
      await site.daemon.waitFor('file.stuck', (line) => line.name === name);
      const said = await site.trackdrop('status');
      assert.match(said, new RegExp(`${site.machine.logins.uploader}.*mode 0600`));
      assert.match(said, /chmod g\+r/);
      return said;
    }

    async function assertTakenAfterChmod(name: string, upload: Upload, writesBefore: number): Promise<void> {
      assert.deepEqual(await readdir(site.machine.inbox), [name]);
      await chmod(remote(name), 0o640);
      await site.settled(name);
      await assertDone(name, upload, writesBefore);
      assert.doesNotMatch(await site.trackdrop('status'), new RegExp(name));
    }

    it('for the umask of the server stay, are named in status, and are taken once they can be read', async () => {
      await using server = await SftpServer.start(site.machine, { umask: '0077' });
      const upload = await site.make('private.csv', 2);
      const { track } = site.sandbox.counts();
      await sftp(server, ['put private.csv'], cwd());
      const said = await waitUntilStuck('private.csv');
      assert.match(said, /umask .*0027/);
      await assertTakenAfterChmod('private.csv', upload, track);
    });

    it('for the mode that the client sends, which no umask mends, too', async () => {
      const upload = await site.make('kept.csv', 2);
      await chmod(join(site.local, 'kept.csv'), 0o600);
      const { track } = site.sandbox.counts();
      await sftp(site.server, ['put kept.csv'], cwd());
      await waitUntilStuck('kept.csv');
      await assertTakenAfterChmod('kept.csv', upload, track);
    });

    it('for that mode are taken all the same where both are one user to the system', async () => {
      await using server = await SftpServer.start(site.machine, { login: await site.machine.makeTwin() });
      const upload = await site.make('own.csv', 2);
      await chmod(join(site.local, 'own.csv'), 0o600);
      const { track } = site.sandbox.counts();
      await sftp(server, ['put own.csv'], cwd());
      await site.settled('own.csv');
      await assertDone('own.csv', upload, track);
      assert.equal(await runAs(site.machine.logins.reader, 'cat', await site.pathOf('own.csv')), upload.text);
    });
  });
});
