import assert from 'node:assert/strict';
import { it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

it('A shop that lost numbers, as by a backup, has them again when their file is dropped once more', async () => {
  await using daemon = await RunningDaemon.start();
  const { sandbox } = daemon;
  const [kept = '', lost = ''] = sandbox.generate(2, { shipped: true });
  const file = plainFile([kept, '1Z1'], [lost, '1Z2']);
  await daemon.settle('day.csv', file);
  const gone = sandbox.tracks().find(({ order }) => order === lost);
  const { ok } = await fetch(`${sandbox.url}/rest/V1/shipment/track/${gone?.entityId}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${sandbox.bearer}` },
  });
  assert.ok(ok);
  assert.deepEqual(daemon.standing(lost), []);

  const { lines } = await daemon.settle('day.csv', file);
  assert.deepEqual(lines, ['2: already-tracked', '3: tracked']);
  assert.deepEqual([daemon.standing(kept), daemon.standing(lost)], [['1Z1'], ['1Z2']]);
});
