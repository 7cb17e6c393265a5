import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shipAll } from '../domain/orders.ts';
import { ownLedgerEach } from './own-ledger.ts';

const current = ownLedgerEach();

const TRACK = {
  kind: 'track',
  orderId: 5,
  shipmentId: 6,
  trackingNumber: 'A',
  carrierCode: 'c',
  title: 't',
} as const;

describe('The ledger', () => {
  it('shows a later drop what may still land of one that is set aside, or was forgotten', () => {
    const { ledger, claim } = current();
    const [first, second] = [claim(), claim()];
    const write = ledger.writes.intend(first, TRACK, 1_000);
    for (const leave of [ledger.drops.setAside, ledger.drops.forget]) {
      leave(first);
      assert.partialDeepStrictEqual(ledger.writes.toOrder(second, TRACK.orderId, 0), [
        { id: write, isOwn: false },
      ]);
    }
  });

  it('keeps a write from its intent on, also when the process ends before the answer', () => {
    const own = current();
    const drop = own.claim();
    const answered = own.ledger.writes.intend(drop, TRACK, 1_000);
    own.ledger.writes.answer(answered, { kind: 'done', shipmentId: 6, trackId: 7 }, 1_100);
    const cutOff = own.ledger.writes.intend(drop, shipAll(5, [TRACK]), 2_000);
    own.reopen();

    const writes = own.ledger.writes.toOrder(drop, 5, 0);
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
    const { ledger, claim } = current();
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
    const { ledger, claim } = current();
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
    const { ledger, claim } = current();
    const drop = claim();
    const ids = [5_000, 2_000, 3_000].map((atMs) => ledger.writes.intend(drop, TRACK, atMs));
    assert.deepEqual(
      ledger.writes.toOrder(drop, TRACK.orderId, 0).map(({ id }) => id),
      ids,
    );
  });

  it('gives writes ids that ascend, and that it never gives again', () => {
    const own = current();
    const drop = own.claim();
    const ids = Array.from({ length: 40 }, () => own.ledger.writes.intend(drop, TRACK, 1_000));
    assert.deepEqual(ids.toSorted(), ids);
    own.reopen();
    ids.push(own.ledger.writes.intend(drop, TRACK, 1_000));
    assert.equal(new Set(ids).size, 41);
  });

  it('keeps the writes of two stores apart, whose orders have the same ids', () => {
    const { ledger, claim } = current();
    const [drop, elsewhere] = [claim(), claim('day.csv', 'elsewhere')];
    const write = ledger.writes.intend(elsewhere, TRACK, 2_000);
    assert.deepEqual(ledger.writes.toOrder(drop, TRACK.orderId, 0), []);
    assert.partialDeepStrictEqual(ledger.writes.toOrder(elsewhere, TRACK.orderId, 0), [{ id: write }]);
  });
});
