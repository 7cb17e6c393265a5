import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { Action } from '../../src/domain/write.ts';
import { writesKey } from '../../src/domain/write-kind.ts';
import { Events } from '../../src/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { Task } from '../../src/runtime/turns.ts';
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

const track = (orderId: number): Action => ({
  kind: 'track',
  orderId,
  shipmentId: 1,
  trackingNumber: 'N1',
  carrierCode: 'custom',
  title: 'Parcel',
});

const untrack: Action = { kind: 'untrack', orderId: 1, shipmentId: 1, trackId: 1, trackingNumber: 'N1' };

const task = (orderKey: string): Task => ({ drop: {} as Drop, orderKey });

const mail: Action = { kind: 'mail', orderId: 1, shipmentId: 1, trackingNumbers: [] };

/** A watch under which nothing is tried again by itself, and what it told: `-` no more, `+` again. */
function openWatch() {
  const events = new Events();
  const told: string[] = [];
  events.on('store.writes-failing', ({ kind }) => told.push(`- ${writesKey(kind)}`));
  events.on('store.writes-working', ({ kind }) => told.push(`+ ${writesKey(kind)}`));
  const stop = new AbortController();
  const watch = new WritesWatch('main', {
    pauses: { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 },
    clock: systemClock,
    events,
    signal: stop.signal,
  });
  const failed = (action: Action) => watch.failed(action, 'Could not save', systemClock.nowMs());
  const worked = (action: Action) => watch.worked(action, systemClock.nowMs());
  const fail = (source: string | null, orders: number) => {
    for (let order = 1; order <= orders; order += 1) failed(ship(order, source));
  };
  return { watch, told, fail, failed, worked, [Symbol.dispose]: () => stop.abort() };
}

describe('Writes that wait for their turn', () => {
  it('all go at once when one of their kind has come through, and none of another kind', async () => {
    using open = openWatch();
    const { watch, told, fail, worked } = open;
    fail('berln', 5);
    fail('hambrg', 5);
    const waiting = [1, 2, 3].map((order) => watch.turn(ship(order, 'berln')));
    worked(ship(9, 'berln'));
    assert.deepEqual(await Promise.all(waiting), [false, false, false]);
    assert.equal(watch.mustWait(ship(1, 'berln')), false);
    assert.equal(watch.mustWait(ship(1, 'hambrg')), true);
    assert.deepEqual(told, [
      '- ship from berln',
      '- all',
      '+ ship from berln',
      '+ all',
      '- ship from hambrg',
    ]);
  });

  it('are not told to come through by one that did before they failed', () => {
    using open = openWatch();
    const { watch, told, fail, failed } = open;
    fail('berln', 5);
    for (let order = 6; order <= 7; order += 1) failed(track(order));
    watch.cameThrough({ writes: 'track' }, 0);
    assert.deepEqual(told, ['- ship from berln', '- all']);
  });

  it('wait for no mail, which waits for none of them', () => {
    using open = openWatch();
    const { watch, fail, worked } = open;
    fail(null, 5);
    assert.equal(watch.mustWait(mail), false);
    worked(mail);
    assert.equal(watch.mustWait(ship(1, null)), true);
  });

  it('wait for no number where shipments fail, nor does a number say that shipments come through', () => {
    using open = openWatch();
    const { watch, told, fail, worked } = open;
    fail(null, 4);
    worked(track(9));
    fail(null, 5);
    assert.deepEqual([watch.mustWait(ship(9, null)), watch.mustWait(track(9))], [true, false]);
    worked(track(9));
    assert.equal(watch.mustWait(ship(9, null)), true);
    assert.deepEqual(told, ['- ship']);
  });

  it('are told nothing by a number that is taken back, which waits with those that are added', () => {
    using open = openWatch();
    const { watch, failed, worked } = open;
    for (let order = 1; order <= 5; order += 1) failed({ ...untrack, orderId: order });
    assert.equal(watch.mustWait(track(1)), false);
    for (let order = 1; order <= 5; order += 1) failed(track(order));
    worked(untrack);
    assert.deepEqual([watch.mustWait(track(1)), watch.mustWait(untrack)], [true, true]);
    assert.equal(failed(untrack), false, 'counts against its order');
  });

  it('keep a turn that came too late for the next write of the task, if that is of the same kind', () => {
    using open = openWatch();
    const { watch } = open;
    const [same, other] = [task('same'), task('other')];
    for (const each of [same, other]) watch.keepTurn(each, ship(1, 'berln'));
    assert.equal(watch.takeTurn(same, ship(1, 'BERLN')), true);
    assert.equal(watch.takeTurn(same, ship(1, 'berln')), false, 'one write');
    assert.equal(watch.takeTurn(other, track(1)), false);
    assert.equal(watch.takeTurn(other, ship(1, 'berln')), false, 'the turn is over');
  });
});
