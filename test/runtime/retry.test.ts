import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { type RetryVerdict, retrying } from '../../src/runtime/retry.ts';

/** Sleeps at once and keeps a list of how long it would have been. */
function instantClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    ...systemClock,
    slept,
    async sleep(delayMs) {
      slept.push(delayMs);
    },
  };
}

function failing(times: number) {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    async work() {
      calls += 1;
      if (calls <= times) throw new Error(`failure ${calls}`);
      return 'done';
    },
  };
}

function options(clock: Clock, verdict: (error: Error) => RetryVerdict = () => 'count') {
  return {
    attempts: 3,
    verdict,
    delayMs: (attempt: number) => attempt * 100,
    clock,
    signal: new AbortController().signal,
  };
}

test('tries again after each failure, with pauses made by the clock', async () => {
  const clock = instantClock();
  const task = failing(2);
  assert.equal(await retrying(() => task.work(), options(clock)), 'done');
  assert.deepEqual(clock.slept, [100, 200]);
});

test('throws the last error when its attempts are used up', async () => {
  const clock = instantClock();
  const task = failing(99);
  await assert.rejects(
    retrying(() => task.work(), options(clock)),
    /failure 3/,
  );
  assert.equal(task.calls, 3);
  assert.deepEqual(clock.slept, [100, 200]);
});

test('does not count failures that were not its own, however many there are', async () => {
  const clock = instantClock();
  const task = failing(50);
  assert.equal(
    await retrying(
      () => task.work(),
      options(clock, () => 'free'),
    ),
    'done',
  );
  assert.equal(task.calls, 51);
  assert.deepEqual(clock.slept, []);
});

test('does not give up on a free failure after the last counted one but one', async () => {
  const clock = instantClock();
  const verdicts: RetryVerdict[] = ['count', 'count', 'free', 'free', 'count'];
  const task = failing(5);
  const verdict = (error: Error) => verdicts[Number(error.message.at(-1)) - 1] ?? 'give-up';
  await assert.rejects(
    retrying(() => task.work(), options(clock, verdict)),
    /failure 5/,
  );
});

test('never retries what it is told to give up', async () => {
  const clock = instantClock();
  const task = failing(99);
  await assert.rejects(
    retrying(
      () => task.work(),
      options(clock, () => 'give-up'),
    ),
    /failure 1/,
  );
  assert.equal(task.calls, 1);
});

test('ends a pause when the signal fires', async () => {
  const stop = new AbortController();
  const task = failing(99);
  const result = retrying(() => task.work(), {
    ...options(systemClock),
    delayMs: () => 60_000,
    onRetry: () => setImmediate(() => stop.abort()),
    signal: stop.signal,
  });
  await assert.rejects(result, StoppedError);
  assert.equal(task.calls, 1);
});
