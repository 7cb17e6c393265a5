import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { landedWrites } from '../../src/domain/landed-writes.ts';
import type { Outcome, RowOutcome } from '../../src/domain/outcome.ts';
import { endWish, wishesOf } from '../../src/domain/wish.ts';
import type { Write } from '../../src/domain/write.ts';
import { policy, row } from './orders.ts';

const sent = (with_: Partial<Write> = {}): Write => ({
  id: 'w1',
  kind: 'ship',
  orderId: 7,
  shipmentId: null,
  trackId: null,
  trackingNumbers: ['1Z 1'],
  mails: false,
  state: 'uncertain',
  message: '',
  atMs: 1_000,
  answeredAtMs: 2_000,
  counts: false,
  isOwn: true,
  ...with_,
});

const rows = [row(2, '1z1'), row(3, '1Z2', { source: 'berlin' })];

/** What the writes are known for, once the first row has ended so. */
function landed(writes: readonly Write[], outcome: Outcome = 'shipped') {
  const ends: RowOutcome[] = wishesOf(rows.slice(0, 1)).flatMap((wish) => endWish(wish, outcome, ''));
  return landedWrites({ rows, writes, policy: policy({ source: 'munich' }) }, ends);
}

describe('A row that ends with its number on a shipment', () => {
  it('shows that the write came through whose answer was lost, by when that was given up', () => {
    assert.deepEqual(landed([sent()]), [{ kind: { writes: 'ship', source: 'munich' }, atMs: 2_000 }]);
    assert.deepEqual(landed([sent({ kind: 'track' })], 'tracked'), [
      { kind: { writes: 'track' }, atMs: 2_000 },
    ]);
    assert.deepEqual(landed([sent({ state: 'open', answeredAtMs: null })])[0]?.atMs, 1_000);
  });

  it('shows it of the one before a refusal, which may be its echo', () => {
    assert.equal(landed([sent(), sent({ state: 'refused', answeredAtMs: 3_000 })])[0]?.atMs, 2_000);
  });

  it('shows nothing new of a write that was answered, as where its mail was waited for since', () => {
    assert.deepEqual(landed([sent({ state: 'done' })]), []);
    assert.deepEqual(landed([sent(), sent({ state: 'done', atMs: 3_000, answeredAtMs: 4_000 })]), []);
  });

  it('shows nothing of what others wrote, of other numbers, nor of what took one away', () => {
    for (const other of [
      sent({ isOwn: false }),
      sent({ trackingNumbers: ['1Z2'] }),
      sent({ kind: 'untrack' }),
      sent({ kind: 'mail' }),
    ])
      assert.deepEqual(landed([other]), []);
    for (const outcome of ['already-tracked', 'gave-up'] as const)
      assert.deepEqual(landed([sent()], outcome), []);
  });
});
