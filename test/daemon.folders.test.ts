import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { numberEach } from './number-each.ts';
import { startDaemonProcess } from './processes/daemon-process.ts';
import { makeDataFolder } from './processes/data-folder.ts';
import type { LogLine } from './processes/log-lines.ts';
import { SHORT_TIMES } from './processes/short-times.ts';
import { RunningDaemon } from './running-daemon.ts';
import { mountSmallDisk, noMount } from './small-disk.ts';

const TWO_INBOXES = [{}, { name: 'other', folder: 'other' }];

function fileOf(daemon: RunningDaemon, count = 1): string {
  const orders = daemon.sandbox.generate(count, { shipped: true });
  return numberEach(orders);
}

/** Before any other write, however busy the machine: the rest of the drop comes after it. */
function onFirstWrite({ events }: RunningDaemon, act: () => void): void {
  const off = events.on('write.sent', () => {
    off();
    act();
  });
}

describe('A folder that goes away while the daemon runs', { concurrency: true }, () => {
  it('is said once where it is the inbox, keeps no other waiting, and is watched again when it is back', async () => {
    await using daemon = await RunningDaemon.start({ inboxes: TWO_INBOXES });
    const gone = daemon.next('inbox.unavailable');
    await rename(join(daemon.data, 'inbox'), join(daemon.data, 'away'));
    assert.match((await gone).message, /ENOENT/);
    assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon), 'other')).lines, ['2: tracked']);
    const back = daemon.next('inbox.available');
    await rename(join(daemon.data, 'away'), join(daemon.data, 'inbox'));
    await back;
    assert.deepEqual((await daemon.settle('a.csv', fileOf(daemon))).lines, ['2: tracked']);
    assert.equal(daemon.count('inbox.unavailable'), 1);
  });

  it('is made again where it is one of ours and empty', async () => {
    await using daemon = await RunningDaemon.start();
    await daemon.settle('a.csv', fileOf(daemon));
    for (const folder of ['working', 'processed', 'failed'])
      await rm(join(daemon.data, folder), { recursive: true, force: true });
    const { lines, folder } = await daemon.settle('b.csv', fileOf(daemon));
    assert.deepEqual(lines, ['2: tracked']);
    assert.match(folder, /^processed/);
  });

  it('is waited for where files of drops were in it: what was read is pushed, and all goes on when it is back', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 50 } });
    const working = join(daemon.data, 'working');
    const away = join(daemon.data, 'away');
    const stuck = daemon.next('drop.stuck', ({ name }) => name === 'a.csv');
    onFirstWrite(daemon, () => renameSync(working, away));
    await daemon.drop('a.csv', fileOf(daemon, 20));
    assert.match((await stuck).message, /working is not there, and files of drops were in it/);
    assert.equal(daemon.sandbox.counts().track, 20);
    const isHeldUp = daemon.next('drop.stuck', ({ name }) => name === 'b.csv');
    await daemon.drop('b.csv', fileOf(daemon));
    await isHeldUp;
    const both = ['a.csv', 'b.csv'].map((file) => daemon.next('drop.settled', ({ name }) => name === file));
    await rename(away, working);
    await Promise.all(both);
    assert.equal(daemon.count('drop.vanished'), 0);
    assert.equal(daemon.count('drop.stuck'), 2);
    assert.equal(daemon.sandbox.counts().track, 21);
  });

  it('takes its files along once somebody makes it again: that they are gone is said, and others come', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 50 } });
    const working = join(daemon.data, 'working');
    const stuck = daemon.next('drop.stuck');
    onFirstWrite(daemon, () => rmSync(working, { recursive: true }));
    await daemon.drop('a.csv', fileOf(daemon, 20));
    await stuck;
    const vanished = daemon.next('drop.vanished');
    await mkdir(working);
    assert.equal((await vanished).name, 'a.csv');
    assert.equal(daemon.sandbox.counts().track, 20);
    assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon))).lines, ['2: tracked']);
  });

  it('takes a file along that was not read yet where the next start finds no folder', async () => {
    await using daemon = await RunningDaemon.prepare();
    daemon.events.on('drop.claimed', ({ name }) => {
      if (name === 'a.csv') rmSync(join(daemon.data, 'working'), { recursive: true });
    });
    const stuck = daemon.next('drop.stuck');
    await daemon.start();
    await daemon.drop('a.csv', fileOf(daemon));
    await stuck;
    await daemon.stop();
    await daemon.start();
    assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon))).lines, ['2: tracked']);
  });

  it('gives up a file that somebody took out of it, and holds up none that comes after it', async () => {
    await using daemon = await RunningDaemon.prepare();
    daemon.events.on('drop.claimed', ({ drop, name }) => {
      if (name === 'a.csv') rmSync(join(daemon.data, 'working', drop), { recursive: true });
    });
    await daemon.start();
    const vanished = daemon.next('drop.vanished');
    await daemon.drop('a.csv', fileOf(daemon));
    assert.equal((await vanished).name, 'a.csv');
    assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon))).lines, ['2: tracked']);
  });

  it('is waited for where it was a mount: nothing is put into the folder below it', {
    skip: noMount(),
  }, async () => {
    await using daemon = await RunningDaemon.prepare({ inboxes: TWO_INBOXES });
    const working = join(daemon.data, 'working');
    const elsewhere = join(daemon.data, 'elsewhere');
    for (const folder of [working, elsewhere]) await mkdir(folder);
    using _disk = mountSmallDisk(elsewhere, 4);
    {
      using _working = bind(elsewhere, working);
      await daemon.start();
    }
    const stuck = daemon.next('drop.stuck');
    await daemon.drop('a.csv', fileOf(daemon));
    assert.match((await stuck).message, /nothing is mounted at .*working any more/);
    assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon), 'other')).lines, ['2: tracked']);
    assert.ok((await daemon.files()).includes('inbox/a.csv'));
    const settled = daemon.next('drop.settled');
    using _again = bind(elsewhere, working);
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked']);
    await daemon.stop();
  });
});

