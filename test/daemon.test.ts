import assert from 'node:assert/strict';
import { appendFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { systemClock } from '../src/runtime/clock.ts';
import { assertNumberEach, numberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** Most of a test is waiting. */
const AT_ONCE = 4;
const DAY = new Date().toISOString().slice(0, 10);

describe('A file in the inbox', { concurrency: AT_ONCE }, () => {
  it('becomes tracking on the right shipments and moves to processed, with its report', async () => {
    await using daemon = await RunningDaemon.start();
    const [first, second] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const content = plainFile([first, '1Z1'], [second, '1Z2'], [second, '1Z3']);
    const { lines, folder } = await daemon.settle('today.csv', content);

    assert.deepEqual(lines, ['2: tracked', '3: tracked', '4: tracked']);
    assert.deepEqual([daemon.standing(first), daemon.standing(second)], [['1Z1'], ['1Z2', '1Z3']]);
    assert.equal(folder, `processed/${DAY}`);
    assert.deepEqual(await daemon.files(), [
      `processed/${DAY}/today.csv`,
      `processed/${DAY}/today.report.csv`,
    ]);
    assert.equal(await daemon.read(`processed/${DAY}/today.csv`), content);
  });

  it('with one failed row moves to failed with a retry file of just that row; its other rows are pushed', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const { lines } = await daemon.settle(
      'mixed.csv',
      plainFile([order, '1Z1'], ['no-such', '1Z2'], [order, '']),
    );

    assert.deepEqual(lines, ['2: tracked', '3: order-not-found', '4: bad-row']);
    assert.deepEqual(daemon.standing(order), ['1Z1']);
    assert.deepEqual(await daemon.files(), [
      'failed/mixed.csv',
      'failed/mixed.report.csv',
      'failed/mixed.retry.csv',
    ]);
    assert.equal(await daemon.read('failed/mixed.retry.csv'), plainFile(['no-such', '1Z2'], [order, '']));
  });

  it('costs two requests for a hundred orders, and one for each number', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(250, { shipped: true });
    daemon.sandbox.resetCounts();
    await daemon.settle('large.csv', plainFile(...orders.map((order, n) => [order, `N${n}`] as const)));
    const { orders: looks, shipments, track, mostConcurrent } = daemon.sandbox.counts();
    assert.deepEqual({ looks, shipments, track }, { looks: 3, shipments: 3, track: 250 });
    assert.ok(mostConcurrent <= 5);
  });

  it('has its repeats written once, in one file and over several', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const one = await daemon.settle('one.csv', plainFile([order, '1Z1'], [order, '1Z1'], [order, '1z 1']));
    const two = await daemon.settle('two.csv', plainFile([order, '1Z1']));
    assert.deepEqual(one.lines, ['2: tracked', '3: already-tracked', '4: already-tracked']);
    assert.deepEqual(two.lines, ['2: already-tracked']);
    assert.equal(daemon.sandbox.counts().track, 1);
  });

  it('waits for an earlier file that has the same order, and then finds its number there', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 100 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const [one, two] = await Promise.all([
      daemon.settle('one.csv', plainFile([order, '1Z1'])),
      daemon.settle('two.csv', plainFile([order, '1Z1'])),
    ]);
    assert.deepEqual([...one.lines, ...two.lines].sort(), ['2: already-tracked', '2: tracked']);
    assert.deepEqual(daemon.standing(order), ['1Z1']);
  });

  it('ships an order in one call with all its numbers where the inbox may, and fails it where not', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const [order] = daemon.sandbox.generate(1) as [string];
    const { lines } = await daemon.settle('ship.csv', plainFile([order, '1Z1'], [order, '1Z2']));
    assert.deepEqual(lines, ['2: shipped', '3: shipped']);
    assert.deepEqual(daemon.standing(order), ['1Z1', '1Z2']);
    const { ship, track, mails } = daemon.sandbox.counts();
    assert.deepEqual({ ship, track, mails }, { ship: 1, track: 0, mails: 0 });
  });

  it('with the carrier code "0" in one row ships the order with its other numbers', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const [order] = daemon.sandbox.generate(1) as [string];
    const { lines, text } = await daemon.settle(
      'ship.csv',
      plainFile([order, '1Z1'], [order, '1Z2']).replace('1Z2,ups', '1Z2,0'),
    );
    assert.deepEqual(lines, ['2: shipped', '3: bad-row']);
    assert.match(text, /takes for empty/);
    assert.deepEqual(daemon.standing(order), ['1Z1']);
  });

  it('for an order without a shipment fails as no-shipment, without a write', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1) as [string];
    const { lines, text } = await daemon.settle('ship.csv', plainFile([order, '1Z1']));
    assert.deepEqual(lines, ['2: no-shipment']);
    assert.match(text, /shipments\.create: true/);
    assert.equal(daemon.sandbox.counts().ship, 0);
  });

  it('under a name that is taken in processed gets a suffix, and both are kept', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.settle('today.csv', plainFile([order, '1Z1']));
    await daemon.settle('today.csv', plainFile([order, '1Z2']));
    assert.deepEqual(
      await daemon.files(),
      ['today-2.csv', 'today-2.report.csv', 'today.csv', 'today.report.csv'].map(
        (name) => `processed/${DAY}/${name}`,
      ),
    );
    assert.equal(await daemon.read(`processed/${DAY}/today.csv`), plainFile([order, '1Z1']));
    assert.equal(await daemon.read(`processed/${DAY}/today-2.csv`), plainFile([order, '1Z2']));
  });

  it('that is no text fails as a whole, and nothing of it is pushed', async () => {
    await using daemon = await RunningDaemon.start();
    const zip = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500)]);
    const { lines, text } = await daemon.settle('orders.csv', zip);
    assert.deepEqual(lines, ['1: bad-row']);
    assert.match(text, /Excel|XLSX|ZIP/);
    const { orders, track } = daemon.sandbox.counts();
    assert.deepEqual({ orders, track }, { orders: 0, track: 0 });
    assert.deepEqual(await daemon.files(), ['failed/orders.csv', 'failed/orders.report.csv']);
  });

  it('that holds only a header is done', async () => {
    await using daemon = await RunningDaemon.start();
    const { lines, folder } = await daemon.settle('none.csv', plainFile());
    assert.deepEqual([lines, folder], [[], `processed/${DAY}`]);
  });
});

