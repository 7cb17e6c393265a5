import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Events } from '../../src/events.ts';
import { leaveWhoStaysAway } from '../../src/runtime/absence.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

const right = 'Magento_Sales::ship';

/** The minutes that are waited for, ended by hand. */
function watching() {
  const minutes: { readonly signal: AbortSignal | undefined; readonly pass: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep(delayMs, signal) {
      assert.equal(delayMs, 60_000);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal?.addEventListener('abort', reject);
      minutes.push({ signal, pass: resolve });
      return promise;
    },
  };
  const events = new Events();
  const left: string[] = [];
  const watch = leaveWhoStaysAway({ events, clock }, (store, message) => left.push(`${store}: ${message}`));
  return { events, minutes, left, watch };
}

test('leaves a store that is down for a minute, and one that misses a right so long, and says why', async () => {
  const { events, minutes, left } = watching();
  events.emit('store.down', { store: 'main', message: 'reset', failing: 'everything' });
  events.emit('store.right-missing', { store: 'outlet', right, message: 'no' });
  assert.deepEqual(left, []);
  for (const { pass } of minutes) pass();
  await new Promise(setImmediate);
  assert.deepEqual(left, [
    'main: for a minute now: reset',
    'outlet: for a minute now: Magento_Sales::ship is missing: no',
  ]);
});

test('leaves none that is back in time, and waits anew when it goes away again', () => {
  const { events, minutes } = watching();
  for (let times = 1; times <= 2; times += 1) {
    events.emit('store.down', { store: 'main', message: 'reset', failing: 'everything' });
    events.emit('store.right-missing', { store: 'main', right, message: 'no' });
    events.emit('store.up', { store: 'main', downForMs: 1 });
    events.emit('store.right-granted', { store: 'main', right });
    assert.equal(minutes.length, 2 * times);
    assert.ok(minutes.every(({ signal }) => signal?.aborted));
  }
});

test('leaves one that refuses the credentials at once', () => {
  const { events, left } = watching();
  events.emit('store.sign-in-refused', { store: 'main', message: 'wrong' });
  assert.deepEqual(left, ['main: wrong']);
});

test('keeps no process alive once it is disposed of, and hears of nothing more', () => {
  const { events, minutes, left, watch } = watching();
  events.emit('store.down', { store: 'main', message: 'reset', failing: 'everything' });
  watch[Symbol.dispose]();
  assert.ok(minutes[0]?.signal?.aborted);
  events.emit('store.sign-in-refused', { store: 'main', message: 'wrong' });
  assert.deepEqual(left, []);
});
