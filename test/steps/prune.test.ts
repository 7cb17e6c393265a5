import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { KeepConfig } from '../../src/config/config.ts';
import { FolderError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { prune } from '../../src/steps/prune.ts';
import { HandClock } from '../intake/hand-clock.ts';
import { ledgerFolder } from '../ledger/folder.ts';
import { enterDrop, enterKeys, type SmallDrop } from '../ledger/small-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = new HandClock();
/** What HandClock shows: 2026-11-22 00:00 UTC. */
const NOW_MS = NOW.nowMs();
const ago = (days: number) => NOW_MS - days * DAY_MS;
const FOR_EVER: KeepConfig = { processedMs: null, ledgerMs: null, failedMs: null };

/** A data folder with a ledger, and what pruning did to it. */
async function household(begun: Clock = NOW) {
  const folder = await ledgerFolder();
  const ledger = openLedger(folder.file, undefined, begun);
  const at = (path: string) => join(folder.path, path);
  const stop = new AbortController();
  /** Said of a folder whose mount is gone. */
  const gone: string[] = [];
  const mounts = {
    require: async (to = '') => {
      if (gone.some((folder) => to.startsWith(folder)))
        throw new FolderError('mount-gone', 'nothing is mounted any more');
    },
  };
  return {
    ledger,
    at,
    stop,
    loseMount: (path: string) => void gone.push(at(path)),
    async put(...paths: readonly string[]) {
      for (const path of paths) {
        await mkdir(dirname(at(path)), { recursive: true });
        await writeFile(at(path), path);
      }
    },
    /** A settled drop with its files. */
    async settled(drop: SmallDrop & { readonly folder: string; readonly settledAtMs: number }) {
      await this.put(`${drop.folder}/${drop.id}.csv`, `${drop.folder}/${drop.id}.report.csv`);
      return enterDrop(ledger, { ...drop, folder: at(drop.folder) });
    },
    async prune(keep: Partial<KeepConfig>, clock: Clock = NOW) {
      const events = new Events();
      const told: unknown[] = [];
      events.onAny((name, facts) => told.push([name, facts]));
      const inbox = { processed: at('processed'), failed: at('failed') };
      const config = { keep: { ...FOR_EVER, ...keep }, inboxes: [inbox] } as unknown as Parameters<
        typeof prune
      >[0];
      await prune(config, { ledger, events, clock, signal: stop.signal, mounts });
      return told;
    },
    /** Everything in the folders but the ledger, by its path. */
    async files() {
      const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('trackdrop.db'))
        .map((entry) => relative(folder.path, join(entry.parentPath, entry.name)))
        .sort();
    },
    ask(sql: string) {
      using db = new DatabaseSync(folder.file, { readOnly: true });
      return db
        .prepare(sql)
        .all()
        .map((row) => Object.values(row).join(' '));
    },
    async [Symbol.asyncDispose]() {
      ledger[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const TRACKED = { outcome: 'tracked', message: 'ok' } as const;
const ROWS = [['100', 'A']] as const;

describe('Files that are older than is kept', () => {
  it('go from the days that are over, with their reports, and the days with them', async () => {
    await using house = await household();
    await house.settled({ id: 'old', rows: ROWS, settledAtMs: ago(100), folder: 'processed/2026-08-14' });
    await house.settled({ id: 'young', rows: ROWS, settledAtMs: ago(80), folder: 'processed/2026-09-03' });
    assert.deepEqual(await house.prune({ processedMs: 90 * DAY_MS }), [
      ['ledger.pruned', { files: 2, drops: 0, rows: 0 }],
    ]);
    assert.deepEqual(await house.files(), [
      'processed/2026-09-03/young.csv',
      'processed/2026-09-03/young.report.csv',
    ]);
    assert.deepEqual(await readdir(house.at('processed')), ['2026-09-03']);
  });

  it('stay for ever where nothing says how long they are kept', async () => {
    await using house = await household();
    await house.settled({ id: 'old', rows: ROWS, settledAtMs: ago(4_000), folder: 'processed/2015-12-10' });
    await house.settled({ id: 'bad', rows: ROWS, settledAtMs: ago(4_000), folder: 'failed' });
    assert.deepEqual(await house.prune({}), []);
    assert.equal((await house.files()).length, 4);
  });

  it('stay where they are not ours: a file without a report, a folder, a link and what it leads to', async () => {
    await using house = await household();
    const day = 'processed/2026-01-01';
    await house.put(`${day}/theirs.csv`, `${day}/notes.txt`, `${day}/deep/a.csv`, 'elsewhere/b.csv');
    await house.put(`${day}/lost.csv`, `${day}/lost.report.csv`, `${day}/lost.retry.csv`);
    await symlink(house.at('elsewhere/b.csv'), house.at(`${day}/c.csv`));
    await symlink(house.at('elsewhere/b.csv'), house.at(`${day}/c.report.csv`));
    await mkdir(house.at('elsewhere/2025-01-01'));
    await symlink(house.at('elsewhere'), house.at('processed/2025-01-01'));
    await house.put('processed/other/x.csv', 'processed/other/x.report.csv');
    assert.deepEqual(await house.prune({ processedMs: DAY_MS }), [
      ['ledger.pruned', { files: 3, drops: 0, rows: 0 }],
    ]);
    assert.deepEqual(await house.files(), [
      'elsewhere/b.csv',
      'processed/2025-01-01',
      `${day}/c.csv`,
      `${day}/c.report.csv`,
      `${day}/deep/a.csv`,
      `${day}/notes.txt`,
      `${day}/theirs.csv`,
      'processed/other/x.csv',
      'processed/other/x.report.csv',
    ]);
  });

  it('stay in the folder of an old day where the ledger says that they came later', async () => {
    await using house = await household();
    await house.settled({ id: 'late', rows: ROWS, settledAtMs: ago(1), folder: 'processed/2020-01-01' });
    assert.deepEqual(await house.prune({ processedMs: 90 * DAY_MS }), []);
    assert.equal((await house.files()).length, 2);
  });

  it('stay until their day is over everywhere', async () => {
    await using house = await household();
    await house.settled({ id: 'day', rows: ROWS, settledAtMs: ago(2), folder: 'processed/2026-11-20' });
    assert.deepEqual(await house.prune({ processedMs: DAY_MS }), []);
    await house.prune({ processedMs: DAY_MS / 2 - 1 });
    assert.deepEqual(await house.files(), []);
  });

  it('go from failed/ only where it is to be emptied, and only those of the ledger', async () => {
    await using house = await household();
    await house.settled({ id: 'bad', rows: ROWS, settledAtMs: ago(100), folder: 'failed' });
    await house.settled({ id: 'new', rows: ROWS, settledAtMs: ago(1), folder: 'failed' });
    await house.put('failed/bad.retry.csv', 'failed/unknown.csv', 'failed/unknown.report.csv');
    assert.deepEqual(await house.prune({ failedMs: 90 * DAY_MS }), [
      ['ledger.pruned', { files: 3, drops: 0, rows: 0 }],
    ]);
    assert.deepEqual(await house.files(), [
      'failed/new.csv',
      'failed/new.report.csv',
      'failed/unknown.csv',
      'failed/unknown.report.csv',
    ]);
  });

  it('are named where their folder cannot be listed, and the rest goes on', async () => {
    await using house = await household();
    await writeFile(house.at('processed'), 'no folder');
    enterDrop(house.ledger, { id: 'old', rows: ROWS, settledAtMs: ago(500), folder: house.at('gone') });
    assert.partialDeepStrictEqual(await house.prune({ processedMs: DAY_MS, ledgerMs: DAY_MS }), [
      ['ledger.unpruned', { folder: house.at('processed') }],
      ['ledger.pruned', { files: 0, drops: 1, rows: 1 }],
    ]);
  });
});

describe('A clock that leapt', () => {
  const HOUR_MS = DAY_MS / 24;
  const clockAt = (ms: number) => new HandClock(ms);
  /** What a daemon has that pruned a day ago, and files that are too old by a clock that is years ahead. */
  async function leapt() {
    const house = await household();
    await house.settled({ id: 'day', rows: ROWS, settledAtMs: ago(1), folder: 'processed/2026-11-21' });
    await house.settled({ id: 'bad', rows: ROWS, settledAtMs: ago(1), folder: 'failed' });
    return house;
  }
  const ALL = { processedMs: 90 * DAY_MS, failedMs: 90 * DAY_MS, ledgerMs: 90 * DAY_MS };
  const YEARS_MS = 4_000 * DAY_MS;

  it('removes nothing, and is named', async () => {
    await using house = await leapt();
    const at = clockAt(NOW_MS + YEARS_MS);
    assert.deepEqual(await house.prune(ALL, at), [
      ['ledger.clock-doubted', { knownMs: NOW_MS, nowMs: at.nowMs() }],
    ]);
    assert.equal((await house.files()).length, 4);
    assert.deepEqual(house.ask('SELECT id FROM drops ORDER BY id'), ['bad', 'day']);
  });

  it('is doubted at each start of its first day, also once something was settled by it', async () => {
    await using house = await leapt();
    await house.prune(ALL, clockAt(NOW_MS + YEARS_MS));
    await house.settled({
      id: 'new',
      rows: ROWS,
      settledAtMs: NOW_MS + YEARS_MS,
      folder: 'processed/2037-11-05',
    });
    assert.partialDeepStrictEqual(await house.prune(ALL, clockAt(NOW_MS + YEARS_MS + HOUR_MS)), [
      ['ledger.clock-doubted', {}],
    ]);
    assert.equal((await house.files()).length, 6);
  });

  it('is believed once it has gone on for a day, as where the machine was off for long', async () => {
    await using house = await leapt();
    await house.prune(ALL, clockAt(NOW_MS + YEARS_MS));
    assert.deepEqual(await house.prune(ALL, clockAt(NOW_MS + YEARS_MS + DAY_MS)), [
      ['ledger.clock-believed', {}],
      ['ledger.pruned', { files: 4, drops: 2, rows: 2 }],
    ]);
  });

  it('has done nothing once it is set right', async () => {
    await using house = await leapt();
    await house.prune(ALL, clockAt(NOW_MS + YEARS_MS));
    assert.deepEqual(await house.prune(ALL, clockAt(NOW_MS + DAY_MS)), [['ledger.clock-believed', {}]]);
    assert.partialDeepStrictEqual(await house.prune(ALL, clockAt(NOW_MS + YEARS_MS)), [
      ['ledger.clock-doubted', {}],
    ]);
    assert.equal((await house.files()).length, 4);
  });
});

describe('A mount that is gone', () => {
  it('has the ledger forget none of the drops whose files are on it, and is named once', async () => {
    await using house = await household();
    for (const id of ['one', 'two'])
      enterDrop(house.ledger, {
        id,
        rows: ROWS,
        settledAtMs: ago(500),
        folder: house.at('processed/2025-01-01'),
      });
    enterDrop(house.ledger, { id: 'else', rows: ROWS, settledAtMs: ago(500), folder: house.at('failed') });
    house.loseMount('processed');
    assert.partialDeepStrictEqual(await house.prune({ processedMs: DAY_MS, ledgerMs: DAY_MS }), [
      ['ledger.unpruned', { folder: house.at('processed') }],
      ['ledger.pruned', { files: 0, drops: 1, rows: 1 }],
    ]);
    assert.deepEqual(house.ask('SELECT id FROM drops ORDER BY seq'), ['one', 'two']);
  });
});

describe('The ledger', () => {
  it('forgets drops that are older than is kept, with their rows, keys and writes', async () => {
    await using house = await household();
    const gone = house.at('gone');
    const many = Array.from({ length: 1_100 }, (_, at) => [`${at}`, `N${at}`] as const);
    enterDrop(house.ledger, { id: 'old', rows: many, ends: [TRACKED], settledAtMs: ago(500), folder: gone });
    enterDrop(house.ledger, { id: 'young', rows: ROWS, ends: [TRACKED], settledAtMs: ago(3), folder: gone });
    enterKeys(house.ledger);
    assert.deepEqual(await house.prune({ ledgerMs: 400 * DAY_MS }), [
      ['ledger.pruned', { files: 0, drops: 1, rows: 1_100 }],
    ]);
    assert.deepEqual(house.ask('SELECT id FROM drops'), ['young']);
    assert.deepEqual(house.ask('SELECT count(*) FROM rows'), ['1']);
    assert.deepEqual(house.ask('SELECT key FROM row_keys'), ['100', 'a']);
    assert.deepEqual(house.ask('SELECT drop_seq FROM writes'), ['2']);
  });

  it('keeps a drop whose files lie where they were put, however old it is', async () => {
    await using house = await household();
    await house.settled({ id: 'kept', rows: ROWS, settledAtMs: ago(500), folder: 'failed' });
    assert.deepEqual(await house.prune({ ledgerMs: 400 * DAY_MS }), []);
    assert.deepEqual(house.ask('SELECT id FROM drops'), ['kept']);
    await house.prune({ ledgerMs: 400 * DAY_MS, failedMs: 400 * DAY_MS });
    assert.deepEqual(house.ask('SELECT id FROM drops'), []);
  });

  it('keeps what is not settled, what moves, and what may still be written to', async () => {
    await using house = await household();
    enterDrop(house.ledger, { id: 'open', rows: ROWS });
    for (const id of ['moving', 'witnessed', 'plain'])
      enterDrop(house.ledger, { id, rows: ROWS, settledAtMs: ago(500), folder: house.at('gone') });
    {
      using db = new DatabaseSync(house.at('trackdrop.db'));
      db.exec(`UPDATE drops SET moves_in = 'there' WHERE id = 'moving';
               UPDATE drops SET witness = '{}' WHERE id = 'witnessed'`);
    }
    await house.prune({ ledgerMs: 400 * DAY_MS });
    assert.deepEqual(house.ask('SELECT id FROM drops ORDER BY seq'), ['open', 'moving', 'witnessed']);
  });

  it('keeps the drop from which a kept one came back, and forgets both once both are old', async () => {
    await using house = await household();
    const gone = house.at('gone');
    const first = enterDrop(house.ledger, { id: 'first', rows: ROWS, settledAtMs: ago(500), folder: gone });
    const retry = enterDrop(house.ledger, { id: 'retry', rows: ROWS, settledAtMs: ago(300), folder: gone });
    house.ledger.originals.keep(retry.seq, [
      { line: 2, original: { dropSeq: first.seq, line: 2, fields: [] } },
    ]);
    assert.deepEqual(await house.prune({ ledgerMs: 400 * DAY_MS }), []);
    assert.deepEqual(await house.prune({ ledgerMs: 200 * DAY_MS }), [
      ['ledger.pruned', { files: 0, drops: 2, rows: 2 }],
    ]);
    assert.deepEqual(house.ask('SELECT * FROM origins'), []);
  });

  it('keeps an upload that broke off while the whole one is under way, and forgets both once both are old', async () => {
    await using house = await household();
    const folder = house.at('gone');
    const ends = [{ outcome: 'order-not-found', message: 'no such order' }] as const;
    const half = enterDrop(house.ledger, { id: 'half', rows: ROWS, ends, settledAtMs: ago(500), folder });
    const whole = enterDrop(house.ledger, { id: 'whole', rows: ROWS, ends: [TRACKED] });
    house.ledger.beginnings.keep(whole, [{ seq: half.seq, bytes: 5, sha256: 'abc' }]);
    assert.deepEqual(await house.prune({ ledgerMs: 400 * DAY_MS }), []);
    house.ledger.drops.chooseStem(whole, 'whole.csv', folder);
    for (const _ of house.ledger.redone.markInPages(whole));
    house.ledger.drops.markSettled(whole, ago(450));
    house.ledger.redone.markMoved(half, { folder, file: 'half.csv' });
    // The later one is looked at first, and then nothing refers to the earlier one any more.
    await house.prune({ ledgerMs: 400 * DAY_MS });
    assert.deepEqual(house.ask('SELECT id FROM drops'), []);
    assert.deepEqual(house.ask('SELECT * FROM beginnings'), []);
  });

  it('forgets a drop and the retry file that has done it once both are old', async () => {
    await using house = await household();
    const folder = house.at('gone');
    const ends = [{ outcome: 'order-not-found', message: 'no such order' }] as const;
    const day = enterDrop(house.ledger, { id: 'day', rows: ROWS, ends, settledAtMs: ago(500), folder });
    const retry = enterDrop(house.ledger, {
      id: 'retry',
      rows: ROWS,
      ends: [TRACKED],
      settledAtMs: ago(450),
      folder,
    });
    house.ledger.originals.keep(retry.seq, [
      { line: 2, original: { dropSeq: day.seq, line: 2, fields: [] } },
    ]);
    for (const _ of house.ledger.redone.markInPages(retry));
    await house.prune({ ledgerMs: 400 * DAY_MS });
    assert.deepEqual(house.ask('SELECT id FROM drops ORDER BY seq'), ['day', 'retry']);
    house.ledger.redone.markMoved(day, { folder, file: 'day.csv' });
    await house.prune({ ledgerMs: 400 * DAY_MS });
    assert.deepEqual(house.ask('SELECT id FROM drops'), []);
  });

  it('goes through all that is old, a page of drops after the other', async () => {
    await using house = await household();
    const gone = house.at('gone');
    for (let at = 0; at < 250; at += 1)
      enterDrop(house.ledger, { id: `d${at}`, rows: ROWS, settledAtMs: ago(500), folder: gone });
    await house.settled({ id: 'kept', rows: ROWS, settledAtMs: ago(500), folder: 'failed' });
    assert.deepEqual(await house.prune({ ledgerMs: 400 * DAY_MS }), [
      ['ledger.pruned', { files: 0, drops: 250, rows: 250 }],
    ]);
  });

  it('lets other work have its turn between two pages, and leaves off when it is asked to stop', async () => {
    await using house = await household();
    const many = Array.from({ length: 5_000 }, (_, at) => [`${at}`, `N${at}`] as const);
    enterDrop(house.ledger, { id: 'old', rows: many, settledAtMs: ago(500), folder: house.at('gone') });
    let turns = 0;
    const count = () => {
      turns += 1;
      if (turns === 3) house.stop.abort();
      else setImmediate(count);
    };
    setImmediate(count);
    await house.prune({ ledgerMs: 400 * DAY_MS });
    const [left] = house.ask('SELECT count(*) FROM rows');
    assert.ok(Number(left) > 0 && Number(left) < 5_000, `${left}`);
    assert.deepEqual(house.ask('SELECT id FROM drops'), ['old']);
  });
});
