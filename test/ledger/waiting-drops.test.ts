import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import { countWaiting } from '../../src/ledger/count-waiting.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { row } from '../domain/orders.ts';
import { ledgerFolder } from './folder.ts';

/** A record of the file, with a row for each number, 10 bytes long. */
function record(line: number, ...numbers: readonly string[]): FileRecord {
  const [first = row(line, ''), ...others] = numbers.map((number, part) => row(line, number, { part }));
  const fields = ['100000001', numbers.join('; ')];
  const startByte = line * 10;
  return {
    line,
    startByte,
    endByte: startByte + 10,
    fields,
    verdict: { kind: 'row', rows: [first, ...others] },
  };
}

/** A drop whose rows end as given, by line and part. */
function dropOf(
  ledger: Ledger,
  records: readonly FileRecord[],
  ends: readonly [line: number, part: number, outcome: Outcome][],
  id = 'day',
): Drop {
  const drop = ledger.drops.begin({
    id,
    inbox: 'main',
    store: 'main',
    name: 'day.csv',
    bytes: 1,
    claimedAtMs: 5,
  });
  ledger.rows.add(drop, records);
  ledger.drops.markRead(drop, { sha256: '', bytes: 1, layout: '{}' });
  const none = { orderId: null, shipmentId: null, trackId: null };
  ledger.rows.end(
    drop,
    ends.map(([line, part, outcome]) => ({ line, part, outcome, message: outcome, ...none })),
  );
  return drop;
}

/** The drop that the waiting rows become, record for record, each on the line after the one before. */
function parted(ledger: Ledger, drop: Drop): Drop {
  const { drops, waiting } = ledger;
  const id = `${drop.id}-waiting`;
  waiting.enter(drop, id);
  const to = drops.byId(id);
  assert.ok(to);
  const records = [...waiting.records(drop)].flat();
  waiting.copy(
    drop,
    to,
    records.map(({ line }, at) => ({
      originalLine: line,
      line: at + 2,
      startByte: at * 10,
      endByte: at * 10 + 10,
    })),
  );
  waiting.part(drop, to, { name: 'day.waiting.csv', bytes: 1, layout: '{}' });
  return drops.current(to);
}

