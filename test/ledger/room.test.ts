import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { Room } from '../../src/ledger/room.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { mountSmallDisk, noMount } from '../small-disk.ts';
import { ledgerFolder } from './folder.ts';

/** SQLITE_FULL, as node:sqlite throws it. */
class FullError extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode = 13;
}

/** A room whose pauses are over at once; each is told of before. */
async function room(onPause: () => void = () => {}) {
  const folder = await ledgerFolder();
  const said: string[] = [];
  const stop = new AbortController();
  const clock: Clock = {
    nowMs: () => 0,
    wallMs: () => 0,
    random: () => 0,
    async sleep() {
      onPause();
      if (stop.signal.aborted) throw new StoppedError();
    },
  };
  return {
    said,
    stop,
    path: folder.path,
    names: folder.names,
    room: new Room(folder.file, {
      clock,
      signal: stop.signal,
      once: false,
      onUnwritable: () => said.push('full'),
      onWritable: () => said.push('writable'),
    }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Fails for want of room so many times, then does the work. */
function fullFor<T>(times: number, work: () => T): () => T {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw new FullError('database or disk is full');
    return work();
  };
}

describe('That the ledger has room again', () => {
  it('is said before what waited is done again, however long that takes', async () => {
    await using at = await room();
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<string>();
    const waited = at.room.until(
      fullFor(1, () => {
        begun.resolve();
        return end.promise;
      }),
    );
    await begun.promise;
    assert.deepEqual(at.said, ['full', 'writable']);
    end.resolve('done');
    assert.equal(await waited, 'done');
    assert.deepEqual(at.said, ['full', 'writable']);
    assert.deepEqual(await at.names(), [], 'nothing of the trial is left');
  });

  it('is said where what waited ends otherwise', { skip: noMount() }, async () => {
    await using at = await room();
    using disk = mountSmallDisk(at.path, 1);
    disk.fill();
    const taken = fullFor(1, () => {
      throw new RangeError('the file was taken away');
    });
    await assert.rejects(at.room.until(taken), RangeError);
    assert.deepEqual(at.said, ['full', 'writable']);
  });

  it('is said once for all who wait, and not while there is none', { skip: noMount() }, async () => {
    let pauses = 0;
    await using at = await room(() => {
      pauses += 1;
      if (pauses === 20) disk.free();
    });
    using disk = mountSmallDisk(at.path, 1);
    disk.fill();
    const works = [1, 2, 3].map((each) =>
      at.room.until(() => {
        if (pauses < 20) throw new FullError('database or disk is full');
        return each;
      }),
    );
    assert.deepEqual(await Promise.all(works), [1, 2, 3]);
    assert.deepEqual(at.said, ['full', 'writable']);
  });

  it('is not said over and over where there is some, but not enough', async () => {
    await using at = await room();
    await at.room.until(fullFor(50, () => {}));
    assert.deepEqual(at.said, ['full', 'writable', 'full', 'writable']);
  });

  it('is not said at the end of a process that was stopped while there was none', {
    skip: noMount(),
  }, async () => {
    await using at = await room(() => at.stop.abort());
    using disk = mountSmallDisk(at.path, 1);
    disk.fill();
    await assert.rejects(at.room.until(fullFor(5, () => {})), StoppedError);
    assert.deepEqual(at.said, ['full']);
  });
});
