import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { StoppedError } from '../../src/domain/failure.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { WorkQueue } from '../../src/runtime/queue.ts';
import { Spacing } from '../../src/runtime/spacing.ts';

const never = new AbortController().signal;

const queueOf = (workers: number) =>
  new WorkQueue({ workers, spacing: new Spacing(null, systemClock) }, systemClock);

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
  using queue = queueOf(3);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      queue.run(
        0,
        async () => {
          running += 1;
          most = Math.max(most, running);
          await setImmediate();
          running -= 1;
        },
        never,
      ),
    ),
  );
  assert.equal(most, 3);
});

test('starts work of higher priority first, otherwise in the order of asking', async () => {
  using queue = queueOf(1);
  const order: string[] = [];
  const add = (name: string, priority: number) =>
    queue.run(
      priority,
      async () => {
        order.push(name);
      },
      never,
    );
  queue.hold();
  const all = Promise.all([add('write 1', 0), add('look 1', 1), add('write 2', 0), add('look 2', 1)]);
  queue.release();
  await all;
  assert.deepEqual(order, ['look 1', 'look 2', 'write 1', 'write 2']);
});

test('takes waiting work out when its signal fires, also while it is held', async () => {
  using queue = queueOf(1);
  const stop = new AbortController();
  queue.hold();
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
  queue.release();
  await queue.run(0, async () => {}, never);
  assert.equal(ran, false);
});

test('leaves running work to finish when its signal fires', async () => {
  using queue = queueOf(1);
  const stop = new AbortController();
  const first = work();
  const result = queue.run(0, first.run, stop.signal);
  await first.started;
  stop.abort();
  first.resolve('finished');
  assert.equal(await result, 'finished');
});

test('frees the worker of work that failed', async () => {
  using queue = queueOf(1);
  const broken = async () => {
    throw new Error('broken');
  };
  await assert.rejects(queue.run(0, broken, never), /broken/);
  assert.equal(await queue.run(0, async () => 'next', never), 'next');
});

test('rests for the longest time that was asked for', async () => {
  using queue = queueOf(1);
  const startedAt = performance.now();
  queue.rest(60);
  queue.rest(20);
  await queue.run(0, async () => {}, never);
  assert.ok(performance.now() - startedAt >= 55);
});

