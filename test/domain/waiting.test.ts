import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/domain/outcome.ts';
import { nextLookMs, orWaiting, timesIn, type WaitLimits } from '../../src/domain/waiting.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CLAIMED_MS = Date.UTC(2026, 10, 22, 10, 0);

const LIMITS: WaitLimits = {
  orderNotFoundMs: 4 * HOUR_MS,
  orderHeldMs: 72 * HOUR_MS,
  unpaidMs: 48 * HOUR_MS,
  everyMs: 15 * MINUTE_MS,
};

/** What a row ends with `afterMs` after the claim of its file, that would end so, and for want of a payment. */
function ended(afterMs: number, outcome: Outcome, limits = LIMITS, isUnpaid = false) {
  const row = {
    line: 2,
    part: 0,
    outcome,
    message: 'why',
    orderId: 1,
    shipmentId: null,
    trackId: null,
    ...(isUnpaid && { heldFor: 'payment' as const }),
  };
  const wait = { limits, sinceMs: CLAIMED_MS, nowMs: CLAIMED_MS + afterMs, times: timesIn('Europe/Berlin') };
  return orWaiting(row, wait);
}

describe('A row that would fail', () => {
  it('waits until the time is over that is meant for its reason', () => {
    const lastWaitMs = (outcome: Outcome, isUnpaid = false) =>
      [4, 48, 72]
        .filter((hours) => ended(hours * HOUR_MS - 1, outcome, LIMITS, isUnpaid).outcome === 'waiting')
        .at(-1);
    assert.equal(lastWaitMs('order-not-found'), 4);
    assert.equal(lastWaitMs('order-held'), 72);
    assert.equal(lastWaitMs('order-held', true), 48);
    assert.equal(ended(4 * HOUR_MS, 'order-not-found').outcome, 'order-not-found');
  });

  it('for another reason does so at once', () => {
    for (const outcome of ['order-closed', 'no-shipment', 'gave-up', 'order-ambiguous'] as const)
      assert.equal(ended(0, outcome).outcome, outcome);
  });

  it('does so at once, in its own words, where the limit is 0', () => {
    const end = ended(0, 'order-not-found', { ...LIMITS, orderNotFoundMs: 0 });
    assert.deepEqual([end.outcome, end.message], ['order-not-found', 'why']);
  });

  it('says in the time of its people when it is looked at again, and until when', () => {
    assert.equal(
      ended(5 * MINUTE_MS, 'order-not-found').message,
      'why; looked for again at 2026-11-22 11:15, until 15:00 (Europe/Berlin)',
    );
    assert.equal(
      ended(5 * MINUTE_MS, 'order-held').message,
      'why; looked at again at 2026-11-22 11:15, until 2026-11-25 11:00 (Europe/Berlin)',
    );
    assert.equal(
      ended(4 * HOUR_MS, 'order-not-found').message,
      'why; waited for until 2026-11-22 15:00 (Europe/Berlin)',
    );
  });
});

describe('The next look', () => {
  const after = (afterMs: number, limits = LIMITS) =>
    nextLookMs({ limits, sinceMs: CLAIMED_MS, nowMs: CLAIMED_MS + afterMs }) - CLAIMED_MS;

  it('comes at the next full interval of the clock, at one time for files that were claimed at several', () => {
    const lookAfter = (claimedMs: number) =>
      nextLookMs({ limits: LIMITS, sinceMs: claimedMs, nowMs: CLAIMED_MS });
    assert.equal(lookAfter(CLAIMED_MS - 4 * MINUTE_MS), lookAfter(CLAIMED_MS - 7 * MINUTE_MS));
    assert.equal(after(0), 15 * MINUTE_MS);
    assert.equal(after(15 * MINUTE_MS - 1), 15 * MINUTE_MS);
    assert.equal(after(15 * MINUTE_MS), 30 * MINUTE_MS);
  });

  it('comes at the end of a limit where that is sooner, so that nothing waits longer', () => {
    const limits = { ...LIMITS, orderNotFoundMs: 20 * MINUTE_MS };
    assert.equal(after(16 * MINUTE_MS, limits), 20 * MINUTE_MS);
    assert.equal(after(20 * MINUTE_MS, limits), 30 * MINUTE_MS);
  });

  it('is never further away than an interval, also when the clock was set back before the claim', () => {
    assert.equal(after(-5 * HOUR_MS), -5 * HOUR_MS + 15 * MINUTE_MS);
  });
});
