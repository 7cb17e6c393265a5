import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killedAt } from './killed-at.ts';
import { MOST_TELLING } from './scenes.ts';

describe('Daemons that are killed one after the other, each at another step of the main path', {
  concurrency: true,
}, () => {
  const half = Math.ceil(MOST_TELLING.length / 2);
  for (const kills of [MOST_TELLING.slice(0, half), MOST_TELLING.slice(half)]) {
    it(`lose nothing and double nothing, from ${kills[0]?.step} to ${kills.at(-1)?.step}`, async () => {
      assert.deepEqual(await killedAt(kills), []);
    });
  }
});
