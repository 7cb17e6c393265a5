import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { ledgerFolder } from './folder.ts';
import { enterDrop } from './small-ledger.ts';

const ORDER_ID = 7;

describe('What was written of a file before it was read again', () => {
  let folder: Awaited<ReturnType<typeof ledgerFolder>>;
  let ledger: Ledger;
  /** A file, the same one once it had grown, and the drops in which rows of either waited. */
  let drops: Record<'first' | 'firstWaiting' | 'grown' | 'grownWaiting' | 'other', Drop>;

  function dropCalled(id: string): Drop {
    const drop = ledger.drops.byId(id);
    assert.ok(drop);
    return drop;
  }

  /** What `waiting.part` leaves. */
  function parted(from: Drop, id: string): Drop {
    ledger.waiting.enter(from, id);
    const to = dropCalled(id);
    ledger.waiting.part(from, to, { name: `${id}.csv`, bytes: 1, layout: '{}' });
    return dropCalled(id);
  }

  before(async () => {
    folder = await ledgerFolder();
    ledger = openLedger(folder.file);
    const first = enterDrop(ledger, { id: 'first', rows: [] });
    const firstWaiting = parted(first, 'first-waiting');
    ledger.witnesses.reread(first, { ...first, id: 'grown' }, '{}');
    const grown = dropCalled('grown');
    const grownWaiting = parted(grown, 'grown-waiting');
    const other = enterDrop(ledger, { id: 'other', rows: [] });
    drops = { first, firstWaiting, grown, grownWaiting, other };
    for (const [trackingNumber, drop] of Object.entries(drops)) {
      const parcel = { trackingNumber, carrierCode: 'ups', title: 'UPS' };
      ledger.writes.intend(drop, { kind: 'track', orderId: ORDER_ID, shipmentId: 1, ...parcel }, 1);
    }
  });

  after(async () => {
    ledger[Symbol.dispose]();
    await folder[Symbol.asyncDispose]();
  });

  const seenBy = (drop: Drop) =>
    ledger.earlierReadings.writesTo(drop, ORDER_ID).flatMap(({ trackingNumbers }) => trackingNumbers);

  it('is nothing for a file that was read once, and for its rows that waited', () => {
    for (const drop of [drops.first, drops.firstWaiting, drops.other]) assert.deepEqual(seenBy(drop), []);
  });

  it('is that of the earlier drop and of its rows that waited, for the later one and for its rows that wait', () => {
    for (const drop of [drops.grown, drops.grownWaiting])
      assert.deepEqual(seenBy(drop), ['first', 'firstWaiting']);
  });
});
