import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseOrder, parsePage, parseShipment, ShapeError } from '../../src/magento/order-parser.ts';

function recordedBody(name: string): unknown {
  const file = new URL(`../../fixtures/magento/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).response.body;
}

test('reads a recorded order', () => {
  const { items, totalCount } = parsePage(recordedBody('orders-eq-fields'));
  assert.equal(totalCount, 1);
  assert.deepEqual(items.map(parseOrder), [
    {
      entityId: 648,
      incrementId: '000000648',
      storeId: 0,
      state: 'processing',
      status: 'processing',
      totalDue: null,
      items: [
        {
          itemId: 667,
          parentItemId: null,
          sku: 'lab-s01',
          productType: 'simple',
          isVirtual: false,
          isQtyDecimal: false,
          isLocked: false,
          qtyOrdered: 1,
          qtyInvoiced: 0,
          qtyShipped: 0,
          qtyRefunded: 0,
          qtyCanceled: 0,
        },
      ],
    },
  ]);
});

test('reads which items the shop keeps from being shipped, and takes nothing said for none', () => {
  const [recorded] = parsePage(recordedBody('orders-eq-full')).items as [
    { readonly items: readonly object[] },
  ];
  const locked = (locked_do_ship: unknown) =>
    parseOrder({ ...recorded, items: recorded.items.map((line) => ({ ...line, locked_do_ship })) }).items[0]
      ?.isLocked;
  assert.deepEqual([1, '1', 0, '0', null, undefined].map(locked), [true, true, false, false, false, false]);
});

test('reads what is still to be paid, and takes nothing said for no payment', () => {
  const [recorded] = parsePage(recordedBody('orders-eq-full')).items as [Record<string, unknown>];
  assert.equal(parseOrder(recorded).totalDue, 0);
  assert.equal(parseOrder({ ...recorded, total_due: '11.0000' }).totalDue, 11);
  assert.equal(parseOrder({ ...recorded, total_due: null }).totalDue, null);
});

test('reads recorded shipments, those without tracks among them', () => {
  const { items } = parsePage(recordedBody('shipments-by-order-in-fields'));
  const shipments = items.map(parseShipment);
  assert.deepEqual(
    shipments.map(({ orderId, shipment }) => [orderId, shipment.entityId, shipment.tracks.length]),
    [
      [1852, 6, 0],
      [1853, 7, 1],
      [1854, 8, 0],
      [1854, 9, 0],
      [1855, 10, 0],
    ],
  );
  assert.deepEqual(shipments[1]?.shipment.tracks, [
    {
      entityId: 2,
      trackNumber: 'EXISTING-000001853',
      carrierCode: 'dhl',
      title: 'DHL',
      createdAtMs: null,
      description: null,
    },
  ]);
});

test('takes items that are null for none', () => {
  assert.deepEqual(parsePage(recordedBody('orders-not-found-fields')), { items: [], totalCount: 0 });
});

test('takes numbers that come as text', () => {
  const order = parseOrder({
    entity_id: '7',
    increment_id: 12,
    store_id: '2',
    items: [
      { item_id: '3', parent_item_id: '2', is_virtual: '1', qty_ordered: '2.0000', qty_shipped: '1.5' },
    ],
  });
  assert.deepEqual([order.entityId, order.incrementId, order.storeId], [7, '12', 2]);
  const [item] = order.items;
  assert.deepEqual(
    [item?.itemId, item?.parentItemId, item?.isVirtual, item?.qtyOrdered, item?.qtyShipped],
    [3, 2, true, 2, 1.5],
  );
});

test('reads from which source a recorded shipment left, and that a shop with one source does not say', () => {
  assert.equal(parseShipment(recordedBody('shipment-by-id')).shipment.source, 'default');
  const { extension_attributes, ...shipment } = recordedBody('shipment-by-id') as Record<string, unknown>;
  assert.equal(parseShipment(shipment).shipment.source, null);
  for (const attributes of [null, [], {}])
    assert.equal(parseShipment({ ...shipment, extension_attributes: attributes }).shipment.source, null);
});

test('reads when a recorded track was made, in UTC', () => {
  const { shipment } = parseShipment(recordedBody('shipment-by-id'));
  assert.equal(shipment.tracks[0]?.createdAtMs, Date.parse('2026-11-22T04:04:38Z'));
});

test('puts tracks in the order in which they were made', () => {
  const tracks = [9, 3, 5].map((entity_id) => ({ entity_id, track_number: `T${entity_id}` }));
  const { shipment } = parseShipment({ entity_id: 1, order_id: 1, items: null, tracks });
  assert.deepEqual(
    shipment.tracks.map(({ entityId }) => entityId),
    [3, 5, 9],
  );
});

test('believes nothing without its ids', () => {
  const order = { entity_id: 1, increment_id: '1', items: [{ item_id: 1 }] };
  const shipment = { entity_id: 1, order_id: 1, items: [{ order_item_id: 1, qty: 1 }], tracks: [] };
  parseOrder(order);
  parseShipment(shipment);
  const bad = [
    () => parseOrder({ ...order, entity_id: 0 }),
    () => parseOrder({ ...order, entity_id: undefined }),
    () => parseOrder({ ...order, increment_id: null }),
    () => parseOrder({ ...order, items: [{}] }),
    () => parseOrder({ ...order, items: 'none' }),
    () => parseOrder({ ...order, items: [{ item_id: 1, qty_ordered: 'many' }] }),
    () => parseOrder(null),
    () => parseShipment({ ...shipment, order_id: 'abc' }),
    () => parseShipment({ ...shipment, items: [{ qty: 1 }] }),
    () => parseShipment({ ...shipment, tracks: [{ track_number: 'A' }] }),
    () => parsePage([]),
  ];
  for (const parse of bad) assert.throws(parse, ShapeError);
});
