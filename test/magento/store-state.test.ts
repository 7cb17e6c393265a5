import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backoff } from '../../src/domain/schedule.ts';
import { Events } from '../../src/events.ts';
import { StoreWatch } from '../../src/magento/store-state.ts';
import type { Failure, Verdict } from '../../src/magento/verdict.ts';
import { answering, DONE, failed, pausingClock } from './watch-parts.ts';

const failure = (message: string, more: Partial<Failure> = {}) => failed({ message, ...more });

/** A watch whose probes are answered from a list, then always, and whose pauses take no time. */
function watching(
  answers: readonly (Verdict | Error)[],
  pauses: Backoff = { firstDelayMs: 200, maxDelayMs: 1_000 },
) {
  const told: string[] = [];
  const answer = answering(answers);
  const { clock, pausesMs } = pausingClock();
  const events = new Events();
  events.onAny((name, facts) => {
    const message = 'message' in facts ? `: ${facts.message}` : '';
    told.push(name === 'bug' ? `bug: ${(facts as { error: Error }).error.message}` : `${name}${message}`);
  });
  const watch = new StoreWatch({
    store: 'main',
    pauses,
    clock,
    events,
    async ask(call) {
      told.push(call === 'orders' ? 'asked' : `asked ${call}`);
      return answer();
    },
    onOpen: (isOpen) => told.push(isOpen ? 'open' : 'shut'),
  });
  return { watch, events, told, pausesMs };
}

test('a failure whose probe is answered was the call’s own: up, probing, up', async () => {
  const { watch, told } = watching([]);
  const wasWell = watch.doubt('orders', 'timeout');
  assert.equal(watch.state, 'probing');
  assert.equal(await wasWell, true);
  assert.equal(watch.state, 'up');
  assert.deepEqual(told, ['shut', 'store.probing: timeout', 'asked', 'store.well', 'open']);
  assert.equal(watch.resumedAtMs, 0);
});

test('failures that come together share one probe and its answer', async () => {
  const { watch, told } = watching([]);
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((each) => watch.doubt('orders', each))), [
    true,
    true,
    true,
  ]);
  assert.equal(told.filter((each) => each === 'asked').length, 1);
});

test('the question of the call that failed is put as well, and shows what a store that answers does not do', async () => {
  for (const [call, failing] of [
    ['shipments', 'shipments'],
    ['track', 'writes'],
    ['ship', 'writes'],
  ] as const) {
    const { watch, events, told } = watching([
      DONE,
      failure('403'),
      failure('away'),
      DONE,
      failure('403'),
      DONE,
    ]);
    const said: string[] = [];
    events.on('store.down', (facts) => said.push(facts.failing));
    events.on('store.still-down', (facts) => said.push(facts.failing));
    assert.equal(await watch.doubt(call, 'timeout'), false);
    assert.deepEqual(said, [failing, 'everything', failing]);
    const down = ['store.probing: timeout', 'asked', `asked ${call}`, 'store.down: 403'];
    const stillDown = ['asked', 'store.still-down: away', 'asked', `asked ${call}`, 'store.still-down: 403'];
    assert.deepEqual(told, ['shut', ...down, ...stillDown, 'asked', `asked ${call}`, 'store.up', 'open']);
  }
});

test('a write that fails while the probe is out is not well before its own question is answered', async () => {
  const { watch, told } = watching([DONE, failure('403')]);
  const looked = watch.doubt('orders', 'timeout');
  const written = watch.doubt('track', '403');
  assert.deepEqual([await looked, await written], [false, false]);
  assert.ok(told.includes('asked track'));
  assert.equal(await watch.doubt('orders', 'timeout'), true);
  assert.equal(told.filter((each) => each === 'asked track').length, 2, 'not again by another doubt');
});

test('a question of a write that is refused in the shop’s own words was answered', async () => {
  const { watch } = watching([DONE, failure('no such order', { blame: 'call' })]);
  assert.equal(await watch.doubt('ship', 'timeout'), true);
});

test('a store that does not answer is down, asked in growing pauses, and up again when it answers', async () => {
  const { watch, told, pausesMs } = watching(['a', 'b', 'c', 'd', 'e'].map((message) => failure(message)));
  const wasWell = watch.doubt('orders', 'refused');
  const later = watch.doubt('orders', 'refused too');
  assert.deepEqual([await wasWell, await later], [false, false]);
  assert.equal(watch.state, 'up');
  assert.ok(watch.resumedAtMs > 0);
  assert.deepEqual(pausesMs, [100, 200, 400, 500, 500]);
  assert.deepEqual(
    told.filter((each) => each !== 'asked'),
    [
      'shut',
      'store.probing: refused',
      'store.down: refused',
      ...['b', 'c', 'd', 'e'].map((message) => `store.still-down: ${message}`),
      'store.up',
      'open',
    ],
  );
});

test('no pause is longer than a quarter of a minute, so that little of a store’s being up is missed', async () => {
  const { watch, pausesMs } = watching(Array(8).fill(failure('away')), {
    firstDelayMs: 1_000,
    maxDelayMs: 60_000,
  });
  await watch.doubt('orders', 'refused');
  assert.deepEqual(pausesMs, [500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500, 7_500]);
});

test('what the store asks for by Retry-After wins over the pauses', async () => {
  const answers = [failure('a', { retryAfterMs: 5_000 }), failure('b', { retryAfterMs: 7_000 })];
  const { watch, pausesMs } = watching(answers);
  await watch.doubt('orders', '503');
  assert.deepEqual(pausesMs, [5_000, 7_000]);
});

