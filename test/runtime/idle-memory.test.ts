import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Events } from '../../src/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { collectGarbage, collectWhenIdle, QUIET_FOR_MS } from '../../src/runtime/idle-memory.ts';

/** A clock that stands still; `sleeps` holds who sleeps on it, oldest first. */
function standingClock() {
  let nowMs = 1_000_000;
  const sleeps: { readonly delayMs: number; readonly wake: () => void }[] = [];
  const clock = {
    ...systemClock,
    nowMs: () => nowMs,
    sleep: (delayMs: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleeps.push({ delayMs, wake: resolve });
        signal?.addEventListener('abort', reject, { once: true });
      }),
  };
  /** Lets `byMs` pass and wakes the one that sleeps. */
  const pass = async (byMs: number) => {
    nowMs += byMs;
    sleeps.shift()?.wake();
    await new Promise(setImmediate);
  };
  return { clock, sleeps, pass };
}

function scene() {
  const { clock, sleeps, pass } = standingClock();
  const events = new Events();
  const seen = { collections: 0 };
  const collect = async () => {
    seen.collections += 1;
  };
  const happen = () => events.emit('daemon.active', { pid: 1 });
  return { events, sleeps, pass, seen, happen, watch: collectWhenIdle(events, { clock, collect }) };
}

test('collects once when nothing has happened for a while, and not again until something does', async () => {
  const { happen, pass, sleeps, seen } = scene();
  happen();
  assert.equal(sleeps[0]?.delayMs, QUIET_FOR_MS);
  await pass(QUIET_FOR_MS);
  assert.equal(seen.collections, 1);
  assert.equal(sleeps.length, 0);
  happen();
  await pass(QUIET_FOR_MS);
  assert.equal(seen.collections, 2);
});

test('does not collect while work goes on, however many events there are', async () => {
  const { happen, pass, sleeps, seen } = scene();
  for (let event = 0; event < 1_000; event += 1) happen();
  assert.equal(sleeps.length, 1);
  const passing = pass(QUIET_FOR_MS - 1_000);
  happen();
  await passing;
  assert.equal(seen.collections, 0);
  assert.equal(sleeps[0]?.delayMs, QUIET_FOR_MS);
});

test('is over when it is disposed of', async () => {
  const { happen, pass, watch, seen } = scene();
  happen();
  watch[Symbol.dispose]();
  happen();
  await pass(QUIET_FOR_MS);
  assert.equal(seen.collections, 0);
});

test('tells of a collection that fails, once', async () => {
  const { clock, sleeps, pass } = standingClock();
  const events = new Events();
  const told: unknown[] = [];
  events.on('bug', ({ error }) => told.push(error));
  const broken = new Error('no inspector');
  collectWhenIdle(events, { clock, collect: () => Promise.reject(broken) });
  events.emit('daemon.active', { pid: 1 });
  await pass(QUIET_FOR_MS);
  assert.deepEqual(told, [broken]);
  assert.equal(sleeps.length, 0);
});

test('gives back what nobody needs any more', async () => {
  let garbage: unknown[] | undefined = Array.from({ length: 100_000 }, (_, each) => ({ each }));
  const beforeBytes = process.memoryUsage().heapUsed;
  assert.equal(garbage.length, 100_000);
  garbage = undefined;
  await collectGarbage();
  assert.ok(process.memoryUsage().heapUsed < beforeBytes - 1_000_000);
});