describe('Rows that become a drop of their own', () => {
  it('are those that wait, of a record with several numbers too, and each record has its cells', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const records = [record(2, 'A1', 'A2', 'A3'), record(3, 'B1'), record(4, 'C1')];
    const drop = dropOf(ledger, records, [
      [2, 0, 'tracked'],
      [2, 1, 'waiting'],
      [2, 2, 'waiting'],
      [3, 0, 'tracked'],
      [4, 0, 'waiting'],
    ]);
    const to = parted(ledger, drop);
    const found = [...ledger.rows.ended(to)];
    assert.deepEqual(
      found.map(({ line, startByte, fields, outcome }) => ({ line, startByte, fields, outcome })),
      [
        { line: 2, startByte: 0, fields: ['100000001', 'A1; A2; A3'], outcome: 'waiting' },
        { line: 3, startByte: 10, fields: ['100000001', 'C1'], outcome: 'waiting' },
      ],
    );
    assert.deepEqual(ledger.drops.countsOf(to), { waiting: 3 });
    assert.deepEqual([to.state, to.waitingSinceMs, to.claimedAtMs, to.nextLookAtMs], ['waiting', 5, 5, null]);
    assert.equal(ledger.drops.current(drop).waitsAs, to.id);
  });

  it('are those of their record when it comes back, unless another row of it failed', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const drop = dropOf(
      ledger,
      [record(2, 'A1', 'A2'), record(3, 'B1')],
      [
        [2, 0, 'gave-up'],
        [2, 1, 'waiting'],
        [3, 0, 'waiting'],
      ],
    );
    const to = parted(ledger, drop);
    assert.equal(ledger.originals.originOf(to.seq, 2), undefined);
    assert.equal(ledger.originals.originOf(to.seq, 3)?.line, 3);
  });

  it('say as before where their numbers belong', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const aims = { shipmentNumber: '000000012', storeView: 3, source: 'north', link: 'https://a.example/A1' };
    const told = record(2, 'A1');
    const { verdict } = told;
    assert.ok(verdict.kind === 'row');
    const [row] = verdict.rows;
    const aimed = { ...told, verdict: { ...verdict, rows: [{ ...row, ...aims }] as const } };
    const to = parted(ledger, dropOf(ledger, [aimed], [[2, 0, 'waiting']]));
    for (const _ of ledger.waiting.reopenInPages(to));
    assert.partialDeepStrictEqual(ledger.rows.openRowsOf(to, ['100000001']).get('100000001'), [aims]);
  });

  it('keep the place of the drop that they came in, however late that one was put away', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const [large, small] = ['large', 'small'].map((id) =>
      dropOf(ledger, [record(2, id)], [[2, 0, 'waiting']], id),
    ) as [Drop, Drop];
    const [later, earlier] = [parted(ledger, small), parted(ledger, large)];
    assert.ok(later.seq < earlier.seq);
    for (const drop of [later, earlier]) {
      const rest = { sinceMs: 5, nextLookAtMs: 9, layout: '{}', restsIn: null };
      ledger.waiting.rest(drop, rest);
    }
    const inTurn = ledger.waitingOrders.inTurn(['main']).map(({ id }) => id);
    assert.deepEqual(inTurn, ['large-waiting', 'small-waiting']);
    assert.deepEqual(
      [...ledger.waitingOrders.sharingInPages(later.seq)].flat(),
      [large.seq, earlier.seq, small.seq].sort(),
    );
    for (const drop of [later, earlier]) for (const _ of ledger.waiting.reopenInPages(drop));
    const isBlocked = (drop: Drop) =>
      ledger.rows.openOrders(drop, { line: 0, part: 0 }, 9).map(({ blocked }) => blocked);
    assert.deepEqual([isBlocked(earlier), isBlocked(later)], [[false], [true]]);
    assert.equal(ledger.rows.heirOf('main', '100000001')?.seq, earlier.seq);
  });

  it('have no outcome from when a look has begun, and hold back no later drop until then', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const to = parted(ledger, dropOf(ledger, [record(2, 'A1')], [[2, 0, 'waiting']]));
    ledger.waiting.rest(to, { sinceMs: 5, nextLookAtMs: 1_000, layout: '{}', restsIn: '1:2' });
    assert.equal(ledger.waiting.nextOf(['main']), to.id);
    assert.equal(ledger.rows.heirOf('main', '100000001'), undefined);
    const pages = ledger.waiting.reopenInPages(to);
    pages.next();
    assert.equal(ledger.rows.heirOf('main', '100000001'), undefined, 'in the middle of it');
    for (const _ of pages);
    assert.equal(ledger.drops.current(to).state, 'ready');
    assert.equal(ledger.rows.heirOf('main', '100000001')?.seq, to.seq);
    assert.equal(ledger.waiting.nextOf(['main']), undefined);
  });

  it('are counted for whoever asks, with the next look', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    assert.deepEqual(countWaiting(folder.file), { drops: 0, rows: 0, nextLookAtMs: null });
    const to = parted(
      ledger,
      dropOf(
        ledger,
        [record(2, 'A1', 'A2')],
        [
          [2, 0, 'waiting'],
          [2, 1, 'waiting'],
        ],
      ),
    );
    ledger.waiting.rest(to, { sinceMs: 5, nextLookAtMs: 1_000, layout: '{}', restsIn: '1:2' });
    assert.deepEqual(countWaiting(folder.file), { drops: 1, rows: 2, nextLookAtMs: 1_000 });
    ledger.waiting.end(to, 'taken away', 2_000);
    assert.deepEqual(countWaiting(folder.file), { drops: 0, rows: 0, nextLookAtMs: null });
    assert.deepEqual(
      [...ledger.rows.ended(to)].map(({ message }) => message),
      ['A1, A2: taken away'],
    );
  });
});
