import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const SOON = { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 60 };

describe('A row whose order is not there yet', { concurrency: true }, () => {
  it('waits in a file of its own, and is done once the order is there', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    const [there] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const waiting = daemon.next('drop.waiting');
    const { folder, lines } = await daemon.settle('day.csv', plainFile([there, '1Z1'], ['900', '1Z2']));
    assert.match(folder, /^processed/);
    assert.deepEqual(lines, ['2: tracked', '3: waiting']);
    assert.equal((await waiting).name, 'day.waiting.csv');
    assert.equal(await daemon.read('waiting/day.waiting.csv'), plainFile(['900', '1Z2']));
    assert.match(await daemon.read('waiting/day.waiting.report.csv'), /2,waiting,"the shop has no order 900/);
    const settled = daemon.next('drop.settled', ({ name }) => name === 'day.waiting.csv');
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });
    const end = await daemon.report(await settled);
    assert.deepEqual([end.folder.split('/')[0], end.lines], ['processed', ['2: tracked']]);
    assert.deepEqual(daemon.standing('900'), ['1Z2']);
    assert.deepEqual(
      (await daemon.files()).filter((file) => /^(waiting|working)/.test(file)),
      [],
    );
  });

  it('ends as today when the time is over', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: { ...SOON, orderNotFoundMs: 200 } } });
    const settled = daemon.next('drop.settled', ({ name }) => name === 'day.waiting.csv');
    await daemon.settle('day.csv', plainFile(['900', '1Z2']));
    const end = await daemon.report(await settled);
    assert.deepEqual([end.folder, end.lines], ['failed', ['2: order-not-found']]);
    assert.match(end.text, /waited for until/);
  });

  it('waits no more when somebody takes its file away, and nothing is written for it', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    await daemon.settle('day.csv', plainFile(['900', '1Z2']));
    const ended = daemon.next('drop.wait-ended');
    await rm(join(daemon.data, 'waiting/day.waiting.csv'));
    assert.equal((await ended).rows, 1);
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });
    await daemon.settle('other.csv', plainFile(['900', '1Z3']));
    assert.deepEqual(daemon.standing('900'), ['1Z3']);
    assert.deepEqual(
      (await daemon.files()).filter((file) => file.startsWith('waiting')),
      [],
    );
  });
});
