import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import type { Verdict } from '../../src/magento/answers.ts';
import { RightWatch } from '../../src/magento/right-state.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

const never = new AbortController().signal;

const refused = (blame: 'right' | 'call' | 'store'): Verdict => ({
  kind: 'refused',
  blame,
  message: 'no',
  retryAfterMs: undefined,
  tooMuch: false,
});

/** A watch whose questions are answered from a list, then as granted, and whose pauses take no time. */
function watching(answers: readonly (Verdict | Error)[]) {
  const told: string[] = [];
  const pausesMs: number[] = [];
  const left = [...answers];
  const clock: Clock = {
    ...systemClock,
    random: () => 0,
    async sleep(delayMs, signal) {
      pausesMs.push(delayMs);
      await new Promise(setImmediate);
      if (signal?.aborted) throw new StoppedError();
    },
  };
  const events = new Events();
  events.onAny((name) => told.push(name));
  const watch = new RightWatch({
    store: 'main',
    right: 'Magento_Sales::ship',
    pauses: { firstDelayMs: 200, maxDelayMs: 1_000 },
    clock,
    events,
    async ask() {
      const next = left.shift() ?? { kind: 'done', value: {} };
      if (next instanceof Error) throw next;
      return next;
    },
  });
  return { watch, told, pausesMs };
}

test('a right that is missed is asked for in growing pauses until it is granted', async () => {
  const { watch, told, pausesMs } = watching([refused('right'), refused('store'), refused('right')]);
  watch.miss('401');
  watch.miss('401, again');
  assert.equal(watch.isGranted, false);
  await watch.whenGranted(never);
  assert.equal(watch.isGranted, true);
  assert.deepEqual(pausesMs, [100, 200, 400, 500]);
  assert.deepEqual(told, [
    'store.right-missing',
    ...Array(3).fill('store.right-still-missing'),
    'store.right-granted',
  ]);
});

test('a question that is refused for another reason had the right', async () => {
  const { watch, pausesMs } = watching([refused('call')]);
  watch.miss('401');
  await watch.whenGranted(never);
  assert.equal(pausesMs.length, 1);
});

test('the pauses go on growing until a call that needs it comes through', async () => {
  const { watch, pausesMs } = watching([]);
  for (let times = 0; times < 3; times += 1) {
    watch.miss('401');
    await watch.whenGranted(never);
  }
  watch.worked();
  watch.miss('401');
  await watch.whenGranted(never);
  assert.deepEqual(pausesMs, [100, 200, 400, 100]);
});

test('whoever waits for it leaves when its own signal fires, and the others go on', async () => {
  const { watch } = watching([]);
  const stop = new AbortController();
  watch.miss('401');
  const first = watch.whenGranted(never);
  const second = watch.whenGranted(stop.signal);
  stop.abort();
  await assert.rejects(second, StoppedError);
  await first;
});

test('a bug in asking is told, and the right stays missing until there is an answer', async () => {
  const { watch, told } = watching([new TypeError('oops')]);
  watch.miss('401');
  await watch.whenGranted(never);
  assert.deepEqual(told, ['store.right-missing', 'bug', 'store.right-still-missing', 'store.right-granted']);
});

test('once disposed of it is never granted again, and those who wait are told', async () => {
  const { watch, told } = watching([]);
  watch.miss('401');
  const waiting = watch.whenGranted(never);
  watch[Symbol.dispose]();
  await assert.rejects(waiting, StoppedError);
  await new Promise(setImmediate);
  await assert.rejects(watch.whenGranted(never), StoppedError);
  assert.deepEqual(told, ['store.right-missing']);
});
