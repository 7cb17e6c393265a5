import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../src/runtime/clock.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

describe('Drops that are given the same id by chance', { concurrency: true }, () => {
  const clock = { ...systemClock, random: () => 35.999 / 36, wallMs: () => Date.UTC(2026, 10, 22) };

  it('get one each', async () => {
    await using daemon = await RunningDaemon.start({ clock });
    const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('a.csv', plainFile([one, 'A1']));
    const second = await daemon.settle('b.csv', plainFile([two, 'B1']));
    assert.notEqual(first.drop, second.drop);
    assert.deepEqual([first.lines, second.lines], [['2: tracked'], ['2: tracked']]);
  });
});