const NOBODY = { uid: 65_534, gid: 65_534 };

describe('A folder that may not be entered for a while', {
  concurrency: true,
  skip: process.getuid?.() === 0 ? false : 'only root can run the daemon as somebody else',
}, () => {
  it('is said once, whichever it is, and everything goes on when it may', async () => {
    await using shop = await startSandbox();
    await using data = await makeDataFolder(shop, SHORT_TIMES);
    await chmod(data.path, 0o777);
    for (const each of [data.inbox, data.working, data.processed]) {
      await mkdir(each, { recursive: true });
      await chown(each, NOBODY.uid, NOBODY.gid);
    }
    await using daemon = startDaemonProcess({ config: data.config, user: NOBODY });
    await daemon.waitFor('inbox.watching');
    for (const [folder, event] of [
      ['inbox', 'inbox.unavailable'],
      ['working', 'drop.stuck'],
      ['processed', 'drop.stuck'],
    ] as const) {
      const name = `${folder}.csv`;
      const orders = shop.generate(3, { shipped: true });
      await chmod(data[folder], 0o000);
      await data.drop(new Map([[name, numberEach(orders)]]));
      const saysSo = ({ msg }: LogLine) => msg.includes(`${data[folder]} has owner`);
      const { msg } = await daemon.waitFor(event, saysSo);
      assert.match(
        msg,
        /EACCES: \S+ has owner .*, mode 0000, and this user, .* may not use it\. Let it list/,
      );
      await chmod(data[folder], 0o755);
      await daemon.waitFor('drop.settled', (line) => line.name === name);
      assert.deepEqual(
        orders.map((order) => shop.tracks().filter((track) => track.order === order).length),
        [1, 1, 1],
      );
      assert.equal(daemon.log.all.filter((line) => line.event === event && saysSo(line)).length, 1);
    }
  });
});

describe('An inbox whose mount goes away', { skip: noMount() }, () => {
  it('is said once, though the folder below it looks sound, and is watched again when it is back', async () => {
    await using daemon = await RunningDaemon.prepare();
    const inbox = join(daemon.data, 'inbox');
    const elsewhere = join(daemon.data, 'elsewhere');
    await mkdir(elsewhere);
    using _disk = mountSmallDisk(elsewhere, 4);
    const gone = daemon.next('inbox.unavailable');
    {
      using _inbox = bind(elsewhere, inbox);
      await daemon.start();
    }
    assert.match((await gone).message, /nothing is mounted at .*inbox any more/);
    const back = daemon.next('inbox.available');
    using _again = bind(elsewhere, inbox);
    await back;
    assert.deepEqual((await daemon.settle('a.csv', fileOf(daemon))).lines, ['2: tracked']);
    assert.equal(daemon.count('inbox.unavailable'), 1);
    await daemon.stop();
  });
});

/** Shows a folder at another place as well, until it is disposed of. */
function bind(folder: string, at: string): Disposable {
  execFileSync('mount', ['--bind', folder, at], { stdio: 'pipe' });
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', at], { stdio: 'pipe' }) };
}

/** Holds a file as another program does on a share, so that it can be read and not be moved. */
function hold(file: string): Disposable {
  execFileSync('chattr', ['+i', file], { stdio: 'pipe' });
  return { [Symbol.dispose]: () => void execFileSync('chattr', ['-i', file], { stdio: 'pipe' }) };
}

/** Why no file can be held here; false where one can. */
function noHold(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'trackdrop-hold-'));
  try {
    hold(folder)[Symbol.dispose]();
    return false;
  } catch (error) {
    return `no file can be held here: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    rmdirSync(folder);
  }
}

describe('A file that another program holds', { skip: noHold() }, () => {
  it('stays, stops no other, and is taken once it is let go', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { stableForMs: 400 } });
    const inbox = join(daemon.data, 'inbox', 'held.csv');
    const outside = join(daemon.data, 'outside');
    await writeFile(outside, fileOf(daemon));
    const stuck = daemon.next('file.stuck');
    await rename(outside, inbox);
    {
      using _held = hold(inbox);
      assert.match((await stuck).message, /EPERM/);
      assert.deepEqual((await daemon.settle('b.csv', fileOf(daemon))).lines, ['2: tracked']);
    }
    const settled = await daemon.next('drop.settled', ({ name }) => name === 'held.csv');
    assert.deepEqual((await daemon.report(settled)).lines, ['2: tracked']);
    assert.equal(daemon.count('file.stuck'), 1);
  });
});
