import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { numberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** A file with one number for each order, and what then must stand in the store. */
function oneNumberEach(orders: readonly string[]) {
  return {
    content: numberEach(orders),
    numbers: orders.map((order) => `N${order}`),
  };
}

const standingOn = (daemon: RunningDaemon, orders: readonly string[], store?: string) =>
  orders.flatMap((order) => daemon.standing(order, store));

/**
 * Takes the store down each time that it has done so many writes, in three ways of being down in turn, and up again as
 * soon as the daemon doubts it, or once it was asked in vain. Returns how often it did.
 */
function flapping({ sandbox, events }: RunningDaemon, everyWrites: number): () => number {
  const ways = [
    [() => sandbox.goDown(), () => sandbox.comeBack()],
    [() => sandbox.maintenance(true), () => sandbox.maintenance(false)],
    [() => sandbox.set({ outage: 'database' }), () => sandbox.set({ outage: null })],
  ] as const;
  const seenBy = ['store.probing', 'store.down'] as const;
  let writes = 0;
  let times = 0;
  events.on('write.answered', () => {
    writes += 1;
    if (writes % everyWrites !== 0) return;
    const [down, up] = ways[times % ways.length] ?? ways[0];
    const isSeen = events.next(seenBy[times % seenBy.length] ?? seenBy[0]);
    times += 1;
    void down();
    void isSeen.then(up);
  });
  return () => times;
}

describe('A store that comes and goes', { concurrency: true }, () => {
  for (const createShipments of [false, true]) {
    it(`loses no row and fails none, every number stands once${createShipments ? ', each order ships once' : ''}`, async () => {
      await using daemon = await RunningDaemon.start({
        sandbox: { readMs: 5, writeMs: 15 },
        inbox: { createShipments },
      });
      const orders = daemon.sandbox.generate(150, { shipped: !createShipments });
      const { content, numbers } = oneNumberEach(orders);
      const flaps = flapping(daemon, 25);
      const { lines } = await daemon.settle('flapping.csv', content);

      assert.ok(flaps() >= 5, `it was away ${flaps()} times`);
      const outcomes = new Set(lines.map((line) => line.replace(/^\d+: /, '')));
      // A number whose answer was lost is found to stand there already.
      assert.deepEqual(
        [...outcomes].filter((outcome) => !['tracked', 'shipped', 'already-tracked'].includes(outcome)),
        [],
      );
      assert.equal(lines.length, 150);
      assert.deepEqual(standingOn(daemon, orders), numbers);
      assert.equal(daemon.sandbox.shipments().length, 150);
    });
  }
});

describe('An order that the store cannot be asked about', { concurrency: 4 }, () => {
  it('ends alone as gave-up; the other 99 of its window are done, with few requests', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(100, { shipped: true });
    const poison = orders[61] ?? '';
    const fault = { kind: 'status', status: 500, body: 'json' } as const;
    daemon.sandbox.inject({ match: { path: `increment_id.*${poison}` }, fault });
    daemon.sandbox.resetCounts();
    const { lines, text } = await daemon.settle('poison.csv', oneNumberEach(orders).content);

    const failed = lines.filter((line) => !line.endsWith(': tracked'));
    assert.equal(failed.length, 1);
    assert.match(failed[0] ?? '', /: gave-up$/);
    assert.match(
      text,
      new RegExp(
        `${poison},.*gave-up,"looked up 4 times in vain, .*: Magento answered 500.* drop the retry file again`,
      ),
    );
    assert.equal(standingOn(daemon, orders).length, 99);
    // A hundred, 50, 25, 13, 7, 4 and 2 of them fail twice and the one four times; six halves are answered, with the
    // other of the last two. Each failure is followed by a probe, each answer by a question for the shipments.
    const { orders: looks, probe, shipments, track } = daemon.sandbox.counts();
    assert.deepEqual(
      { looks, probe, shipments, track },
      { looks: 7 * 2 + 4 + 7, probe: 7 * 2 + 4, shipments: 7, track: 99 },
    );
    assert.equal(daemon.count('store.down'), 0);
  });

  it('ends alone as gave-up where its writes fail, each time while the store is well', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(30, { shipped: true });
    const fault = { kind: 'status', status: 500, body: 'json' } as const;
    daemon.sandbox.inject({ match: { body: `"N${orders[7]}"` }, fault });
    const { lines } = await daemon.settle('poison.csv', oneNumberEach(orders).content);
    assert.deepEqual(
      lines.filter((line) => !line.endsWith(': tracked')),
      ['9: gave-up'],
    );
    assert.equal(standingOn(daemon, orders).length, 29);
    // As many attempts as retry.attempts says, each followed by the question whether such writes come through.
    assert.equal(daemon.sandbox.counts().track, 29 + 4 + 4);
  });
});

