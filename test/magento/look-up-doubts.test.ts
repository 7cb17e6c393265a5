import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Events } from '../../src/events.ts';
import { type LookResult, openStore } from '../../src/magento/store.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { never, openShop } from './harness.ts';

const order = (id: number) => ({ entity_id: id, increment_id: `${id}`, store_id: 1, items: [] });
const shipment = (id: number, orderId: number) => ({
  entity_id: id,
  order_id: orderId,
  items: [],
  tracks: null,
});

interface Pages {
  /** The answers to the questions for orders, in turn; the last one is given for ever. */
  readonly orders: readonly unknown[];
  readonly shipments?: readonly unknown[];
}

/** Looks up orders in a shop that answers with these pages whatever it is asked, and says how often it was asked. */
async function lookUpIn({ orders, shipments = [{ items: null, total_count: 0 }] }: Pages, numbers: string[]) {
  const asked = { orders: 0, shipments: 0 };
  const server = createServer((req, res) => {
    const resource = req.url?.includes('/shipments?') ? 'shipments' : 'orders';
    const pages = resource === 'orders' ? orders : shipments;
    const page = pages[Math.min(asked[resource], pages.length - 1)];
    asked[resource] += 1;
    res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(page));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const store = openStore(
    {
      name: 'test',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      storeCode: 'all',
      auth: { kind: 'bearer', token: 'token' },
      readOnly: false,
      maxRequestsPerSecond: null,
      tlsCa: null,
      workers: 1,
      timeoutMs: 5_000,
      retry: { attempts: 2, firstDelayMs: 1, maxDelayMs: 1 },
    },
    { clock: systemClock, events: new Events() },
  );
  const results = await store.lookUp(numbers, never);
  await store[Symbol.asyncDispose]();
  server.close();
  return { results, asked };
}

function failed(result: LookResult | undefined): string {
  assert.ok(result && 'failed' in result, `not failed: ${JSON.stringify(result)}`);
  return result.failed;
}

const INCONSISTENT: readonly (readonly [string, Pages, RegExp])[] = [
  [
    'fewer orders than it counted',
    { orders: [{ items: [], total_count: 1 }] },
    /counted 1 orders and gave 0/,
  ],
  [
    'more orders than it counted',
    { orders: [{ items: [order(1)], total_count: 0 }] },
    /more than it had counted/,
  ],
  ['the same order twice', { orders: [{ items: [order(1), order(1)], total_count: 2 }] }, /came twice/],
  [
    'an order that was not asked for',
    { orders: [{ items: [order(7)], total_count: 1 }] },
    /order 7, which was not/,
  ],
  [
    'an order without its id',
    { orders: [{ items: [{ increment_id: '1' }], total_count: 1 }] },
    /entity_id of an order/,
  ],
  [
    'a shipment of another order',
    {
      orders: [{ items: [order(1)], total_count: 1 }],
      shipments: [{ items: [shipment(5, 9)], total_count: 1 }],
    },
    /shipment of order id 9, not asked for/,
  ],
  [
    'fewer shipments than it counted',
    { orders: [{ items: [order(1)], total_count: 1 }], shipments: [{ items: null, total_count: 3 }] },
    /counted 3 shipments and gave 0/,
  ],
];

for (const [what, pages, message] of INCONSISTENT) {
  test(`a store that answers with ${what} has not said that anything is not there`, async () => {
    const { results, asked } = await lookUpIn(pages, ['1']);
    assert.match(failed(results.get('1')), message);
    assert.equal(asked.orders, 2, 'tried as often as reads are');
  });
}

test('a short answer is asked for again, and believed once it is whole', async () => {
  const { results, asked } = await lookUpIn(
    {
      orders: [
        { items: [], total_count: 1 },
        { items: [order(1)], total_count: 1 },
      ],
    },
    ['1'],
  );
  const look = results.get('1');
  assert.ok(look && 'orders' in look && look.orders.length === 1);
  assert.equal(asked.orders, 2);
});

test('a last page that comes again for ever, as 2.3 has it, is no endless loop', async () => {
  const page = Array.from({ length: 100 }, (_, index) => shipment(index + 1, 1));
  const { results, asked } = await lookUpIn(
    {
      orders: [{ items: [order(1)], total_count: 1 }],
      shipments: [{ items: page, total_count: 150 }],
    },
    ['1'],
  );
  assert.match(failed(results.get('1')), /came twice/);
  assert.equal(asked.shipments, 4);
});

test('reads compressed answers', async () => {
  await using shop = await openShop({}, { gzip: true });
  const [number = ''] = shop.sandbox.generate(1, { shipped: true });
  const look = (await shop.store.lookUp([number], never)).get(number);
  assert.ok(look && 'orders' in look && look.orders[0]?.shipments.length === 1);
});