test('says of each probe that failed how many there were in this outage', async () => {
  const { watch, events } = watching([
    ...Array(4).fill(failure('away')),
    DONE,
    failure('away'),
    failure('away'),
  ]);
  const times: number[] = [];
  events.on('store.still-down', (facts) => times.push(facts.times));
  await watch.doubt('orders', 'reset');
  await watch.doubt('orders', 'reset');
  assert.deepEqual(times, [1, 2, 3, 1]);
});

test('the pauses go on growing from outage to outage until a call comes through', async () => {
  const outage = [failure('away'), DONE];
  const { watch, pausesMs } = watching([...outage, ...outage, ...outage, ...outage]);
  for (let times = 0; times < 3; times += 1) await watch.doubt('orders', 'reset');
  assert.deepEqual(pausesMs, [100, 200, 400]);
  watch.worked();
  await watch.doubt('orders', 'reset');
  assert.equal(pausesMs.at(-1), 100);
});

for (const blame of ['right', 'rate'] as const) {
  test(`a probe that is refused for the ${blame} was answered all the same`, async () => {
    const { watch } = watching([failure('no', { blame })]);
    assert.equal(await watch.doubt('orders', 'reset'), true);
  });
}

const REFUSED = failure('wrong password', { blame: 'sign-in', retryAfterMs: 3_600_000 });

test('refused credentials shut the store: nothing is asked meanwhile, whatever fails after that', async () => {
  const { watch, told, pausesMs } = watching([]);
  const wasWell = watch.refuse(REFUSED);
  void watch.refuse(REFUSED);
  const doubted = watch.doubt('orders', 'reset');
  assert.equal(watch.state, 'refused');
  assert.deepEqual(told, ['shut', 'store.sign-in-refused: wrong password']);
  assert.deepEqual(pausesMs, [3_600_000]);
  watch[Symbol.dispose]();
  assert.deepEqual([await wasWell, await doubted], [false, false]);
  assert.equal(told.length, 2);
});

test('refused credentials are asked about once an hour, and the store is up again once they are taken', async () => {
  const { watch, told, pausesMs } = watching([REFUSED, REFUSED]);
  const wasWell = watch.refuse(REFUSED);
  const doubted = watch.doubt('orders', 'reset');
  assert.deepEqual([await wasWell, await doubted], [false, false], 'no failure counts because of it');
  assert.equal(watch.state, 'up');
  assert.ok(watch.resumedAtMs > 0);
  assert.deepEqual(pausesMs, [3_600_000, 3_600_000, 3_600_000]);
  const refused = 'store.sign-in-refused: wrong password';
  assert.deepEqual(told, ['shut', refused, 'asked', refused, 'asked', refused, 'asked', 'store.up', 'open']);
});

test('a store that does not answer once the hour is over is down, and asked as one that is', async () => {
  const { watch, told, pausesMs } = watching([failure('away'), failure('away')]);
  assert.equal(await watch.refuse(REFUSED), false);
  assert.deepEqual(pausesMs, [3_600_000, 100, 200]);
  assert.deepEqual(
    told.filter((each) => each !== 'asked'),
    [
      'shut',
      'store.sign-in-refused: wrong password',
      'store.down: away',
      'store.still-down: away',
      'store.up',
      'open',
    ],
  );
});

test('credentials that are refused to the probe end the probing, in the first one or a later one', async () => {
  for (const before of [[], [failure('away'), failure('away')]]) {
    const { watch, events, told, pausesMs } = watching([...before, REFUSED]);
    let stateWhenSaid = '';
    events.on('store.sign-in-refused', () => {
      stateWhenSaid = watch.state;
    });
    assert.equal(await watch.doubt('orders', 'reset'), false);
    assert.equal(stateWhenSaid, 'refused');
    assert.equal(pausesMs.at(-1), 3_600_000);
    const asked = told.slice(0, told.indexOf('store.sign-in-refused: wrong password'));
    assert.equal(asked.filter((each) => each === 'asked').length, before.length + 1);
    assert.ok(!asked.includes('open'));
  }
});

test('credentials that are refused to a call end the probing of a store that was down', async () => {
  const { watch, events, told } = watching([failure('away'), failure('away')]);
  const down = events.next('store.down');
  const doubted = watch.doubt('orders', 'reset');
  await down;
  const refused = watch.refuse(REFUSED);
  assert.equal(watch.state, 'refused');
  assert.deepEqual([await doubted, await refused], [false, false]);
  assert.deepEqual(
    told.filter((each) => each.startsWith('asked')).length,
    3,
    'the one before, and two after the hour: the probing that went on is over',
  );
  assert.deepEqual(
    told.filter((each) => each.startsWith('store.up')),
    ['store.up'],
  );
});

test('a bug in the probe is told, and calls wait until there is an answer', async () => {
  const { watch, told } = watching([new TypeError('oops')]);
  assert.equal(await watch.doubt('orders', 'reset'), false);
  assert.ok(told.includes('bug: oops'));
  assert.equal(watch.state, 'up');
});

test('once disposed of it asks nothing more, stays shut, and tells those who wait', async () => {
  const { watch, events, told } = watching(Array(50).fill(failure('away')));
  const down = events.next('store.down');
  const wasWell = watch.doubt('orders', 'refused');
  await down;
  watch[Symbol.dispose]();
  assert.equal(await wasWell, false);
  const asked = told.length;
  await new Promise(setImmediate);
  assert.equal(told.length, asked);
  assert.ok(!told.includes('open'));
});
