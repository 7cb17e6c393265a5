import assert from 'node:assert/strict';
import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** A file whose last row ends in half a number, and what is missing of it. */
function cutFile(order: string): readonly [start: string, rest: string] {
  return [`order_number,tracking_number\n${order},1Z99`, `9AA1\n`];
}

describe('A number that was pushed before its writer had come to its end', { concurrency: true }, () => {
  it('is taken back once the whole one stands, where the file is still worked on', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 100 } });
    const [order, other] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const [start, rest] = cutFile(order);
    const settled = daemon.next('drop.settled');
    const pushed = daemon.next('write.sent');
    await using file = await open(join(daemon.data, 'inbox', 'slow.csv'), 'w');
    await file.write(start);
    await pushed;
    await file.write(`${rest}${other},1Z5\n`);
    const { lines, text } = await daemon.report(await settled);
    assert.deepEqual(lines, ['2: tracked', '3: tracked']);
    assert.match(text, /took the place of the cut-off 1Z99 \(track \d+\)/);
    assert.deepEqual([daemon.standing(order), daemon.standing(other)], [['1Z999AA1'], ['1Z5']]);
    assert.equal(daemon.count('drop.changed'), 1);
  });

  it('is taken back where the file had been put away', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const [start, rest] = cutFile(order);
    const first = await daemon.settle('slow.csv', start);
    assert.deepEqual(daemon.standing(order), ['1Z99']);
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), rest);
    const { lines, text } = await daemon.report(await settled);
    assert.deepEqual(lines, ['2: tracked']);
    assert.match(text, /took the place of the cut-off 1Z99 \(track \d+\)/);
    assert.deepEqual(daemon.standing(order), ['1Z999AA1']);
    assert.equal(daemon.sandbox.counts().untrack, 1);
  });

  it('is taken back where it had the order shipped, which is not shipped again', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const [order] = daemon.sandbox.generate(1) as [string];
    const [start, rest] = cutFile(order);
    const first = await daemon.settle('slow.csv', start);
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), rest);
    const { lines } = await daemon.report(await settled);
    assert.deepEqual([first.lines, lines], [['2: shipped'], ['2: tracked']]);
    assert.deepEqual(daemon.standing(order), ['1Z999AA1']);
    assert.equal(daemon.sandbox.counts().ship, 1);
  });

  it('is taken back where its row had waited, and was pushed only then', async () => {
    const waitFor = { orderNotFoundMs: 60_000, orderHeldMs: 0, unpaidMs: 0, everyMs: 100 };
    await using daemon = await RunningDaemon.start({ inbox: { waitFor } });
    const [start, rest] = cutFile('900');
    const half = daemon.next('drop.settled', ({ name }) => name === 'slow.waiting.csv');
    const first = await daemon.settle('slow.csv', start);
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });
    await half;
    assert.deepEqual(daemon.standing('900'), ['1Z99']);
    const whole = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), rest);
    assert.deepEqual((await daemon.report(await whole)).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing('900'), ['1Z999AA1']);
  });

  it('stays where another file asks for it too, or the same one on another line', async () => {
    await using daemon = await RunningDaemon.start();
    const [order, another] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const [start, rest] = cutFile(order);
    const first = await daemon.settle('slow.csv', start);
    await daemon.settle('other.csv', plainFile([order, '1Z99']));
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), rest);
    await settled;
    assert.deepEqual(daemon.standing(order), ['1Z99', '1Z999AA1']);

    const [begun, end] = cutFile(another);
    const twice = await daemon.settle('twice.csv', begun);
    const again = daemon.next('drop.settled');
    await appendFile(join(daemon.data, twice.folder, twice.file), `${end}${another},1Z99\n`);
    await again;
    assert.deepEqual(daemon.standing(another), ['1Z99', '1Z999AA1']);
    assert.equal(daemon.sandbox.counts().untrack, 0);
  });

  it('stays where somebody else had put it there before', async () => {
    await using daemon = await RunningDaemon.start();
    const byHand = { shipments: [{ tracks: [{ number: '1Z99' }] }] };
    const { incrementId: order } = daemon.sandbox.addOrder(byHand);
    const [start, rest] = cutFile(order);
    const first = await daemon.settle('slow.csv', start);
    assert.deepEqual(first.lines, ['2: already-tracked']);
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), rest);
    await settled;
    assert.deepEqual(daemon.standing(order), ['1Z99', '1Z999AA1']);
  });
});

describe('A file whose content came before', { concurrency: true }, () => {
  it('under another name is done again to no effect, and its report says which one it was', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const content = plainFile([one, 'A1'], [two, 'B1']);
    await daemon.settle('orders.csv', content);
    const same = daemon.next('drop.same-content');
    const { lines, text } = await daemon.settle('orders-copy.csv', content);
    assert.deepEqual(lines, ['2: already-tracked', '3: already-tracked']);
    assert.match(text, /same content as orders\.csv of \d{4}-\d\d-\d\d \d\d:\d\d/);
    assert.equal((await same).earlierName, 'orders.csv');
    assert.equal(daemon.sandbox.counts().track, 2);
  });

  it('says nothing of it where it holds no row', async () => {
    await using daemon = await RunningDaemon.start();
    await daemon.settle('empty.csv', plainFile());
    const { lines } = await daemon.settle('empty-too.csv', plainFile());
    assert.deepEqual(lines, []);
    assert.equal(daemon.count('drop.same-content'), 0);
  });
});