describe('A slow writer', { concurrency: AT_ONCE }, () => {
  it('is waited for while its last row has no end', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { unfinishedForMs: 600_000 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const path = join(daemon.data, 'inbox', 'slow.csv');
    const settled = daemon.next('drop.settled', ({ name }) => name === 'slow.csv');
    await writeFile(path, `order_number,tracking_number,carrier_code,title\n${order},1Z000`);
    await daemon.settle('other.csv', plainFile());
    assert.ok((await daemon.files()).includes('inbox/slow.csv'), 'the other file went past it');
    await appendFile(path, '100000021,ups,UPS\n');
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing(order), ['1Z000100000021']);
  });

  it('that goes on after its file was claimed has it read again, before anything is pushed', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { unfinishedForMs: 80 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await using file = await open(join(daemon.data, 'inbox', 'slow.csv'), 'w');
    // Long enough that reading it takes a while, and written to as soon as it is claimed.
    const filler = 'x,,,\n'.repeat(20_000);
    const claimed = daemon.next('drop.claimed');
    const settled = daemon.next('drop.settled');
    await file.writeFile(`order_number,tracking_number,carrier_code,title\n${filler}${order},1Z000`);
    await claimed;
    await file.writeFile('100000021,ups,UPS\n');
    await settled;
    assert.equal(daemon.count('drop.changed'), 1);
    assert.deepEqual(daemon.standing(order), ['1Z000100000021']);
  });
});

