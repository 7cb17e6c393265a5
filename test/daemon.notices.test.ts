import assert from 'node:assert/strict';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { NoticeKind } from '../src/domain/notice.ts';
import { Events } from '../src/events.ts';
import { readNotices } from '../src/ledger/notices.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { NoticeBoard } from '../src/steps/notice-board.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** `kind inbox/name`, in the order of `status`. */
function noticed(daemon: RunningDaemon): string[] {
  const found = readNotices(join(daemon.data, 'trackdrop.db'), 100, systemClock.wallMs()) ?? [];
  return found.flatMap(({ newest }) => newest.map(({ kind, inbox, name }) => `${kind} ${inbox}/${name}`));
}

function messageOf(daemon: RunningDaemon, kind: NoticeKind): string {
  const found = readNotices(join(daemon.data, 'trackdrop.db'), 100, systemClock.wallMs()) ?? [];
  return found.find((each) => each.kind === kind)?.newest[0]?.message ?? '';
}

/** Waits until that is what is kept, as the ledger commits at the end of a turn; fails where it never is. */
async function assertNoticed(daemon: RunningDaemon, expected: readonly string[]): Promise<void> {
  const isOver = AbortSignal.timeout(60_000);
  while (noticed(daemon).join() !== expected.join() && !isOver.aborted) await systemClock.sleep(5);
  assert.deepEqual(noticed(daemon), expected);
}

/** Starts the daemon with a file where `processed/` belongs, drops `a.csv`, and returns the drop that cannot go there. */
async function stickBeforeProcessed(daemon: RunningDaemon): Promise<string> {
  const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
  await writeFile(join(daemon.data, 'processed'), 'in the way');
  await daemon.start();
  const stuck = daemon.next('drop.stuck');
  await daemon.drop('a.csv', plainFile([order, 'A1']));
  return (await stuck).drop;
}

describe('What is wrong in the folders', { concurrency: true }, () => {
  it('is kept for those who ask while it is so: an inbox that is away', async () => {
    await using daemon = await RunningDaemon.start();
    const away = daemon.next('inbox.unavailable');
    await rename(join(daemon.data, 'inbox'), join(daemon.data, 'elsewhere'));
    await away;
    await assertNoticed(daemon, ['inbox-unavailable main/']);
    const back = daemon.next('inbox.available');
    await mkdir(join(daemon.data, 'inbox'));
    await back;
    await assertNoticed(daemon, []);
  });

  it('is kept while it is so: a folder that takes no file', async () => {
    await using daemon = await RunningDaemon.prepare();
    const drop = await stickBeforeProcessed(daemon);
    await assertNoticed(daemon, [`drop-stuck main/${drop}/a.csv`]);
    const settled = daemon.next('drop.settled');
    await rm(join(daemon.data, 'processed'));
    await settled;
    await assertNoticed(daemon, []);
    assert.equal(daemon.count('drop.unstuck'), 1);
  });

  it('is kept while it is so: a folder in working of which nothing says which file was dropped', async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const id = '20261101-000000-abcdef';
    const folder = join(daemon.data, 'working', id);
    await mkdir(folder, { recursive: true });
    for (const name of ['a.csv', 'b.csv']) await writeFile(join(folder, name), '');
    await daemon.start();
    await assertNoticed(daemon, [`file-stuck main/working/${id}`]);
    await daemon.settle('a.csv', plainFile([order, 'A1']));
    await assertNoticed(daemon, [`file-stuck main/working/${id}`]);
    await rm(join(folder, 'b.csv'));
    await assertNoticed(daemon, []);
  });

  it('is kept until the file is taken: one that may not be all there', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { unfinishedForMs: 1_000 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const awaited = daemon.next('file.awaited');
    const settled = daemon.next('drop.settled');
    await daemon.drop('half.csv', plainFile([order, 'A1']).trimEnd());
    await awaited;
    await assertNoticed(daemon, ['file-awaited main/half.csv']);
    assert.match(messageOf(daemon, 'file-awaited'), /^ends in the middle of a line; taken at 20\d\d-.* UTC/);
    await settled;
    await assertNoticed(daemon, []);
  });

  it('is kept while it is so: a folder of waiting rows that is away', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { waitFor: { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 100 } },
    });
    const waits = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile(['900', '1Z2']));
    const { drop } = await waits;
    const [waiting, away] = [join(daemon.data, 'waiting'), join(daemon.data, 'away')];
    const stuck = daemon.next('drop.stuck');
    await rename(waiting, away);
    await stuck;
    await assertNoticed(daemon, [`drop-stuck main/${drop}/day.waiting.csv`]);
    const unstuck = daemon.next('drop.unstuck');
    await rm(waiting, { recursive: true, force: true });
    await rename(away, waiting);
    await unstuck;
    await assertNoticed(daemon, []);
  });

  it('is kept until its file is taken away: a drop that nothing can be done with', async () => {
    await using daemon = await RunningDaemon.prepare();
    const drop = await stickBeforeProcessed(daemon);
    await assertNoticed(daemon, [`drop-stuck main/${drop}/a.csv`]);
    const vanished = daemon.next('drop.vanished');
    await rm(join(daemon.data, 'working', drop), { recursive: true, maxRetries: 20, retryDelay: 20 });
    await vanished;
    await assertNoticed(daemon, [`drop-taken main/${drop}/a.csv`]);
  });

  it('is kept until it is moved: a drop whose failed rows are done', async () => {
    await using daemon = await RunningDaemon.start();
    const failed = await daemon.settle('a.csv', plainFile(['900', '1Z2']));
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });
    // In the way of each report that the move may write.
    const inTheWay = async (day: string) => {
      const path = join(daemon.data, 'processed', day, `.redone-${failed.drop}`);
      await mkdir(path, { recursive: true });
      return path;
    };
    const nowMs = systemClock.wallMs();
    const days = [0, 1].map((later) => new Date(nowMs + later * 86_400_000).toISOString().slice(0, 10));
    const paths = await Promise.all(days.map(inTheWay));
    const stuck = daemon.next('drop.stuck');
    await daemon.settle('b.csv', plainFile(['900', '1Z2']));
    await stuck;
    await assertNoticed(daemon, [`drop-stuck main/${failed.drop}/a.csv`]);
    for (const path of paths) await rm(path, { recursive: true });
    const redone = daemon.next('drop.redone');
    await daemon.settle('c.csv', plainFile(['900', '1Z3']));
    await redone;
    await assertNoticed(daemon, []);
  });

  it('begins anew with each start', async () => {
    await using daemon = await RunningDaemon.start();
    await daemon.stop();
    const file = join(daemon.data, 'trackdrop.db');
    using db = new DatabaseSync(file);
    db.exec(`INSERT INTO notices VALUES ('file-stuck', 'main', 'old.csv', 'x', 1)`);
    assert.deepEqual(noticed(daemon), ['file-stuck main/old.csv']);
    await daemon.start();
    await assertNoticed(daemon, []);
  });
});