describe('Two stores', { concurrency: 4 }, () => {
  const inboxes = [
    { name: 'main', folder: 'inbox' },
    { name: 'outlet', folder: 'outlet', store: 'outlet' },
  ];
  const start = () => RunningDaemon.start({ inboxes, otherStores: ['outlet'] });

  it('with the same order numbers get each its own, and nothing of the other', async () => {
    await using daemon = await start();
    const orders = daemon.sandbox.generate(40, { shipped: true });
    assert.deepEqual(daemon.sandboxOf('outlet').generate(40, { shipped: true }), orders);
    const outlet = plainFile(...orders.map((order) => [order, `O${order}`] as const));
    const { content, numbers } = oneNumberEach(orders);
    const [one, two] = await Promise.all([
      daemon.settle('main.csv', content),
      daemon.settle('outlet.csv', outlet, 'outlet'),
    ]);
    for (const { lines } of [one, two]) assert.ok(lines.every((line) => line.endsWith(': tracked')));
    assert.deepEqual(standingOn(daemon, orders), numbers);
    assert.deepEqual(
      standingOn(daemon, orders, 'outlet'),
      orders.map((order) => `O${order}`),
    );
  });

  it('are each up or down for themselves: one that is down delays no file of the other', async () => {
    await using daemon = await start();
    const outletShop = daemon.sandboxOf('outlet');
    const orders = daemon.sandbox.generate(30, { shipped: true });
    outletShop.generate(30, { shipped: true });
    const { content, numbers } = oneNumberEach(orders);
    await daemon.sandbox.goDown();
    const waiting = daemon.settle('main.csv', content);
    await daemon.next('store.still-down', ({ store }) => store === 'main');

    const { lines } = await daemon.settle('outlet.csv', content, 'outlet');
    assert.ok(lines.every((line) => line.endsWith(': tracked')));
    assert.deepEqual(standingOn(daemon, orders, 'outlet'), numbers);
    assert.equal(daemon.count('store.up'), 0, 'the other one is still down');
    assert.deepEqual(standingOn(daemon, orders), []);

    await daemon.sandbox.comeBack();
    assert.ok((await waiting).lines.every((line) => line.endsWith(': tracked')));
    assert.deepEqual(standingOn(daemon, orders), numbers);
  });

  it('are each asked by their own workers, and slowed each for itself', async () => {
    await using daemon = await RunningDaemon.start({
      inboxes,
      otherStores: ['outlet'],
      sandbox: { writeMs: 100 },
    });
    const outletShop = daemon.sandboxOf('outlet');
    const orders = daemon.sandbox.generate(40, { shipped: true });
    outletShop.generate(40, { shipped: true });
    const fault = { kind: 'status', status: 429 } as const;
    daemon.sandbox.inject({ match: { path: 'shipment/track' }, times: 5, fault });
    const { content } = oneNumberEach(orders);
    await Promise.all([daemon.settle('main.csv', content), daemon.settle('outlet.csv', content, 'outlet')]);
    const slower = daemon.seen.filter(({ name }) => name === 'store.slower');
    assert.ok(slower.length > 0);
    for (const { facts } of slower) assert.partialDeepStrictEqual(facts, { store: 'main' });
    assert.equal(outletShop.counts().mostConcurrent, 5);
    assert.ok(daemon.sandbox.counts().mostConcurrent <= 5);
  });
});
