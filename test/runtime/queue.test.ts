import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { WorkQueue } from '../../src/runtime/queue.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function work() {
  const end = Promise.withResolvers<string>();
  const started = Promise.withResolvers<void>();
  return {
    ...end,
    started: started.promise,
    run: () => {
      started.resolve();
      return end.promise;
    },
  };
}

test('runs as much at once as there are workers, and no more', async () => {
  using queue = new WorkQueue(3, systemClock);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      queue.run(
        0,
        async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
        },
        never,
      ),
    ),
  );
  assert.equal(most, 3);
});

test('starts work of higher priority first, otherwise in the order of asking', async () => {
  using queue = new WorkQueue(1, systemClock);
  const order: string[] = [];
  const add = (name: string, priority: number) =>
    queue.run(
      priority,
      async () => {
        order.push(name);
      },
      never,
    );
  queue.hold('test');
  const all = Promise.all([add('write 1', 0), add('look 1', 1), add('write 2', 0), add('look 2', 1)]);
  queue.release('test');
  await all;
  assert.deepEqual(order, ['look 1', 'look 2', 'write 1', 'write 2']);
});

test('takes waiting work out when its signal fires, even while it is held', async () => {
  using queue = new WorkQueue(1, systemClock);
  const stop = new AbortController();
  queue.hold('test');
  let ran = false;
  const waiting = queue.run(
    0,
    async () => {
      ran = true;
    },
    stop.signal,
  );
  stop.abort();
  await assert.rejects(waiting, StoppedError);
  queue.release('test');
  await queue.run(0, async () => {}, never);
  assert.equal(ran, false);
});

test('leaves running work to finish when its signal fires', async () => {
  using queue = new WorkQueue(1, systemClock);
  const stop = new AbortController();
  const first = work();
  const result = queue.run(0, first.run, stop.signal);
  await first.started;
  stop.abort();
  first.resolve('finished');
  assert.equal(await result, 'finished');
});

test('frees the worker of work that failed', async () => {
  using queue = new WorkQueue(1, systemClock);
  const broken = async () => {
    throw new Error('broken');
  };
  await assert.rejects(queue.run(0, broken, never), /broken/);
  assert.equal(await queue.run(0, async () => 'next', never), 'next');
});

test('starts nothing until every holder has released it', async () => {
  using queue = new WorkQueue(1, systemClock);
  let ran = false;
  queue.hold('a');
  queue.hold('b');
  const waiting = queue.run(
    0,
    async () => {
      ran = true;
    },
    never,
  );
  queue.release('a');
  await new Promise(setImmediate);
  assert.equal(ran, false);
  queue.release('b');
  await waiting;
  assert.equal(ran, true);
});

test('rests for the longest time that was asked for', async () => {
  using queue = new WorkQueue(1, systemClock);
  const startedAt = performance.now();
  queue.rest(60);
  queue.rest(20);
  await queue.run(0, async () => {}, never);
  assert.ok(performance.now() - startedAt >= 55);
});

test('rejects what waits when it is disposed of', async () => {
  const queue = new WorkQueue(1, systemClock);
  const running = work();
  const first = queue.run(0, running.run, never);
  await running.started;
  const second = queue.run(0, async () => 'never', never);
  queue[Symbol.dispose]();
  await assert.rejects(second, StoppedError);
  await assert.rejects(
    queue.run(0, async () => 'never', never),
    StoppedError,
  );
  running.resolve('first');
  assert.equal(await first, 'first');
});