describe('A store that fails', { concurrency: AT_ONCE }, () => {
  it('by refusing connections makes no file fail; work goes on when it is back', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(30, { shipped: true });
    await daemon.sandbox.goDown();
    const down = daemon.next('store.down');
    const settled = daemon.settle('down.csv', numberEach(orders));
    await down;
    await daemon.next('store.still-down');
    await daemon.sandbox.comeBack();
    const { lines } = await settled;
    assert.equal(lines.filter((line) => line.endsWith(': tracked')).length, 30);
    assert.equal(daemon.count('store.up'), 1);
  });

  it('by maintenance in the middle of a file makes no row fail and no number stand twice', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 10 } });
    const orders = daemon.sandbox.generate(100, { shipped: true });
    const settled = daemon.settle('down.csv', numberEach(orders));
    await daemon.next('write.answered');
    daemon.sandbox.maintenance(true);
    await daemon.next('store.still-down');
    daemon.sandbox.maintenance(false);
    const { lines, folder } = await settled;
    assert.equal(folder, `processed/${DAY}`);
    assert.equal(lines.filter((line) => line.endsWith(': tracked')).length, 100);
    assertNumberEach(daemon, orders);
  });

  it('by 503 on every tenth write loses and doubles nothing', async () => {
    await using daemon = await RunningDaemon.start();
    daemon.sandbox.inject({
      match: { path: 'shipment/track', every: 10 },
      fault: { kind: 'status', status: 503 },
    });
    const orders = daemon.sandbox.generate(60, { shipped: true });
    const { folder } = await daemon.settle('a.csv', numberEach(orders));
    assert.equal(folder, `processed/${DAY}`);
    assertNumberEach(daemon, orders);
  });

  it('by asking for patience (429, Retry-After) is left alone for that long', async () => {
    await using daemon = await RunningDaemon.start();
    const fault = { kind: 'status', status: 429, retryAfter: 1 } as const;
    daemon.sandbox.inject({ match: { path: 'shipment/track', nth: 2 }, fault });
    const orders = daemon.sandbox.generate(5, { shipped: true });
    const { lines } = await daemon.settle('a.csv', numberEach(orders));
    assert.equal(lines.filter((line) => line.endsWith(': tracked')).length, 5);
    assert.equal(daemon.sandbox.counts().track, 6);
    const retry = daemon.seen.find(({ name }) => name === 'store.retry');
    assert.partialDeepStrictEqual(retry?.facts, { delayMs: 1_000 });
  });

  // test/uncertain has the other ways in which an answer is lost; here one order has two numbers.
  const uncertain = [
    ['cut before the write', { kind: 'resetBefore' }],
    ['cut after the write', { kind: 'resetAfter' }],
  ] as const;
  for (const [name, fault] of uncertain) {
    it(`with ${name} has the track once`, async () => {
      await using daemon = await RunningDaemon.start();
      daemon.sandbox.inject({ match: { path: 'shipment/track' }, times: 2, fault });
      const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
      const { lines } = await daemon.settle('a.csv', plainFile([order, '1Z1'], [order, '1Z2']));
      assert.deepEqual(lines, ['2: tracked', '3: tracked']);
      assert.deepEqual(daemon.standing(order), ['1Z1', '1Z2']);
    });

    it(`with ${name} ships once`, async () => {
      await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
      daemon.sandbox.inject({ match: { path: '/ship$' }, times: 1, fault });
      const [order] = daemon.sandbox.generate(1) as [string];
      const { lines } = await daemon.settle('a.csv', plainFile([order, '1Z1'], [order, '1Z2']));
      assert.deepEqual(lines, ['2: shipped', '3: shipped']);
      assert.deepEqual(daemon.standing(order), ['1Z1', '1Z2']);
      assert.equal(daemon.sandbox.shipments().filter((shipment) => shipment.order === order).length, 1);
    });
  }

  it('by refusing the token keeps every row waiting, and pushes them when the right is granted', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    daemon.sandbox.setRights(daemon.sandbox.bearer, ['Magento_Sales::actions_view', 'Magento_Sales::ship']);
    const missing = daemon.next('store.right-missing');
    const settled = daemon.settle('a.csv', plainFile([order, '1Z1']));
    assert.equal((await missing).right, 'Magento_Sales::shipment');
    assert.deepEqual(daemon.count('drop.settled'), 0);
    daemon.sandbox.setRights(daemon.sandbox.bearer, [
      'Magento_Sales::actions_view',
      'Magento_Sales::shipment',
      'Magento_Sales::ship',
    ]);
    assert.deepEqual((await settled).lines, ['2: tracked']);
  });

  it('by taking longer for a look than a look may age is served all the same', async () => {
    await using daemon = await RunningDaemon.prepare({ sandbox: { readMs: 200 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    // A second of this clock takes 5 ms: each of the two questions of a look takes 40 s.
    const startedAtMs = systemClock.nowMs();
    const nowMs = () => startedAtMs + (systemClock.nowMs() - startedAtMs) * 200;
    daemon.clock = { ...systemClock, nowMs };
    await daemon.start();
    assert.deepEqual((await daemon.settle('a.csv', plainFile([order, '1Z1']))).lines, ['2: tracked']);
  });

  it('by an outage has what waited for a worker looked up again: meanwhile somebody else may have written', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 } });
    const { sandbox } = daemon;
    const orders = sandbox.generate(3, { shipped: true }) as [string, string, string];
    const fault = { kind: 'status', status: 503 } as const;
    sandbox.inject({ match: { body: '"N1"' }, fault });
    sandbox.inject({ match: { path: 'filters\\]\\[0\\]\\[field\\]=entity_id' }, fault });
    const down = daemon.next('store.down');
    const settled = daemon.settle('a.csv', plainFile(...orders.map((order, n) => [order, `N${n}`] as const)));
    await down;
    await byHand(daemon, orders[2], 'N2');
    sandbox.clearFaults();
    assert.deepEqual((await settled).lines, ['2: tracked', '3: tracked', '4: already-tracked']);
    assert.deepEqual(
      orders.map((order) => daemon.standing(order)),
      [['N0'], ['N1'], ['N2']],
    );
  });

  it('by a message of its own has it in the report, with its placeholders filled in', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const fault = { kind: 'status', status: 400, body: 'json' } as const;
    daemon.sandbox.inject({ match: { path: 'order/\\d+/ship' }, fault });
    const [order] = daemon.sandbox.generate(1) as [string];
    const { lines, text } = await daemon.settle('a.csv', plainFile([order, '1Z1']));
    assert.deepEqual(lines, ['2: store-refused']);
    assert.doesNotMatch(text, /%\w/);
  });
});

