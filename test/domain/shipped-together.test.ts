import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextStep } from '../../src/domain/next-step.ts';
import type { OrderItem, Shipment } from '../../src/domain/order.ts';
import type { Situation } from '../../src/domain/situation.ts';
import type { Write } from '../../src/domain/write.ts';
import { seedOrder } from '../../src/sandbox/seed.ts';
import { item, order, row, shipment, situation, track } from './orders.ts';
import { ShopWithoutWire } from './shop-without-wire.ts';

const parcel = (line: number, number: string, sku: string, quantity: number) =>
  row(line, number, { item: { sku, quantity } });

const shipped = (numbers: readonly string[], with_: Partial<Write> = {}): Write => ({
  id: 'w1',
  kind: 'ship',
  orderId: 1,
  shipmentId: 7,
  trackId: null,
  trackingNumbers: numbers,
  mails: false,
  state: 'done',
  message: '',
  atMs: 0,
  answeredAtMs: 1,
  counts: false,
  isOwn: true,
  ...with_,
});

const MUG = item({ itemId: 11, sku: 'MUG', qtyOrdered: 2, qtyShipped: 2 });
const CUP = item({ itemId: 12, sku: 'CUP', qtyOrdered: 1, qtyShipped: 1 });

/** Shipment 7 with these numbers, oldest first, and so much of each line. */
const holding = (numbers: readonly string[], ...items: readonly (readonly [number, number])[]): Shipment => ({
  ...shipment(7, ...numbers.map((number, at) => track(70 + at, number))),
  items: items.map(([orderItemId, qty]) => ({ orderItemId, qty })),
});

/** As `2: shipped`, with the message where it failed. */
function ends(
  shipments: readonly Shipment[],
  with_: Partial<Situation>,
  items: readonly OrderItem[] = [MUG, CUP],
) {
  const look = { orders: [order({ items, shipments })], atMs: 1_000_000 };
  const { outcomes, actions } = nextStep(situation({ look, ...with_ }));
  assert.deepEqual(actions, []);
  return outcomes.map(({ line, outcome, message }) =>
    outcome === 'item-mismatch' ? `${line}: ${message}` : `${line}: ${outcome}`,
  );
}

const LACKING =
  'shipment S7 holds 1 x MUG, and the numbers that came with it name 2 x MUG together: some of it was shipped, refunded or canceled at the same moment';

describe('Parcels that a file has shipped together', () => {
  const [T1, T2, T3] = [parcel(2, '1Z1', 'MUG', 1), parcel(3, '1Z2', 'MUG', 1), parcel(4, '1Z3', 'CUP', 1)];
  const both = shipped(['1Z1', '1Z2']);

  it('are item-mismatch where somebody ships one piece just before, and each piece on it could be of either', () => {
    const shop = new ShopWithoutWire();
    const { orderId, itemIds } = seedOrder(shop.store, {
      incrementId: '100000001',
      items: [{ sku: 'MUG', qty: 2 }],
    });
    const look = shop.look('100000001', 0);
    const [planned] = nextStep(situation({ look, rows: [T1, T2] })).actions;
    assert.ok(planned?.action.kind === 'ship');
    const byHand = [{ orderItemId: itemIds[0] ?? 0, qty: 1 }];
    const hand = [{ trackingNumber: 'HAND', carrierCode: 'custom', title: 'Parcel' }];
    shop.write({ ...planned.action, items: byHand, parcels: hand }, 'somebody');
    const answer = shop.write(planned.action, 'w1');
    assert.ok(answer.kind === 'done');
    const writes = [{ ...both, orderId, shipmentId: answer.shipmentId }];
    const later = shop.look('100000001', 1_000_000);
    const { outcomes, actions } = nextStep(situation({ look: later, rows: [T1, T2], writes }));
    assert.deepEqual(
      outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
      ['2: item-mismatch', '3: item-mismatch'],
    );
    assert.deepEqual(actions, []);
  });

  it('are shipped where it holds what all of them name, and told what it holds where it does not', () => {
    assert.deepEqual(ends([holding(['1Z1', '1Z2'], [11, 2])], { rows: [T1, T2], writes: [both] }), [
      '2: shipped',
      '3: shipped',
    ]);
    assert.deepEqual(ends([holding(['1Z1', '1Z2'], [11, 1])], { rows: [T1, T2], writes: [both] }), [
      `2: ${LACKING}`,
      `3: ${LACKING}`,
    ]);
  });

  it('are judged alike when one has ended before, after a crash say, and when the answer was lost', () => {
    const cut = [holding(['1Z1', '1Z2'], [11, 1])];
    assert.deepEqual(ends(cut, { rows: [T2], endedRows: [T1], writes: [both] }), [`3: ${LACKING}`]);
    const unheard = shipped(['1Z1', '1Z2'], { state: 'uncertain', shipmentId: null });
    assert.deepEqual(ends(cut, { rows: [T1, T2], writes: [unheard] }), [`2: ${LACKING}`, `3: ${LACKING}`]);
  });

  it('fail for the article of which some is missing, and not for another one', () => {
    const all = shipped(['1Z1', '1Z2', '1Z3']);
    const cut = holding(['1Z1', '1Z2', '1Z3'], [11, 1], [12, 1]);
    assert.deepEqual(
      ends([cut], { rows: [T1, T2, T3], writes: [all] }).map((end) => end.slice(0, 10)),
      ['2: shipmen', '3: shipmen', '4: shipped'],
    );
    const two = parcel(5, '1Z2', 'CUP', 1);
    const mixed = holding(['1Z1', '1Z2'], [11, 1], [12, 1]);
    assert.equal(ends([mixed], { rows: [T1, two], writes: [both] }).join(), '2: shipped,5: shipped');
  });

  it('do not count what a number names that somebody has taken off the shipment, or that came by itself', () => {
    const one = holding(['1Z1'], [11, 1]);
    assert.deepEqual(ends([one], { rows: [T1], endedRows: [T2], writes: [both] }), ['2: shipped']);
    const added = shipped(['1Z2'], { id: 'w2', kind: 'track', trackId: 71 });
    const shared = [holding(['1Z1', '1Z2'], [11, 1])];
    assert.deepEqual(ends(shared, { rows: [T1, T2], writes: [shipped(['1Z1']), added] }), [
      '2: shipped',
      '3: tracked',
    ]);
    const rows = [T1, T2, parcel(6, '1Z4', 'MUG', 1)];
    const writes = [shipped(['1Z1', '1Z4']), added];
    assert.deepEqual(ends([holding(['1Z1', '1Z2', '1Z4'], [11, 1])], { rows, writes }), [
      `2: ${LACKING}`,
      '3: tracked',
      `6: ${LACKING}`,
    ]);
  });

  it('count the parts of a bundle that they make up together', () => {
    const bundle = [
      item({ itemId: 20, sku: 'SET', productType: 'bundle', qtyShipped: 1 }),
      item({ itemId: 21, sku: 'MUG', parentItemId: 20, qtyOrdered: 2, qtyShipped: 2 }),
      item({ itemId: 22, sku: 'CUP', parentItemId: 20, qtyShipped: 1 }),
    ];
    const rows = [parcel(2, '1Z1', 'MUG', 2), parcel(3, '1Z2', 'CUP', 1)];
    const whole = holding(['1Z1', '1Z2'], [20, 1]);
    assert.deepEqual(ends([whole], { rows, writes: [both] }, bundle), ['2: shipped', '3: shipped']);
  });
});
