import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { type Fault, type FaultMatch, MAX_HUGE_BYTES } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { SeededOrder } from '../../src/sandbox/seed.ts';
import { addTrack, call, standing, until } from './caller.ts';

/** A shop whose next track POST goes wrong. */
async function faultyShop(fault: Fault) {
  const sandbox = await startSandbox();
  const order = sandbox.addOrder({ shipments: [{}] });
  sandbox.inject({ match: { method: 'POST', path: '/shipment/track$' }, times: 1, fault });
  return { sandbox, order, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
}

type FaultyShop = Awaited<ReturnType<typeof faultyShop>>;

function trackPost(sandbox: Sandbox, order: SeededOrder) {
  const entity = {
    order_id: order.orderId,
    parent_id: order.shipmentIds[0],
    track_number: 'A',
    carrier_code: 'dhl',
  };
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entity }),
  };
}

async function faultyTrackPost(fault: Fault): Promise<void> {
  await using shop = await faultyShop(fault);
  await addTrack(shop.sandbox, shop.order, 'A');
}

/** What really comes over the wire, until the shop closes the connection, by itself or because it was asked to. */
async function rawTrackPost({ sandbox, order }: FaultyShop, connection = 'keep-alive') {
  const { method, headers, body } = trackPost(sandbox, order);
  const socket = connect(sandbox.port, '127.0.0.1');
  const lines = Object.entries({ ...headers, host: 'shop', connection, 'content-length': body.length });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} /rest/V1/shipment/track HTTP/1.1\r\n${head}\r\n${body}`);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  const end = text.indexOf('\r\n\r\n') + 4;
  return { head: text.slice(0, end), body: text.slice(end) };
}

describe('a fault', () => {
  it('answers with a status and Retry-After, without effect', async () => {
    await using shop = await faultyShop({ kind: 'status', status: 503, retryAfter: 7 });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '7');
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/u);
    assert.deepEqual(standing(shop.sandbox), []);
  });

  it('answers with a status in JSON where that is asked for', async () => {
    await using shop = await faultyShop({ kind: 'status', status: 429, body: 'json' });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.equal(answer.status, 429);
    assert.equal(typeof JSON.parse(answer.text).message, 'string');
  });

  it('cuts the connection before the effect', async () => {
    await using shop = await faultyShop({ kind: 'resetBefore' });
    await assert.rejects(addTrack(shop.sandbox, shop.order, 'A'));
    assert.deepEqual(standing(shop.sandbox), []);
  });

  it('cuts the connection after the effect', async () => {
    await using shop = await faultyShop({ kind: 'resetAfter' });
    await assert.rejects(addTrack(shop.sandbox, shop.order, 'A'));
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('never answers, without effect', async () => {
    await using shop = await faultyShop({ kind: 'silence' });
    const impatience = AbortSignal.timeout(50);
    await assert.rejects(addTrack(shop.sandbox, shop.order, 'A', impatience), { name: 'TimeoutError' });
    assert.deepEqual(standing(shop.sandbox), []);
    assert.equal(shop.sandbox.counts().track, 1);
  });

  it('lets the effect come after the client gave up', async () => {
    await using shop = await faultyShop({ kind: 'lateEffect', afterMs: 80, answer: 'silence' });
    await assert.rejects(addTrack(shop.sandbox, shop.order, 'A', AbortSignal.timeout(20)));
    assert.deepEqual(standing(shop.sandbox), []);
    await until(shop.sandbox, () => standing(shop.sandbox).length === 1);
  });

  it('lets the effect come after a gateway gave up', async () => {
    await using shop = await faultyShop({ kind: 'lateEffect', afterMs: 80, answer: 504 });
    assert.equal((await addTrack(shop.sandbox, shop.order, 'A')).status, 504);
    assert.deepEqual(standing(shop.sandbox), []);
    await until(shop.sandbox, () => standing(shop.sandbox).length === 1);
  });

  it('holds effects back until they are released, each carried out once', async () => {
    await using shop = await faultyShop({ kind: 'heldEffect', answer: 504 });
    assert.equal((await addTrack(shop.sandbox, shop.order, 'A')).status, 504);
    assert.deepEqual(standing(shop.sandbox), []);
    assert.equal(shop.sandbox.release(), 1);
    assert.deepEqual(standing(shop.sandbox), ['A']);
    assert.equal(shop.sandbox.release(), 0);
  });

  it('answers with a status although the effect is there', async () => {
    await using shop = await faultyShop({ kind: 'statusAfter', status: 502 });
    assert.equal((await addTrack(shop.sandbox, shop.order, 'A')).status, 502);
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('says what Magento says after a deadlock, although the effect is there', async () => {
    const message = 'Could not save a shipment, see error log for details';
    await using shop = await faultyShop({ kind: 'statusAfter', status: 400, message });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.deepEqual(JSON.parse(answer.text), { message });
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('answers 200 with HTML although the effect is there', async () => {
    await using shop = await faultyShop({ kind: 'garbled' });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.equal(answer.status, 200);
    assert.match(answer.text, /^<html>/u);
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('gives half a body of JSON with the right length although the effect is there', async () => {
    await using shop = await faultyShop({ kind: 'garbled', as: 'json' });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(answer.headers.get('content-length'), String(answer.text.length));
    assert.throws(() => JSON.parse(answer.text), SyntaxError);
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('cuts the connection in the middle of the body, after the effect', async () => {
    await using shop = await faultyShop({ kind: 'cut' });
    const { head, body } = await rawTrackPost(shop);
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/u);
    const length = Number(/content-length: (\d+)/iu.exec(head)?.[1]);
    assert.equal(body.length, Math.floor(length / 2));
    assert.deepEqual(standing(shop.sandbox), ['A']);
    await assert.rejects(faultyTrackPost({ kind: 'cut' }));
  });

  it('drips the body, after the effect, and gives it whole in the end', async () => {
    await using shop = await faultyShop({ kind: 'drip', everyMs: 1 });
    const { head, body } = await rawTrackPost(shop, 'close');
    assert.equal(body.length, Number(/content-length: (\d+)/iu.exec(head)?.[1]));
    assert.equal(JSON.parse(body).track_number, 'A');
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('gives the head at once, however slowly the body drips, and lets the client go away', async () => {
    await using shop = await faultyShop({ kind: 'drip', everyMs: 600_000 });
    const { sandbox, order } = shop;
    const response = await fetch(`${sandbox.url}/rest/V1/shipment/track`, trackPost(sandbox, order));
    assert.equal(response.status, 200);
    await response.body?.cancel();
    assert.deepEqual(standing(sandbox), ['A']);
    assert.equal((await call(sandbox, 'GET', 'orders/9')).status, 404);
  });

  it('sends the client elsewhere, without effect', async () => {
    for (const status of [301, 302, 303, 307, 308] as const) {
      await using elsewhere = await startSandbox();
      const location = `${elsewhere.url}/rest/V1/shipment/track`;
      await using shop = await faultyShop({ kind: 'redirect', status, location });
      const response = await fetch(`${shop.sandbox.url}/rest/V1/shipment/track`, {
        method: 'POST',
        redirect: 'manual',
      });
      assert.deepEqual([response.status, response.headers.get('location')], [status, location]);
      assert.deepEqual(standing(shop.sandbox), []);
      assert.equal(elsewhere.counts().total, 0);
    }
  });

  it('answers with far more than was asked for, after the effect', async () => {
    const bytes = 10_000_000;
    await using shop = await faultyShop({ kind: 'huge', bytes });
    const answer = await addTrack(shop.sandbox, shop.order, 'A');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-length'), null);
    assert.equal(answer.text.length, bytes);
    assert.equal(typeof JSON.parse(answer.text), 'string');
    assert.deepEqual(standing(shop.sandbox), ['A']);
  });

  it('lets the client go away in the middle of a huge answer', async () => {
    await using shop = await faultyShop({ kind: 'huge', bytes: MAX_HUGE_BYTES });
    const { sandbox, order } = shop;
    const response = await fetch(`${sandbox.url}/rest/V1/shipment/track`, trackPost(sandbox, order));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    assert.deepEqual(standing(sandbox), ['A']);
    assert.equal((await call(sandbox, 'GET', 'orders/9')).status, 404);
  });

  it('without a bound is refused', async () => {
    await using sandbox = await startSandbox();
    for (const fault of [
      { kind: 'huge' },
      { kind: 'huge', bytes: MAX_HUGE_BYTES + 1 },
      { kind: 'drip', everyMs: 0 },
      { kind: 'redirect', status: 200, location: '/' },
      { kind: 'redirect', status: 302 },
    ]) {
      assert.throws(() => sandbox.inject({ fault: fault as Fault }), RangeError);
    }
  });

  it('delays one request', async () => {
    await using shop = await faultyShop({ kind: 'delay', delayMs: 60 });
    const start = performance.now();
    assert.equal((await addTrack(shop.sandbox, shop.order, 'A')).status, 200);
    assert.ok(performance.now() - start >= 55);
  });

  it('of an unknown kind is refused', async () => {
    await using sandbox = await startSandbox();
    assert.throws(() => sandbox.inject({ fault: { kind: 'explode' } as unknown as Fault }), /explode/u);
  });
});

describe('a fault rule', () => {
  /** Which of so many track POSTs failed, counted from 1. */
  async function failures(match: FaultMatch, times?: number, count = 6): Promise<number[]> {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder({ shipments: [{}] });
    sandbox.inject({ match, fault: { kind: 'status', status: 503 }, ...(times ? { times } : {}) });
    const failed: number[] = [];
    for (let n = 1; n <= count; n++) {
      if ((await addTrack(sandbox, order, `T${n}`)).status === 503) failed.push(n);
    }
    return failed;
  }

  it('strikes the n-th request only', async () => {
    assert.deepEqual(await failures({ nth: 2 }), [2]);
  });

  it('strikes each n-th request', async () => {
    assert.deepEqual(await failures({ every: 3 }), [3, 6]);
  });

  it('strikes so many times', async () => {
    assert.deepEqual(await failures({}, 2), [1, 2]);
  });

  it('strikes bodies that hold a text', async () => {
    assert.deepEqual(await failures({ body: '"T4"' }), [4]);
  });

  it('strikes the same requests in every run, by chance', async () => {
    const first = await failures({ probability: 0.5, seed: 7 }, undefined, 20);
    assert.ok(first.length > 3 && first.length < 17);
    assert.deepEqual(await failures({ probability: 0.5, seed: 7 }, undefined, 20), first);
    assert.notDeepEqual(await failures({ probability: 0.5, seed: 8 }, undefined, 20), first);
  });

  it('leaves other methods and paths alone', async () => {
    assert.deepEqual(await failures({ method: 'GET' }), []);
    assert.deepEqual(await failures({ path: '/orders' }), []);
  });

  it('matches the query as people write it', async () => {
    await using sandbox: Sandbox = await startSandbox();
    sandbox.inject({ match: { path: String.raw`pageSize\]=7` }, fault: { kind: 'status', status: 500 } });
    const path = (size: number) => `orders?searchCriteria%5BpageSize%5D=${size}`;
    assert.equal((await call(sandbox, 'GET', path(7))).status, 500);
    assert.equal((await call(sandbox, 'GET', path(8))).status, 200);
  });

  it('ends when the faults are cleared', async () => {
    await using sandbox = await startSandbox();
    sandbox.inject({ fault: { kind: 'status', status: 500 } });
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 500);
    sandbox.clearFaults();
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 404);
  });
});
