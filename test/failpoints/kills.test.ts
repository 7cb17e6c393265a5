import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STEPS } from '../../src/runtime/step.ts';
import { killedAt } from './killed-at.ts';

describe('A daemon that is killed', { concurrency: 3 }, () => {
  for (const step of STEPS) {
    it(`at ${step} loses nothing and doubles nothing`, async () => {
      assert.deepEqual(await killedAt({ step, nth: 1 }), []);
    });
  }
});
