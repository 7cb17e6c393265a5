import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import { BEFORE_ROWS, type FileRecord, type Row } from '../../src/domain/row.ts';
import type { DropLayout } from '../../src/intake/reading/layout.ts';
import { readHeartbeat, startHeartbeat } from '../../src/ledger/heartbeat.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { isWriterLockHeld, takeWriterLock } from '../../src/ledger/lock.ts';
import { SCHEMA_STEPS } from '../../src/ledger/schema.ts';
import { inTransaction } from '../../src/ledger/transaction.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { NO_AIMS, shipAll } from '../domain/orders.ts';

let folder: string;
let file: string;
let ledger: Ledger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-ledger-'));
  file = join(folder, 'data', 'trackdrop.db');
  ledger = openLedger(file);
});

afterEach(async () => {
  ledger[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

let claims = 0;
function claim(name = 'day.csv', store = 'main'): Drop {
  claims += 1;
  const drop = ledger.drops.begin({
    id: `d${claims}`,
    inbox: 'main',
    store,
    name,
    bytes: 10,
    claimedAtMs: claims,
  });
  ledger.drops.markRead(drop, { sha256: 'x', bytes: 10, layout: '{}' });
  return ledger.drops.current(drop);
}

function record(line: number, orderNumber: string, trackingNumber: string): FileRecord {
  return {
    line,
    startByte: line * 10,
    endByte: line * 10 + 10,
    fields: [orderNumber, trackingNumber],
    verdict: {
      kind: 'row',
      rows: [
        {
          line,
          part: 0,
          orderNumber,
          trackingNumber,
          carrierCode: 'custom',
          title: 'Parcel',
          item: null,
          ...NO_AIMS,
          note: null,
        },
      ],
    },
  };
}

/** A record of one order whose cell holds several numbers. */
function severalRecord(line: number, orderNumber: string, numbers: readonly string[]): FileRecord {
  const rows = numbers.map(
    (trackingNumber, part): Row => ({
      line,
      part,
      orderNumber,
      trackingNumber,
      carrierCode: 'custom',
      title: 'Parcel',
      item: null,
      ...NO_AIMS,
      note: null,
    }),
  ) as [Row, ...Row[]];
  return { ...record(line, orderNumber, numbers.join(' ')), verdict: { kind: 'row', rows } };
}

const end = (line: number, part = 0) =>
  ({ line, part, outcome: 'tracked', message: 'ok', orderId: 1, shipmentId: 2, trackId: 3 }) as const;

const openRowsOf = (drop: Drop, key: string) => ledger.rows.openRowsOf(drop, [key]).get(key) ?? [];

const TRACK = {
  kind: 'track',
  orderId: 5,
  shipmentId: 6,
  trackingNumber: 'A',
  carrierCode: 'c',
  title: 't',
} as const;

describe('The ledger', () => {
  it('keeps every record of a drop; bad and skipped ones have their outcome at once', () => {
    const drop = claim();
    ledger.rows.add(drop, [
      record(2, '100', 'A'),
      { ...record(3, '', ''), verdict: { kind: 'bad', message: 'no order number' } },
      { ...record(4, '', ''), fields: null, verdict: { kind: 'skipped', reason: 'empty row' } },
    ]);
    assert.deepEqual(ledger.drops.countsOf(drop), { 'bad-row': 1, skipped: 1 });
    assert.equal(ledger.rows.anyOpen(drop), true);

    ledger.rows.end(drop, [end(2)]);
    assert.equal(ledger.rows.anyOpen(drop), false);
    assert.deepEqual(
      Array.from(ledger.rows.ended(drop), ({ line, outcome, fields, trackId }) => [
        line,
        outcome,
        fields,
        trackId,
      ]),
      [
        [2, 'tracked', ['100', 'A'], 3],
        [3, 'bad-row', ['', ''], null],
        [4, 'skipped', null, null],
      ],
    );
  });

  it('forgets the rows of a large drop a page at a time, and those of no other', () => {
    const [large, other] = [claim(), claim()];
    ledger.rows.add(
      large,
      Array.from({ length: 5_000 }, (_, n) => record(n + 2, `${n}`, 'A')),
    );
    ledger.rows.add(other, [record(2, '100', 'A')]);
    const clearing = ledger.rows.clearInPages(large);
    assert.equal(clearing.next().done, false);
    assert.equal(ledger.rows.openOrders(large, BEFORE_ROWS, 9_000).length, 3_000);
    assert.equal([...clearing].length, 1);
    assert.equal(ledger.rows.anyOpen(large), false);
    assert.equal(ledger.rows.anyOpen(other), true);
  });

  it('forgets a record with all its rows, also where they are more than a page', () => {
    const drop = claim();
    const numbers = Array.from({ length: 4_100 }, (_, n) => `N${n}`);
    ledger.rows.add(drop, [record(2, '100', 'A'), severalRecord(3, '100', numbers), record(4, '100', 'B')]);
    assert.equal([...ledger.rows.clearInPages(drop)].length, 1);
    assert.equal(ledger.rows.anyOpen(drop), false);
    assert.deepEqual([...ledger.rows.ended(drop)], []);
  });

  it('ends each number of a record for itself, and tells of the record as a whole', () => {
    const drop = claim();
    ledger.rows.add(drop, [severalRecord(2, '100', ['A', 'B', 'C']), record(3, '200', 'D')]);
    ledger.rows.end(drop, [end(2, 1), end(3)]);
    assert.deepEqual(
      openRowsOf(drop, '100').map(({ line, part, trackingNumber }) => [line, part, trackingNumber]),
      [
        [2, 0, 'A'],
        [2, 2, 'C'],
      ],
    );
    ledger.rows.end(drop, [{ ...end(2, 0), outcome: 'store-refused', message: 'no' }, end(2, 2)]);
    assert.deepEqual(ledger.drops.countsOf(drop), { 'store-refused': 1, tracked: 3 });
    assert.partialDeepStrictEqual(
      [...ledger.rows.ended(drop)],
      [
        {
          line: 2,
          fields: ['100', 'A B C'],
          outcome: 'store-refused',
          message: 'A: store-refused, no; B, C: tracked, ok',
        },
        { line: 3, outcome: 'tracked', message: 'ok' },
      ],
    );
  });

  it('knows a record as failed where any of its numbers did, and what its file had', () => {
    const drop = claim();
    ledger.rows.add(drop, [severalRecord(2, '100', ['A', 'B']), record(3, '200', 'C')]);
    ledger.rows.end(drop, [end(2), { ...end(2, 1), outcome: 'store-refused' }, end(3)]);
    const original = { dropSeq: drop.seq, line: 2, fields: ['100', 'A B'] };
    assert.deepEqual(ledger.originals.notDoneAfter(drop.seq, 0, 10), [original]);
    assert.deepEqual(ledger.originals.record(drop.seq, 2), original);
  });

  it('keeps what the file had of a record once, however many numbers it holds', () => {
    const drop = claim();
    const numbers = Array.from({ length: 1_000 }, (_, at) => `A${at}`);
    ledger.rows.add(drop, [severalRecord(2, '100', numbers)]);
    using db = new DatabaseSync(file);
    const row = db.prepare('SELECT count(*) AS parts, count(fields) AS kept FROM rows').get();
    assert.deepEqual({ ...row }, { parts: 1_000, kept: 1 });
  });

  it('tells of a record once where a page of rows ends in the middle of it', () => {
    const drop = claim();
    const lines = Array.from({ length: 700 }, (_, n) => n + 2);
    ledger.rows.add(
      drop,
      lines.map((line) => severalRecord(line, `${line}`, ['A', 'B', 'C'])),
    );
    ledger.rows.end(
      drop,
      lines.flatMap((line) => [end(line, 0), end(line, 1), end(line, 2)]),
    );
    const ended = [...ledger.rows.ended(drop)];
    assert.deepEqual(
      ended.map(({ line }) => line),
      lines,
    );
    assert.deepEqual(new Set(ended.map(({ message }) => message)), new Set(['A, B, C: ok']));
  });

  it('gives back what looks odd about a row, and tells of it behind what became of it', () => {
    const drop = claim();
    const plain = severalRecord(2, '100', ['A']);
    assert.ok(plain.verdict.kind === 'row');
    const note = 'the check digit is wrong';
    ledger.rows.add(drop, [
      { ...plain, verdict: { kind: 'row', rows: [{ ...plain.verdict.rows[0], note }] } },
      record(3, '100', 'B'),
    ]);
    assert.deepEqual(
      openRowsOf(drop, '100').map((row) => row.note),
      [note, null],
    );
    ledger.rows.end(drop, [end(2), end(3)]);
    assert.deepEqual(
      Array.from(ledger.rows.ended(drop), ({ message }) => message),
      [`ok; ${note}`, 'ok'],
    );
  });

  it('never changes an outcome that a row has', () => {
    const drop = claim();
    ledger.rows.add(drop, [record(2, '100', 'A')]);
    ledger.rows.end(drop, [end(2)]);
    ledger.rows.end(drop, [{ ...end(2), outcome: 'gave-up' }]);
    assert.deepEqual(ledger.drops.countsOf(drop), { tracked: 1 });
  });

  it('finds the rows of an order together, however far apart they stand and however it is written', () => {
    const drop = claim();
    ledger.rows.add(drop, [record(2, 'ab1', 'A'), record(3, '200', 'B'), record(900, 'AB1 ', 'C')]);
    assert.deepEqual(
      openRowsOf(drop, 'ab1').map(({ line }) => line),
      [2, 900],
    );
    assert.deepEqual(
      ledger.rows.openOrders(drop, BEFORE_ROWS, 10).map(({ orderKey }) => orderKey),
      ['ab1', '200'],
    );
  });

  it('gives the orders of a drop in the order of the file, a page at a time and each at its first open row', () => {
    const drop = claim();
    ledger.rows.add(drop, [
      record(2, '300', 'A'),
      severalRecord(3, '100', ['B', 'C']),
      record(4, '300', 'D'),
      record(5, '200', 'E'),
      record(6, '100', 'F'),
    ]);
    const [first, ...others] = ledger.rows.openOrders(drop, BEFORE_ROWS, 2);
    assert.deepEqual(first, { orderKey: '300', first: { line: 2, part: 0 }, blocked: false });
    assert.deepEqual(others, [{ orderKey: '100', first: { line: 3, part: 0 }, blocked: false }]);
    const rest = { orderKey: '200', first: { line: 5, part: 0 }, blocked: false };
    assert.deepEqual(ledger.rows.openOrders(drop, { line: 3, part: 0 }, 2), [rest]);
    assert.deepEqual(ledger.rows.heirOf('main', '100'), { seq: drop.seq, first: { line: 3, part: 0 } });
    ledger.rows.end(drop, [end(3, 0)]);
    assert.deepEqual(ledger.rows.heirOf('main', '100'), { seq: drop.seq, first: { line: 3, part: 1 } });
  });

  it('gives back what a row says that its parcel holds, also after the row has ended', () => {
    const drop = claim();
    const holding = (line: number, sku: string, quantity: number): FileRecord => {
      const plain = record(line, '100', 'A');
      if (plain.verdict.kind !== 'row') return plain;
      const [row] = plain.verdict.rows;
      return { ...plain, verdict: { kind: 'row', rows: [{ ...row, item: { sku, quantity } }] } };
    };
    ledger.rows.add(drop, [record(2, '100', 'A'), holding(3, 'MUG', 0.5), holding(4, 'CUP', 2)]);
    const items = () => openRowsOf(drop, '100').map(({ item }) => item);
    assert.deepEqual(items(), [null, { sku: 'MUG', quantity: 0.5 }, { sku: 'CUP', quantity: 2 }]);
    ledger.rows.end(drop, [end(2), end(3)]);
    assert.deepEqual(items(), [{ sku: 'CUP', quantity: 2 }]);
    const layout = JSON.stringify({ layout: { columns: { sku: 2 } } });
    ledger.drops.markRead(drop, { sha256: 'a', bytes: 1, isUnfinished: false, layout });
    assert.partialDeepStrictEqual(ledger.rows.endedWithItemOf(ledger.drops.current(drop), '100'), [
      { line: 3, trackingNumber: 'A', item: { sku: 'MUG', quantity: 0.5 } },
    ]);
  });

  it('says which orders an earlier drop of the same store still has', () => {
    const [first, other, second] = [claim(), claim('other.csv', 'elsewhere'), claim()];
    ledger.rows.add(other, [record(2, '300', 'X')]);
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B'), record(3, '300', 'C')]);
    const blocked = () => ledger.rows.openOrders(second, BEFORE_ROWS, 10).map((order) => order.blocked);
    assert.deepEqual(blocked(), [true, false]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, first.seq);
    ledger.rows.end(first, [end(2)]);
    assert.deepEqual(blocked(), [false, false]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, second.seq);
  });

  it('lets no drop hold back later ones while it is set aside, and puts it before them again after', () => {
    const [first, second] = [claim(), claim()];
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B')]);
    const standing = () => ({
      blocked: ledger.rows.openOrders(second, BEFORE_ROWS, 10).map((order) => order.blocked),
      heir: ledger.rows.heirOf('main', '100')?.seq,
      unsettled: ledger.drops.unsettled().map(({ seq }) => seq),
      rows: openRowsOf(first, '100').length,
    });
    const before = standing();
    assert.deepEqual(before, {
      blocked: [true],
      heir: first.seq,
      unsettled: [first.seq, second.seq],
      rows: 1,
    });
    ledger.drops.setAside(first);
    assert.deepEqual(standing(), { ...before, blocked: [false], heir: second.seq });
    ledger.drops.takeBackOf(['another']);
    assert.equal(standing().heir, second.seq);
    ledger.drops.takeBackOf(['another', first.inbox]);
    assert.deepEqual(standing(), before);
  });

  it('shows a later drop what may still land of one that is set aside, or was forgotten', () => {
    const [first, second] = [claim(), claim()];
    const write = ledger.writes.intend(first, TRACK, 1_000);
    for (const leave of [ledger.drops.setAside, ledger.drops.forget]) {
      leave(first);
      assert.partialDeepStrictEqual(ledger.writes.toOrder(second, TRACK.orderId, 0), [
        { id: write, isOwn: false },
      ]);
    }
  });

  it('holds back no order for a drop that is still being read', () => {
    const [first, second] = [claim(), claim()];
    ledger.drops.markClaimed(first);
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B')]);
    assert.deepEqual(ledger.rows.openOrders(second, BEFORE_ROWS, 10), [
      { orderKey: '100', first: { line: 2, part: 0 }, blocked: false },
    ]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, second.seq);
  });

  it('keeps a write from its intent on, also when the process ends before the answer', () => {
    const drop = claim();
    const answered = ledger.writes.intend(drop, TRACK, 1_000);
    ledger.writes.answer(answered, { kind: 'done', shipmentId: 6, trackId: 7 }, 1_100);
    const cutOff = ledger.writes.intend(drop, shipAll(5, [TRACK]), 2_000);
    ledger[Symbol.dispose]();
    ledger = openLedger(file);

    const writes = ledger.writes.toOrder(drop, 5, 0);
    assert.partialDeepStrictEqual(writes, [
      {
        id: answered,
        kind: 'track',
        state: 'done',
        trackId: 7,
        atMs: 1_000,
        answeredAtMs: 1_100,
        counts: false,
      },
      { id: cutOff, kind: 'ship', state: 'open', trackingNumbers: ['A'], answeredAtMs: null },
    ]);
  });

  it('keeps the answer to a write after ten thousand others were sent', () => {
    const drop = claim();
    const [late, counted] = [1, 2].map((atMs) => ledger.writes.intend(drop, TRACK, atMs)) as [string, string];
    for (let sent = 0; sent < 10_100; sent += 1) ledger.writes.intend(drop, { ...TRACK, orderId: 6 }, 3);
    ledger.writes.answer(late, { kind: 'done', shipmentId: 6, trackId: 7 }, 4);
    ledger.writes.count(counted);
    assert.partialDeepStrictEqual(ledger.writes.toOrder(drop, 5, 0), [
      { id: late, state: 'done', trackId: 7 },
      { id: counted, state: 'open', counts: true },
    ]);
    assert.throws(() => ledger.writes.count('another'), { message: /never sent/ });
  });

  it('shows another drop the writes to its order that may still land, and no others', () => {
    const [first, second] = [claim(), claim()];
    ledger.writes.answer(
      ledger.writes.intend(first, TRACK, 1_000),
      { kind: 'refused', message: 'no' },
      1_001,
    );
    const uncertain = ledger.writes.intend(first, TRACK, 2_000);
    ledger.writes.answer(uncertain, { kind: 'uncertain', message: 'reset' }, 2_001);
    ledger.writes.count(uncertain);
    assert.partialDeepStrictEqual(ledger.writes.toOrder(second, 5, 1_500), [
      { id: uncertain, counts: true, isOwn: false },
    ]);
    assert.deepEqual(ledger.writes.toOrder(second, 5, 2_500), []);
  });

  it('tells writes in the order of their intents, also when the clock was set back between two of them', () => {
    const drop = claim();
    const ids = [5_000, 2_000, 3_000].map((atMs) => ledger.writes.intend(drop, TRACK, atMs));
    assert.deepEqual(
      ledger.writes.toOrder(drop, TRACK.orderId, 0).map(({ id }) => id),
      ids,
    );
  });

  it('gives writes ids that ascend, and that it never gives again', () => {
    const drop = claim();
    const ids = Array.from({ length: 40 }, () => ledger.writes.intend(drop, TRACK, 1_000));
    assert.deepEqual(ids.toSorted(), ids);
    ledger[Symbol.dispose]();
    ledger = openLedger(file);
    ids.push(ledger.writes.intend(drop, TRACK, 1_000));
    assert.equal(new Set(ids).size, 41);
  });

  it('keeps the writes of two stores apart, whose orders have the same ids', () => {
    const [drop, elsewhere] = [claim(), claim('day.csv', 'elsewhere')];
    const write = ledger.writes.intend(elsewhere, TRACK, 2_000);
    assert.deepEqual(ledger.writes.toOrder(drop, TRACK.orderId, 0), []);
    assert.partialDeepStrictEqual(ledger.writes.toOrder(elsewhere, TRACK.orderId, 0), [{ id: write }]);
  });

  it('undoes all of what was to be kept together when part of it fails', async () => {
    const drop = claim();
    ledger.rows.add(drop, [record(2, '100', 'A')]);
    const cut = ledger.together(() => {
      ledger.rows.end(drop, [end(2)]);
      throw new Error('power cord');
    });
    await assert.rejects(cut, { message: 'power cord' });
    assert.equal(ledger.rows.anyOpen(drop), true);
  });

  it('names the full disk that cut a transaction short', () => {
    using db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE kept (x); PRAGMA max_page_count = 4');
    const fill = () => db.exec('INSERT INTO kept VALUES (zeroblob(100000))');
    assert.throws(() => inTransaction(db, fill), { message: /disk is full/ });
    assert.equal(
      inTransaction(db, () => 'goes on'),
      'goes on',
    );
  });

  it('remembers a drop by its id, its state and the name it was settled as', () => {
    const drop = claim('day.csv');
    ledger.drops.markRead(drop, { sha256: 'x', bytes: 20, layout: '{}' });
    ledger.drops.markSettling(drop);
    ledger.drops.chooseStem(drop, 'day-2.csv', '/data/failed');
    assert.partialDeepStrictEqual(ledger.drops.byId(drop.id), {
      name: 'day.csv',
      state: 'settling',
      layout: '{}',
      settledAs: 'day-2.csv',
      settledIn: '/data/failed',
    });
    assert.deepEqual(
      ledger.drops.unsettled().map(({ id }) => id),
      [drop.id],
    );
    ledger.drops.markSettled(drop, 99);
    assert.deepEqual(ledger.drops.unsettled(), []);
  });

  it('tells another process when its daemon last gave a sign of life', () => {
    assert.equal(readHeartbeat(file), undefined);
    assert.equal(readHeartbeat(join(folder, 'none.db')), undefined);
    const own = { pid: 7, host: 'shop', instance: 'a', boot: 'b' };
    let wallMs = 1;
    ledger.lease.take(own, undefined, { ...systemClock, wallMs: () => wallMs });
    assert.deepEqual(readHeartbeat(file), { ...own, atMs: 1, activeDrops: 0, stores: [] });
    const missing = { right: 'Magento_Sales::ship', sinceMs: 2, why: 'no' };
    const store = {
      store: 'main',
      state: 'down',
      sinceMs: 1,
      why: 'away',
      missingRights: [missing],
      failingWrites: null,
    } as const;
    wallMs = 2;
    ledger.lease.beat({ activeDrops: 3, stores: [store] });
    assert.deepEqual(readHeartbeat(file), { ...own, atMs: 2, activeDrops: 3, stores: [store] });
    ledger.endBeat();
    assert.equal(readHeartbeat(file), undefined);
  });

  it('is read as well where an older program writes it, which tells nothing of stores', () => {
    const older = join(folder, 'older.db');
    const db = new DatabaseSync(older);
    db.exec(`${SCHEMA_STEPS[0]}; INSERT INTO heartbeat VALUES (1, 7, 'shop', 1, 0)`);
    db.close();
    assert.deepEqual(readHeartbeat(older), {
      ...{ pid: 7, host: 'shop', instance: '', boot: '' },
      ...{ atMs: 1, activeDrops: 0, stores: [] },
    });
  });
});

describe('The heartbeat', () => {
  it('goes on after a beat that failed, and tells of each run of failures once', async () => {
    const locked = new Error('database is locked');
    const goesWell = [true, false, false, true, false, true];
    const told: unknown[] = [];
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let beats = 0;
    const beat = async () => {
      beats += 1;
      if (beats > goesWell.length) end();
      else if (!goesWell[beats - 1]) throw locked;
    };
    const clock: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(0, signal) };
    using _beating = startHeartbeat(beat, clock, (error) => told.push(error));
    await ended;
    assert.deepEqual(told, [locked, locked]);
  });
});

/** The first version whose records may be several rows. */
const PARTS_VERSION = 5;

describe('Opening a ledger', () => {
  it('refuses one that a newer program wrote, and says what to do', () => {
    const newer = join(folder, 'newer.db');
    const db = new DatabaseSync(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => openLedger(newer), { code: 'ledger-too-new', hint: /newer version/ });
  });

  /** A ledger as a program left it that knew so many steps of the schema, with a drop that is under way. */
  function ledgerOf(version: number): string {
    const older = join(folder, `version-${version}.db`);
    using db = new DatabaseSync(older);
    db.exec(`${SCHEMA_STEPS.slice(0, version).join(';')}; PRAGMA user_version = ${version}`);
    const insertDrop = db.prepare(
      `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms, layout)
       VALUES (?, 'main', 'main', 'day.csv', 'ready', 1, 1, ?)`,
    );
    insertDrop.run('d', JSON.stringify(LAYOUT_BEFORE_PROFILES));
    insertDrop.run('blank', JSON.stringify({ ...LAYOUT_BEFORE_PROFILES, header: null }));
    insertDrop.run('claimed', null);
    db.exec(`INSERT INTO rows (drop_seq, line, start_byte, end_byte, fields, order_key, order_number, tracking_number,
               carrier_code, title, outcome, message)
             VALUES (1, 2, 0, 1, '["100","A"]', '100', '100', 'A', 'custom', 'Parcel', NULL, NULL),
                    (1, 3, 1, 2, '["100","B"]', '100', '100', 'B', 'custom', 'Parcel', 'tracked', 'ok')`);
    return older;
  }

  const LAYOUT_BEFORE_PROFILES = {
    header: {
      fields: ['order_number', 'tracking_number'],
      dialect: { delimiter: ';', lineEnd: 'lf' },
      columns: { order: 0, tracking: 1, carrier: 2, title: null, sku: null, quantity: null, outcome: null },
      line: 2,
      startByte: 5,
      endByte: 30,
    },
    format: { encoding: 'utf-8', hasMark: true },
    file: { bytes: 1, mtimeMs: 1.5, inode: '7' },
  };

  for (let version = 1; version < PARTS_VERSION; version += 1) {
    it(`brings one of version ${version} up to date, and keeps what it holds`, () => {
      const older = ledgerOf(version);
      using updated = openLedger(older);
      const drop = updated.drops.byId('d');
      assert.ok(drop);
      assert.partialDeepStrictEqual(updated.rows.openRowsOf(drop, ['100']).get('100'), [
        { line: 2, part: 0, trackingNumber: 'A', item: null, note: null },
      ]);
      updated.rows.end(drop, [end(2)]);
      assert.partialDeepStrictEqual(
        [...updated.rows.ended(drop)],
        [
          { line: 2, startByte: 0, endByte: 1, fields: ['100', 'A'], outcome: 'tracked', trackId: 3 },
          { line: 3, startByte: 1, endByte: 2, fields: ['100', 'B'], outcome: 'tracked', message: 'ok' },
        ],
      );
      openLedger(older)[Symbol.dispose]();
    });
  }

  it('keeps of a version without profiles how each file was read', () => {
    using updated = openLedger(ledgerOf(PARTS_VERSION - 1));
    const readingOf = (id: string) => JSON.parse(updated.drops.byId(id)?.layout ?? 'null');
    const { header, format, file } = LAYOUT_BEFORE_PROFILES;
    const { line, startByte, endByte, fields } = header;
    const layout: DropLayout = {
      fields,
      dialect: { delimiter: ';', lineEnd: 'lf', quotes: true, restColumn: null },
      columns: {
        order: 0,
        tracking: 1,
        moreTracking: [],
        carrier: null,
        carrierCode: 2,
        title: null,
        sku: null,
        quantity: null,
        shipment: null,
        storeView: null,
        source: null,
        outcome: null,
        line: null,
        drop: null,
      },
      header: { line, startByte, endByte },
      profile: { name: 'plain', why: 'it was read before there were profiles' },
    };
    // To be read again, since neither is settled.
    assert.deepEqual(readingOf('d'), { format, file, layout, isOutdated: true });
    assert.deepEqual(readingOf('blank'), { format, file, layout: null, isOutdated: true });
    assert.equal(readingOf('claimed'), null);
  });

  it('has the same tables and indexes, whether it was made anew or brought up to date', () => {
    const schemaOf = (path: string) => {
      using db = new DatabaseSync(path);
      return db
        .prepare('SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name')
        .all()
        .map((entry) => Object.values(entry).join(' '));
    };
    const older = ledgerOf(1);
    openLedger(older)[Symbol.dispose]();
    const schema = schemaOf(older);
    assert.deepEqual(schema, schemaOf(file));
    for (const index of ['rows_open_by_drop', 'rows_open_by_order', 'rows_with_item']) {
      assert.ok(schema.includes(`index ${index} rows`), index);
    }
  });

  it('says so when the file is no ledger', async () => {
    const broken = join(folder, 'broken.db');
    await writeFile(broken, 'this is no database, but it is long enough to look like one'.repeat(100));
    assert.throws(() => openLedger(broken), { code: 'ledger-unusable', hint: /Magento knows/ });
  });
});

describe('A path that no ledger can be at', () => {
  /** Runs with whatever the system lets root do too. */
  const impossible = () => join(file, 'below-a-file.db');
  const unusable = (path: string) => ({
    name: 'TrackdropError',
    code: 'ledger-unusable',
    facts: { file: path },
  });

  it('is named by whoever wants to write there, as something to put right', () => {
    for (const path of [impossible(), '/proc/trackdrop.db']) {
      assert.throws(() => openLedger(path), unusable(path));
      assert.throws(() => takeWriterLock(path), unusable(path));
    }
  });

  it('is named by whoever wants to read there', () => {
    assert.throws(() => readHeartbeat(impossible()), unusable(impossible()));
  });

  it('is told from a ledger or a lock that is there and damaged', async () => {
    const broken = join(folder, 'broken.db');
    const noise = 'this is no database, but it is long enough to look like one'.repeat(100);
    await writeFile(broken, noise);
    assert.throws(() => readHeartbeat(broken), { ...unusable(broken), message: /not a database/ });
    await writeFile(`${broken}.lock`, noise);
    assert.throws(() => takeWriterLock(broken), unusable(`${broken}.lock`));
  });
});

describe('The writer lock', () => {
  it('is held by one at a time and free again once the holder lets go', () => {
    assert.equal(isWriterLockHeld(file), false);
    const first = takeWriterLock(file);
    assert.ok(first);
    assert.equal(takeWriterLock(file), undefined);
    assert.equal(isWriterLockHeld(file), true);
    first[Symbol.dispose]();
    assert.equal(isWriterLockHeld(file), false);
    using again = takeWriterLock(file);
    assert.ok(again);
    assert.ok(existsSync(`${file}.lock`));
  });
});
