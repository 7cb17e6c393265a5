import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInputs } from '../../fuzz/run.ts';

test('broken files end in refusals, rows, bad and skipped rows, and nothing of them is lost', async () => {
  const { found, breaches } = await runInputs({ seed: 20_261_122, from: 0, to: 200 });
  assert.deepEqual(breaches, []);
  // Inputs that were all refused at the door would show nothing.
  for (const count of Object.values(found ?? {})) assert.ok(count > 12, JSON.stringify(found));
});