describe('A start', { concurrency: AT_ONCE }, () => {
  it('finishes what a stop left in working, each number once', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 30 } });
    const orders = daemon.sandbox.generate(60, { shipped: true });
    const answered = daemon.next('write.answered');
    await daemon.drop('a.csv', numberEach(orders));
    await answered;
    await daemon.stop();
    assert.match((await daemon.files())[0] ?? '', /^working\/[0-9a-z-]+\/a\.csv$/);
    assert.ok(daemon.sandbox.tracks().length < 60);

    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.equal(
      (await daemon.report(await settled)).lines.filter((line) => line.endsWith(': tracked')).length,
      60,
    );
    assertNumberEach(daemon, orders);
    assert.equal(daemon.sandbox.counts().track, 60);
  });

  it('after the clock of the machine was set forward repeats no shipment too early', async () => {
    const uncertain = {
      looksMs: [50, 150],
      repeatTrackAfterMs: 10_000,
      repeatShipAfterMs: 10_000,
      verifyAfterMs: 300,
    };
    await using daemon = await RunningDaemon.start({
      store: { uncertain },
      inbox: { createShipments: true },
    });
    const [order] = daemon.sandbox.generate(1) as [string];
    const fault = { kind: 'heldEffect', answer: 504 } as const;
    daemon.sandbox.inject({ match: { path: '/ship$' }, times: 1, fault });
    const answered = daemon.next('write.answered');
    await daemon.drop('a.csv', plainFile([order, '1Z1']));
    await answered;
    await daemon.stop();

    const settled = daemon.next('drop.settled');
    const looked = daemon.next('orders.looked-up');
    daemon.clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 3_600_000 };
    await daemon.start();
    await looked;
    daemon.sandbox.release();
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: shipped']);
    // Not the shop's requests: it may be asked, too, with a shipment of nothing, whether it takes writes.
    assert.equal(daemon.count('write.sent'), 1);
    assert.deepEqual(daemon.standing(order), ['1Z1']);
  });

  it('without the inbox is refused, and the inbox is not made', async () => {
    await using daemon = await RunningDaemon.prepare({ inbox: { folder: '/nonexistent/inbox' } });
    await assert.rejects(daemon.start(), { code: 'no-inbox', hint: /forgotten mount/ });
  });

  it('beside another daemon stands by, says who is active, and takes over when that one is gone', async () => {
    await using daemon = await RunningDaemon.start();
    const standby = daemon.next('daemon.standby');
    const second = daemon.start();
    assert.equal((await standby).holder, `process ${process.pid} on test`);
    await daemon.stop();
    await second;
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    assert.deepEqual((await daemon.settle('a.csv', plainFile([order, '1Z1']))).lines, ['2: tracked']);
  });

  it('says at once when the store cannot be used', async () => {
    await using daemon = await RunningDaemon.prepare({ store: { url: 'http://127.0.0.1:9' } });
    const down = daemon.next('store.down');
    await daemon.start();
    assert.match((await down).message, /refused|ECONNREFUSED/i);
  });
});