describe('Files that were there long before the first start', { concurrency: true }, () => {
  const DAY_MS = 86_400_000;
  /** A machine on which it is `days` later than by the file system's clock. */
  const later = (days: number) => ({ ...systemClock, wallMs: () => systemClock.wallMs() + days * DAY_MS });

  for (const once of [false, true]) {
    it(`are named and left alone${once ? ' by a run that ends by itself' : ''}, also after a restart`, async () => {
      await using daemon = await RunningDaemon.prepare({
        once,
        clock: later(15),
        inbox: { ignoreOlderThanMs: 14 * DAY_MS },
      });
      const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
      await daemon.drop('old.csv', plainFile([order, 'A1']));
      for (let start = 1; start <= 2; start += 1) {
        const untaken = daemon.next('file.untaken');
        await daemon.start();
        assert.equal((await untaken).kind, 'old');
        if (once) await daemon.ended();
        await assertNoticed(daemon, ['file-ignored main/old.csv']);
        if (!once) await daemon.stop();
      }
      assert.equal(daemon.count('drop.claimed'), 0);
      assert.deepEqual(await daemon.files(), ['inbox/old.csv']);
    });
  }

  it('are taken where the history is older than they are', async () => {
    await using daemon = await RunningDaemon.prepare({ inbox: { ignoreOlderThanMs: 14 * DAY_MS } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const settled = daemon.next('drop.settled');
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await daemon.start();
    await settled;
    assert.deepEqual(daemon.standing(order), ['A1']);
  });
});

describe('A file that an uploader’s umask closes to us', { concurrency: 4 }, () => {
  it('is named with owner, mode and what to change, taken once that is changed, and told no more', {
    skip: process.getuid?.() === 0 ? false : 'only root can be somebody else for a while',
  }, async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const path = join(daemon.data, 'inbox', 'a.csv');
    await writeFile(path, plainFile([order, 'A1']), { mode: 0o600 });
    for (const folder of ['', 'inbox']) await chmod(join(daemon.data, folder), 0o777);
    process.seteuid?.(65534);
    try {
      const stuck = daemon.next('file.stuck');
      await daemon.start();
      await stuck;
      await assertNoticed(daemon, ['file-stuck main/a.csv']);
      assert.match(
        messageOf(daemon, 'file-stuck'),
        /it has owner root \(0\), group root \(0\), mode 0600: EACCES.* chgrp it to a group that .*nobody \(65534\), is in and chmod g\+r/,
      );
      process.seteuid?.(0);
      await chmod(path, 0o644);
      process.seteuid?.(65534);
      await daemon.next('drop.settled');
      await assertNoticed(daemon, []);
      assert.deepEqual(daemon.standing(order), ['A1']);
      await daemon.stop();
    } finally {
      process.seteuid?.(0);
    }
    assert.equal((await stat(daemon.data)).uid, 0);
  });
});

describe('A notice that cannot be written', { concurrency: 4 }, () => {
  /** The bugs that are told where the ledger refuses every notice like this. */
  async function bugsAfter(errcode: number): Promise<number> {
    const error = Object.assign(new Error('refused'), { code: 'ERR_SQLITE_ERROR', errcode });
    const events = new Events();
    let bugs = 0;
    events.on('bug', () => {
      bugs += 1;
    });
    const notices = { say: () => {}, clear: () => {}, clearAll: () => {} };
    const ledger = { notices, together: () => Promise.reject(error) };
    await using _board = new NoticeBoard({ ledger, events, clock: systemClock, timezone: 'UTC' });
    events.emit('inbox.unavailable', { inbox: 'main', folder: '/inbox', message: 'gone' });
    await systemClock.sleep(0);
    return bugs;
  }

  it('is lost on a disk that is full or broken, and nothing else with it', async () => {
    for (const full of [13, 10, 8]) assert.equal(await bugsAfter(full), 0);
  });

  it('is a bug where the statement is at fault', async () => {
    assert.ok((await bugsAfter(19)) > 0);
  });
});
