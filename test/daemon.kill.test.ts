import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Round, runRound } from './torture/round.ts';

/** Another one every day: what one round misses the next may hit. It stands in the message of a failure. */
const SEED = Math.floor(Date.now() / 86_400_000);

function assertUnharmed({ breaches, lost, doubled, rows, kept }: Round, seed: number): void {
  assert.deepEqual(breaches, [], `seed ${seed}, data folder ${kept}`);
  assert.deepEqual([lost, doubled], [0, 0]);
  assert.ok(rows > 0, 'something was there to be harmed');
}

describe('A daemon that is killed again and again', { concurrency: true }, () => {
  it('has every number once, every file in one folder and every row in one report', async () => {
    assertUnharmed(await runRound({ seed: SEED, kills: 4, withFaults: false }), SEED);
  });

  it('has them so, too, while the store loses answers, writes late and is away for moments', async () => {
    assertUnharmed(await runRound({ seed: -SEED, kills: 3, withFaults: true }), -SEED);
  });
});