describe('A ledger that cannot be written', () => {
  it('ends the daemon, says what to do, and costs no number: the next start finds what stands', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 50 } });
    const orders = daemon.sandbox.generate(20, { shipped: true });
    const sent = daemon.next('write.sent');
    await daemon.drop('a.csv', numberEach(orders));
    await sent;
    const ended = daemon.ended();
    const other = new DatabaseSync(join(daemon.data, 'trackdrop.db'), { defensive: false });
    other.exec(
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'no table' WHERE name = 'writes'`,
    );
    other.exec('PRAGMA schema_version = 9999');
    other.close();
    await assert.rejects(ended, { code: 'ledger-unusable', hint: /next start of trackdrop run/ });

    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.equal((await daemon.report(await settled)).lines.length, orders.length);
    assertNumberEach(daemon, orders);
  });
});

describe('Once', { concurrency: AT_ONCE }, () => {
  it('settles what lies in the inbox and ends', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', plainFile([order, '1Z1']));
    await daemon.drop('b.csv', plainFile([order, '1Z2']));
    await daemon.start();
    await daemon.ended();
    assert.equal(daemon.count('drop.settled'), 2);
    assert.deepEqual(daemon.standing(order), ['1Z1', '1Z2']);
  });

  it('with a store that is not there touches nothing', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true, store: { url: 'http://127.0.0.1:9' } });
    await mkdir(join(daemon.data, 'inbox'), { recursive: true });
    await daemon.drop('a.csv', plainFile(['1', '1Z1']));
    await assert.rejects(daemon.start(), { code: 'unreachable' });
    assert.deepEqual(await daemon.files(), ['inbox/a.csv']);
  });
});

/** Somebody in the shop adds a number to the order's first shipment. */
async function byHand({ sandbox }: RunningDaemon, order: string, number: string): Promise<void> {
  const { orderId = 0, shipments = [] } = sandbox.order(order) ?? {};
  const entity = {
    order_id: orderId,
    parent_id: shipments[0]?.entityId,
    track_number: number,
    title: 'By hand',
    carrier_code: 'custom',
  };
  const { ok } = await fetch(`${sandbox.url}/rest/V1/shipment/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entity }),
  });
  assert.ok(ok);
}