test('rejects what waits when it is disposed of', async () => {
  const queue = queueOf(1);
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

test('takes out all that waits for a signal, and leaves what waits for another', async () => {
  using queue = queueOf(1);
  const stop = new AbortController();
  queue.hold();
  const run = (signal: AbortSignal) => queue.run(0, async () => 'done', signal);
  const waiting = [run(stop.signal), run(never), run(stop.signal)];
  stop.abort();
  queue.release();
  const [first, second, third] = await Promise.allSettled(waiting);
  assert.equal(second?.status === 'fulfilled' && second.value, 'done');
  for (const each of [first, third]) {
    assert.ok(each?.status === 'rejected' && each.reason instanceof StoppedError);
  }
});

test('listens to a signal once, however much waits for it, and no longer than something does', async () => {
  using queue = queueOf(1);
  const { signal } = new AbortController();
  queue.hold();
  const all = Promise.all(Array.from({ length: 50 }, () => queue.run(0, async () => {}, signal)));
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  queue.release();
  await all;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('lets urgent work alone through while it is held or rests', async () => {
  using queue = queueOf(5);
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  queue.hold();
  queue.rest(60_000);
  const waiting = [queue.run(0, note('write'), never), queue.run(1, note('look'), never)];
  await Promise.all([queue.runUrgent(note('urgent 1'), never), queue.runUrgent(note('urgent 2'), never)]);
  await setImmediate();
  assert.deepEqual(order, ['urgent 1', 'urgent 2']);
  queue[Symbol.dispose]();
  for (const each of waiting) await assert.rejects(each, StoppedError);
});

test('starts urgent work first, as soon as a worker is free, and nothing in its wake', async () => {
  using queue = queueOf(1);
  const running = work();
  const first = queue.run(0, running.run, never);
  await running.started;
  queue.hold();
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  const look = queue.run(1, note('look'), never);
  const urgent = queue.runUrgent(note('urgent'), never);
  await setImmediate();
  assert.deepEqual(order, [], 'the only worker is taken');
  running.resolve('first');
  await Promise.all([first, urgent]);
  await setImmediate();
  assert.deepEqual(order, ['urgent']);
  queue.release();
  await look;
});

test('stays shut after urgent work that was taken out before its turn', async () => {
  using queue = queueOf(1);
  const running = work();
  const first = queue.run(0, running.run, never);
  await running.started;
  queue.hold();
  const stop = new AbortController();
  const urgent = queue.runUrgent(async () => {}, stop.signal);
  let ran = false;
  const run = async () => {
    ran = true;
  };
  const held = queue.run(0, run, never);
  stop.abort();
  await assert.rejects(urgent, StoppedError);
  running.resolve('first');
  await first;
  await setImmediate();
  assert.equal(ran, false);
  queue.release();
  await held;
});

test('runs less at once after it lost workers, and more when it gets them back', async () => {
  using queue = queueOf(3);
  const pieces = Array.from({ length: 6 }, work);
  let running = 0;
  const all = pieces.map((piece) =>
    queue.run(
      0,
      async () => {
        running += 1;
        await piece.run();
        running -= 1;
      },
      never,
    ),
  );
  assert.equal(running, 3);
  queue.workers = 1;
  for (const piece of pieces.slice(0, 3)) piece.resolve('done');
  await pieces[3]?.started;
  await setImmediate();
  assert.equal(running, 1);
  queue.workers = 2;
  await pieces[4]?.started;
  assert.equal(running, 2);
  for (const piece of pieces) piece.resolve('done');
  await Promise.all(all);
});

/** A queue whose requests are to leave 20 ms apart, with what notes when they do. */
function spaced(workers: number) {
  const spacing = new Spacing(50, systemClock);
  const queue = new WorkQueue({ workers, spacing }, systemClock);
  const leftAtMs: number[] = [];
  const leave = async () => void (await spacing.next(() => leftAtMs.push(performance.now())));
  const gapsMs = () => leftAtMs.slice(1).map((atMs, index) => atMs - (leftAtMs[index] ?? 0));
  return { spacing, queue, leave, leftAtMs, gapsMs };
}

test('leaves its time between any two requests, urgent ones and a second one of the same work too', async () => {
  const { queue, leave, gapsMs } = spaced(5);
  const twice = async () => {
    await leave();
    await leave();
  };
  await Promise.all([
    ...Array.from({ length: 5 }, () => queue.run(0, leave, never)),
    queue.run(0, twice, never),
    queue.runUrgent(leave, never),
    queue.runUrgent(leave, never),
  ]);
  assert.equal(gapsMs().length, 8);
  assert.ok(
    gapsMs().every((gapMs) => gapMs >= 20),
    String(gapsMs()),
  );
});

test('starts nothing before the next request could leave, so that what comes meanwhile may go first', async () => {
  const { queue, leave } = spaced(5);
  const started: string[] = [];
  const note = (name: string) => async () => {
    started.push(name);
    await leave();
  };
  const first = queue.run(0, note('write 1'), never);
  const second = queue.run(0, note('write 2'), never);
  await setImmediate();
  assert.deepEqual(started, ['write 1']);
  await Promise.all([first, second, queue.run(1, note('look'), never)]);
  assert.deepEqual(started, ['write 1', 'look', 'write 2']);
});

test('lets work that has nothing to send take no place, whether it says so or fails', async () => {
  // The first place alone is free within the time of a test.
  const spacing = new Spacing(0.001, systemClock);
  const queue = new WorkQueue({ workers: 1, spacing }, systemClock);
  const none = () => spacing.next(() => undefined);
  const old = () => spacing.next(() => Promise.reject(new Error('old')));
  const works = Array.from({ length: 50 }, (_, n) => queue.run(0, n % 2 === 0 ? none : old, never));
  const sent = queue.run(0, () => spacing.next(() => 'sent'), never);
  for (const [n, work] of works.entries()) {
    if (n % 2 === 0) assert.equal(await work, undefined);
    else await assert.rejects(work, /old/);
  }
  assert.equal(await sent, 'sent');
  spacing[Symbol.dispose]();
});

test('gives the next place to a request of work that runs before it starts other work', async () => {
  const { queue, spacing, leave } = spaced(5);
  const left: string[] = [];
  const signedIn = Promise.withResolvers<void>();
  const first = queue.run(
    0,
    async () => {
      await leave();
      const again = spacing.next(() => left.push('again'));
      signedIn.resolve();
      await again;
    },
    never,
  );
  await signedIn.promise;
  const second = queue.run(2, async () => void (await spacing.next(() => left.push('other'))), never);
  await Promise.all([first, second]);
  assert.deepEqual(left, ['again', 'other']);
});

test('rejects what waits for its place when the spacing is disposed of', async () => {
  const spacing = new Spacing(0.001, systemClock);
  await spacing.next(() => 'sent');
  const waiting = spacing.next(() => 'never');
  spacing[Symbol.dispose]();
  await assert.rejects(waiting, StoppedError);
  await assert.rejects(
    spacing.next(() => 'never'),
    StoppedError,
  );
});
