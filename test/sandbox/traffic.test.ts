import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { addTrack, call, search, ship, standing, until } from './caller.ts';

const ALREADY_SHIPPED = /The order does not allow a shipment to be created/u;

describe('the shop under way', () => {
  it('carries out a write whose client hung up', async () => {
    await using sandbox = await startSandbox({ writeMs: 60 });
    const order = sandbox.addOrder({ shipments: [{}] });
    const body = JSON.stringify({
      entity: {
        order_id: order.orderId,
        parent_id: order.shipmentIds[0],
        track_number: 'A',
        carrier_code: 'x',
      },
    });
    const socket = connect(sandbox.port, '127.0.0.1');
    socket.write(
      `POST /rest/V1/shipment/track HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${sandbox.bearer}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(sandbox, () => sandbox.counts().track === 1);
    socket.destroy();
    assert.deepEqual(standing(sandbox), []);
    await until(sandbox, () => standing(sandbox).length === 1);
  });

  it('carries out nothing of a request that was cut in the middle', async () => {
    await using sandbox = await startSandbox();
    const socket = connect(sandbox.port, '127.0.0.1');
    socket.write(
      `POST /rest/V1/shipment/track HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{"entity"`,
    );
    await until(sandbox, () => sandbox.counts().mostConcurrent === 1);
    socket.destroy();
    await call(sandbox, 'GET', 'orders/1');
    assert.equal(sandbox.counts().track, 0);
  });

  it('works on no more requests at once than it has workers', async () => {
    await using sandbox = await startSandbox({ readMs: 300, maxConcurrent: 2 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => call(sandbox, 'GET', 'orders/1')));
    const tookMs = performance.now() - start;
    assert.ok(tookMs >= 885, `six requests in pairs of 300 ms took ${tookMs} ms`);
    assert.equal(sandbox.counts().mostConcurrent, 6);
  });

  it('takes its time for reads and for writes', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder({ shipments: [{}] });
    const time = async (request: Promise<unknown>) => {
      const start = performance.now();
      await request;
      return performance.now() - start;
    };
    sandbox.set({ readMs: 40, writeMs: 90 });
    const readMs = await time(call(sandbox, 'GET', 'orders/1'));
    assert.ok(readMs >= 38, `a read took ${readMs} ms`);
    const writeMs = await time(addTrack(sandbox, order, 'A'));
    assert.ok(writeMs >= 88, `a write took ${writeMs} ms`);
  });

  it('ships an order once when two ask at the same time, under the lock', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder();
    const answers = await Promise.all([ship(sandbox, order), ship(sandbox, order)]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400]);
    assert.match(answers.find((answer) => answer.status === 400)?.text ?? '', ALREADY_SHIPPED);
    assert.equal(sandbox.shipments().length, 1);
  });

  it('ships an order twice when two ask at the same time, without the lock', async () => {
    await using sandbox = await startSandbox({ orderLock: false, writeMs: 20 });
    const order = sandbox.addOrder();
    const answers = await Promise.all([ship(sandbox, order), ship(sandbox, order)]);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200],
    );
    assert.equal(sandbox.shipments().length, 2);
    assert.equal((await ship(sandbox, order)).status, 400);
  });

  it('keeps orders apart under the lock', async () => {
    await using sandbox = await startSandbox({ writeMs: 3_600_000 });
    const first = sandbox.addOrder();
    const stop = new AbortController();
    const held = call(sandbox, 'POST', `order/${first.orderId}/ship`, {}, stop.signal);
    await until(sandbox, () => sandbox.counts().ship === 1);
    sandbox.set({ writeMs: 0 });
    const path = `order/${sandbox.addOrder().orderId}/ship`;
    assert.equal((await call(sandbox, 'POST', path, {}, AbortSignal.timeout(60_000))).status, 200);
    stop.abort();
    await assert.rejects(held, { name: 'AbortError' });
  });

  it('never refuses a duplicate track', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder({ shipments: [{}] });
    await Promise.all([addTrack(sandbox, order, 'A'), addTrack(sandbox, order, 'A')]);
    assert.deepEqual(standing(sandbox), ['A', 'A']);
  });

  it('counts requests by kind, and mails', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder({ shipments: [{}] });
    const open = sandbox.addOrder();
    await search(sandbox, 'orders', ['increment_id', 'in', order.incrementId]);
    await search(sandbox, 'orders', ['entity_id', 'eq', '0']);
    await search(sandbox, 'shipments', ['order_id', 'in', String(order.orderId)]);
    await addTrack(sandbox, order, 'A');
    await call(sandbox, 'DELETE', `shipment/track/${sandbox.tracks()[0]?.entityId}`);
    await ship(sandbox, open, { notify: true });
    await call(sandbox, 'POST', `shipment/${order.shipmentIds[0]}/emails`);
    await call(sandbox, 'POST', 'integration/admin/token', sandbox.admin);
    await call(sandbox, 'GET', 'no/such/route');
    assert.deepEqual(sandbox.counts(), {
      orders: 1,
      probe: 1,
      shipments: 1,
      track: 1,
      untrack: 1,
      ship: 1,
      emails: 1,
      signIn: 1,
      other: 1,
      total: 9,
      mails: 2,
      mostConcurrent: 1,
    });
    assert.deepEqual(standing(sandbox), []);
    sandbox.resetCounts();
    assert.deepEqual([sandbox.counts().total, sandbox.counts().mails], [0, 0]);
  });

  it('refuses connections while it is down and has everything when it comes back', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder({ shipments: [{ tracks: [{ number: 'A' }] }] });
    await sandbox.goDown();
    await assert.rejects(call(sandbox, 'GET', 'orders/1'), (error: Error) => {
      assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      return true;
    });
    await sandbox.comeBack();
    assert.equal((await addTrack(sandbox, order, 'B')).status, 200);
    assert.deepEqual(standing(sandbox), ['A', 'B']);
  });

  it('comes back by itself after the time it was sent away for', async () => {
    await using sandbox = await startSandbox();
    await sandbox.goDown(30);
    await assert.rejects(call(sandbox, 'GET', 'orders/1'));
    await until(sandbox, () => sandbox.listening);
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 404);
  });

  it('gives the shipment as a bare number where the shop does so', async () => {
    await using sandbox = await startSandbox({ shipAnswer: 'number' });
    assert.equal((await ship(sandbox, sandbox.addOrder())).text, '1');
    sandbox.set({ shipAnswer: 'string' });
    assert.equal((await ship(sandbox, sandbox.addOrder())).text, '"2"');
  });

  it('closes idle connections after its keep-alive time', async () => {
    await using sandbox = await startSandbox({ keepAliveMs: 50 });
    const socket = connect(sandbox.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    socket.write('GET /rest/V1/orders/1 HTTP/1.1\r\nHost: shop\r\n\r\n');
    await closed;
  });
});
