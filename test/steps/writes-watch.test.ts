import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '../../src/domain/write.ts';
import { Events } from '../../src/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { WritesWatch } from '../../src/steps/writes-watch.ts';

const ship = (orderId: number, source: string | null): Action => ({
  kind: 'ship',
  orderId,
  items: [],
  parcels: [],
  source,
  comment: null,
  mails: false,
});

const mail: Action = { kind: 'mail', orderId: 1, shipmentId: 1, trackingNumbers: [] };

/** A watch under which nothing is tried again by itself, and what it told: `-` no more, `+` again. */
function openWatch() {
  const events = new Events();
  const told: string[] = [];
  events.on('store.writes-failing', ({ source }) => told.push(`- ${source}`));
  events.on('store.writes-working', ({ source }) => told.push(`+ ${source}`));
  const stop = new AbortController();
  const watch = new WritesWatch('main', {
    pauses: { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    clock: systemClock,
    events,
    signal: stop.signal,
  });
  const fail = (source: string | null, orders: number) => {
    for (let order = 1; order <= orders; order += 1) watch.failed(ship(order, source), 'Could not save');
  };
  return { watch, told, fail, [Symbol.dispose]: () => stop.abort() };
}

describe('Writes that wait for their turn', () => {
  it('all go at once when one of their kind has come through, and none of another kind', async () => {
    using open = openWatch();
    const { watch, told, fail } = open;
    fail('berln', 5);
    fail('hambrg', 5);
    const waiting = [1, 2, 3].map((order) => watch.turn(ship(order, 'berln')));
    watch.worked(ship(9, 'berln'));
    assert.deepEqual(await Promise.all(waiting), [false, false, false]);
    assert.equal(watch.mustWait(ship(1, 'berln')), false);
    assert.equal(watch.mustWait(ship(1, 'hambrg')), true);
    assert.deepEqual(told, ['- berln', '- null', '+ berln', '+ null']);
  });

  it('wait for no mail, which waits for none of them', () => {
    using open = openWatch();
    const { watch, fail } = open;
    fail(null, 5);
    assert.equal(watch.mustWait(mail), false);
    watch.worked(mail);
    assert.equal(watch.mustWait(ship(1, null)), true);
  });
});
