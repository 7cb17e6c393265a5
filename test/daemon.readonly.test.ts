import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

describe('A store that is read only', () => {
  it('gets no write, none is told of, and each row says what would have been done', async () => {
    await using daemon = await RunningDaemon.start({
      store: { readOnly: true },
      inbox: { createShipments: true },
    });
    const [shipped = ''] = daemon.sandbox.generate(1, { shipped: true });
    const [unshipped = ''] = daemon.sandbox.generate(1);
    const { lines, text } = await daemon.settle('day.csv', plainFile([shipped, '1Z1'], [unshipped, '1Z2']));

    assert.deepEqual(lines, ['2: store-refused', '3: store-refused']);
    assert.match(
      text,
      /store main is read only \(readOnly: true\); the number would have been added to the shipment with id \d+,/,
    );
    assert.match(text, /\(readOnly: true\); the order would have been shipped with this number,/);
    assert.equal(daemon.count('write.sent'), 0);
    const { track, ship } = daemon.sandbox.counts();
    assert.deepEqual({ track, ship }, { track: 0, ship: 0 });
  });
});
