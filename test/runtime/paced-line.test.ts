import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { PacedLine } from '../../src/runtime/paced-line.ts';

/** A line whose pauses end when the test says so. */
function lineOf() {
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  let asked = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    random: () => 1,
    sleep: (ms, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => reject(new StoppedError()), { once: true });
      pauses.push({ ms, end: resolve });
      asked.resolve();
      return promise;
    },
  };
  const stop = new AbortController();
  const state = { isOpen: false };
  const line = new PacedLine({
    pauses: { firstDelayMs: 100, maxDelayMs: 400 },
    clock,
    signal: stop.signal,
    isOpen: () => state.isOpen,
  });
  const passed: string[] = [];
  const wait = (name: string) =>
    line.turn().then(
      (isAlone) => passed.push(isAlone ? name : `${name} with all`),
      (error) => passed.push(`${name}: ${error.name}`),
    );
  /** Ends the pause under way, and resolves when the next one has begun, or with it what waited last has passed. */
  const endPause = async () => {
    asked = Promise.withResolvers();
    pauses.at(-1)?.end();
    await Promise.race([asked.promise, new Promise(setImmediate)]);
  };
  return { line, wait, passed, pauses, endPause, stop, state };
}

describe('A line of which one is let through after each pause', () => {
  it('lets them through in their order, with pauses that grow', async () => {
    const { wait, passed, pauses, endPause } = lineOf();
    const all = ['a', 'b', 'c', 'd'].map(wait);
    const seen: (readonly string[])[] = [];
    for (let n = 0; n < 4; n += 1) {
      await endPause();
      seen.push([...passed]);
    }
    await Promise.all(all);
    assert.deepEqual(seen, [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']]);
    assert.deepEqual(
      pauses.map(({ ms }) => ms),
      [100, 200, 400, 400],
    );
  });

  it('lets all through at once when it is opened, and begins with the first pause after that', async () => {
    const { line, wait, passed, pauses, endPause } = lineOf();
    const all = ['a', 'b', 'c'].map(wait);
    await endPause();
    line.open();
    await Promise.all(all);
    assert.deepEqual(passed, ['a', 'b with all', 'c with all']);
    void wait('d');
    await endPause();
    assert.deepEqual(passed.at(-1), 'd');
    assert.equal(pauses.at(-1)?.ms, 100);
  });

  it('lets all through after a pause where it is open by then', async () => {
    const { wait, passed, endPause, state } = lineOf();
    const all = ['a', 'b'].map(wait);
    state.isOpen = true;
    await endPause();
    await Promise.all(all);
    assert.deepEqual(passed, ['a with all', 'b with all']);
  });

  it('ends all waiting when it is stopped', async () => {
    const { wait, passed, stop } = lineOf();
    const all = ['a', 'b'].map(wait);
    stop.abort();
    await Promise.all(all);
    assert.deepEqual(passed, ['a: StoppedError', 'b: StoppedError']);
  });
});
