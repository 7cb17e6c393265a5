import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killedAt } from './killed-at.ts';
import { ACROSS_MOUNTS, KILLS } from './scenes.ts';

describe('Daemons that are killed one after the other, each at another step', { concurrency: true }, () => {
  const across = KILLS.filter(({ step }) => ACROSS_MOUNTS.has(step));
  const within = KILLS.filter(({ step }) => !ACROSS_MOUNTS.has(step));
  const half = Math.ceil(within.length / 2);

  for (const kills of [within.slice(0, half), within.slice(half)]) {
    const [first, last] = [kills[0]?.step, kills.at(-1)?.step];
    it(`lose nothing and double nothing, from ${first} to ${last}`, async () => {
      assert.deepEqual(await killedAt(kills), []);
    });
  }

  it('nor where working files lie on another file system', async () => {
    assert.deepEqual(await killedAt(across, ['working']), []);
  });
});
