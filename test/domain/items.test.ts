import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BundleForms } from '../../src/domain/bundle.ts';
import type { Order, OrderItem, Shipment } from '../../src/domain/order.ts';
import { Others } from '../../src/domain/others.ts';
import { plan } from '../../src/domain/plan.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { spelledAsIn } from '../../src/domain/spelled-sku.ts';
import { endWish, wishesOf } from '../../src/domain/wish.ts';
import { numbersOf } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, standing, track } from './orders.ts';

const MAY_SHIP: Policy = policy();
const NEVER_SHIP: Policy = { ...MAY_SHIP, createShipments: false };

/** Five mugs in two lines (11: 2, 12: 3) and one cup (13). */
const MUGS_AND_CUP = [
  item({ itemId: 11, sku: 'MUG', qtyOrdered: 2 }),
  item({ itemId: 12, sku: 'MUG', qtyOrdered: 3 }),
  item({ itemId: 13, sku: 'CUP', qtyOrdered: 1 }),
];

const rowOf = (line: number, number: string, sku: string, quantity: number) =>
  row(line, number, { item: { sku, quantity } });

function holding(
  made: Shipment,
  ...items: readonly (readonly [orderItemId: number, qty: number])[]
): Shipment {
  return { ...made, items: items.map(([orderItemId, qty]) => ({ orderItemId, qty })) };
}

function planFor(
  subject: Order,
  written: readonly Row[],
  { policy = MAY_SHIP, ended = [] as readonly Row[], refusals = {} as Readonly<Record<string, string>> } = {},
) {
  const rows = written.map(spelledAsIn(subject));
  const siblings = wishesOf([...ended, ...rows].filter((each) => each.item !== null));
  const others = new Others(wishesOf(rows), [], null);
  const named = siblings.flatMap(({ items }) => items);
  const forms = new BundleForms(subject, named, Object.values(refusals));
  const known = { refusals: new Map(Object.entries(refusals)), forms, isAnyLost: false };
  const past = { ...known, siblings, placesOf: standing(subject), others };
  const { outcomes, actions } = plan(subject, wishesOf(rows), policy, past);
  return {
    outcomes: outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
    messages: outcomes.map(({ message }) => message),
    actions: actions.map(({ action }) =>
      action.kind === 'ship'
        ? `ship ${action.items.map(({ orderItemId, qty }) => `${qty} of ${orderItemId}`).join(', ')} with ${action.parcels.map((parcel) => parcel.trackingNumber).join(', ')}`
        : `${action.kind} ${numbersOf(action).join(', ')} on ${action.shipmentId}`,
    ),
  };
}

describe('Rows with one number', () => {
  const contents = (...rows: Row[]) => wishesOf(rows)[0]?.items;

  it('are one parcel with several items', () => {
    assert.deepEqual(contents(rowOf(2, '1Z1', 'MUG', 2), rowOf(3, '1z 1', 'CUP', 1)), [
      { sku: 'MUG', quantity: 2 },
      { sku: 'CUP', quantity: 1 },
    ]);
  });

  it('and one SKU in different quantities add up, also in fractions', () => {
    assert.deepEqual(contents(rowOf(2, '1Z1', 'CLOTH', 0.1), rowOf(3, '1Z1', 'CLOTH ', 0.2)), [
      { sku: 'CLOTH', quantity: 0.3 },
    ]);
  });

  it('and the quantity 0 hold nothing of that SKU', () => {
    const [none, one] = [rowOf(2, '1Z1', 'CUP', 0), rowOf(3, '1Z1', 'MUG', 1)];
    assert.deepEqual(contents(none, one), [{ sku: 'MUG', quantity: 1 }]);
    assert.deepEqual(contents(none), []);
  });

  it('and one SKU in one quantity are one row that stands there twice', () => {
    const repeated = [rowOf(2, '1Z1', 'MUG', 2), rowOf(3, '1Z1', 'CUP', 2), rowOf(9, '1Z1', 'MUG', 2)];
    assert.deepEqual(contents(...repeated), [
      { sku: 'MUG', quantity: 2 },
      { sku: 'CUP', quantity: 2 },
    ]);
    const outcomes = wishesOf(repeated).flatMap((wish) => endWish(wish, 'shipped', 'done'));
    assert.deepEqual(
      outcomes.map(({ line, outcome, message }) => `${line}: ${outcome}, ${message}`),
      ['2: shipped, done', '3: shipped, done', '9: already-tracked, same as line 2, counted once'],
    );
  });

  it('and one SKU in one quantity add up where their records differ, but for an exact repeat', () => {
    const rows = ['line 1', 'line 2', 'line 1'].map((record, at) => ({
      ...rowOf(2 + at, '1Z1', 'MUG', 1),
      record,
    }));
    assert.deepEqual(contents(...rows), [{ sku: 'MUG', quantity: 2 }]);
    const outcomes = wishesOf(rows).flatMap((wish) => endWish(wish, 'shipped', 'done'));
    assert.deepEqual(
      outcomes.map(({ line, outcome, message }) => `${line}: ${outcome}, ${message}`),
      ['2: shipped, done', '3: shipped, done', '4: already-tracked, same as line 2, counted once'],
    );
  });

  it('and one line end each for itself, the repeat with words of its own', () => {
    const repeated = [row(2, '1Z1'), row(2, '1z1', { part: 1 }), row(3, '1Z1')];
    const outcomes = wishesOf(repeated).flatMap((wish) => endWish(wish, 'tracked', 'done'));
    assert.deepEqual(
      outcomes.map(({ line, part, outcome, message }) => `${line}.${part}: ${outcome}, ${message}`),
      [
        '2.0: tracked, done',
        '2.1: already-tracked, stands twice on this line',
        '3.0: already-tracked, same as line 2',
      ],
    );
  });
});

describe('A parcel whose items are named', () => {
  it('is shipped with exactly these, all parcels of the order on one new shipment', () => {
    const { actions } = planFor(order({ items: MUGS_AND_CUP }), [
      rowOf(2, '1Z1', 'MUG', 1),
      rowOf(3, '1Z2', 'mug', 2),
      rowOf(4, '1Z2', 'CUP', 1),
    ]);
    assert.deepEqual(actions, ['ship 2 of 11, 1 of 12, 1 of 13 with 1Z1, 1Z2']);
  });

  it('takes with it the number of a row that names nothing', () => {
    const { actions } = planFor(order({ items: MUGS_AND_CUP }), [row(2, '1Z9'), rowOf(3, '1Z1', 'CUP', 1)]);
    assert.deepEqual(actions, ['ship 1 of 13 with 1Z9, 1Z1']);
  });

  it('gets a shipment of its own beside the one that another number has, whose parcel names nothing', () => {
    const shipped = holding(shipment(7, track(70, 'OTHER')), [11, 2]);
    const items = [item({ itemId: 11, sku: 'MUG', qtyOrdered: 4, qtyShipped: 2 })];
    const { actions } = planFor(order({ items, shipments: [shipped] }), [
      rowOf(2, '1Z1', 'MUG', 2),
      row(3, '1Z2'),
    ]);
    assert.deepEqual(actions, ['track 1Z2 on 7', 'ship 2 of 11 with 1Z1']);
  });

  it('goes onto the shipment that holds exactly its items and has no number, also where none may be created', () => {
    const shipments = [holding(shipment(7), [13, 1]), holding(shipment(8), [11, 2], [12, 1]), shipment(9)];
    const subject = order({ items: MUGS_AND_CUP, shipments });
    const rows = [rowOf(2, '1Z1', 'MUG', 3), rowOf(3, '1Z2', 'CUP', 1)];
    assert.deepEqual(planFor(subject, rows, { policy: NEVER_SHIP }), {
      outcomes: [],
      messages: [],
      actions: ['track 1Z1 on 8', 'track 1Z2 on 7'],
    });
  });

  it('shares a shipment that holds exactly the items of all parcels, also when the process ends after the first', () => {
    const whole = holding(shipment(7), [11, 2], [13, 1]);
    const [mug, cup] = [rowOf(2, '1Z1', 'MUG', 2), rowOf(3, '1Z2', 'CUP', 1)];
    const fresh = planFor(order({ items: MUGS_AND_CUP, shipments: [whole] }), [mug, cup], {
      policy: NEVER_SHIP,
    });
    assert.deepEqual(fresh.actions, ['track 1Z1 on 7', 'track 1Z2 on 7']);
    const begun = order({ items: MUGS_AND_CUP, shipments: [{ ...whole, tracks: [track(70, '1Z1')] }] });
    assert.deepEqual(planFor(begun, [cup], { policy: NEVER_SHIP, ended: [mug] }).actions, ['track 1Z2 on 7']);
  });

  it('does not go onto a shipment that has the number of somebody else', () => {
    const taken = holding(shipment(7, track(70, 'OTHER')), [13, 1]);
    const subject = order({ items: MUGS_AND_CUP, shipments: [taken] });
    assert.deepEqual(planFor(subject, [rowOf(2, '1Z1', 'CUP', 1)]).actions, ['ship 1 of 13 with 1Z1']);
  });

  it('is done where its number stands on a shipment that holds its items and more', () => {
    const subject = order({
      items: MUGS_AND_CUP,
      shipments: [holding(shipment(7, track(70, '1Z1')), [11, 2], [12, 1], [13, 1])],
    });
    const { outcomes, actions } = planFor(subject, [rowOf(2, '1Z1', 'MUG', 3)]);
    assert.deepEqual([outcomes, actions], [['2: already-tracked'], []]);
  });

  it('ends as item-mismatch where its number stands on a shipment that does not hold its items', () => {
    const subject = order({
      items: MUGS_AND_CUP,
      shipments: [holding(shipment(7, track(70, '1Z1')), [11, 2])],
    });
    assert.deepEqual(planFor(subject, [rowOf(2, '1Z1', 'MUG', 3)]), {
      outcomes: ['2: item-mismatch'],
      messages: ['the number stands on shipment S7, which holds 2 x MUG, and not 3 x MUG'],
      actions: [],
    });
  });

  it('ends as item-mismatch for a SKU that the order does not have, and the message says what it has', () => {
    for (const policy of [MAY_SHIP, NEVER_SHIP]) {
      assert.deepEqual(planFor(order({ items: MUGS_AND_CUP }), [rowOf(2, '1Z1', 'PLATE', 1)], { policy }), {
        outcomes: ['2: item-mismatch'],
        messages: ['the order has no item PLATE that can be shipped by itself; it has MUG, CUP'],
        actions: [],
      });
    }
  });

  it('ends as item-mismatch for more than is open, whatever was shipped, refunded or canceled of it', () => {
    const items = [item({ sku: 'MUG', qtyOrdered: 6, qtyShipped: 2, qtyRefunded: 1, qtyCanceled: 1 })];
    const subject = order({ items, shipments: [holding(shipment(7, track(70, 'OTHER')), [11, 2])] });
    assert.deepEqual(planFor(subject, [rowOf(2, '1Z1', 'MUG', 3)]).actions, ['ship 3 of 11 with 1Z1']);
    assert.deepEqual(planFor(subject, [rowOf(2, '1Z1', 'MUG', 4)]), {
      outcomes: ['2: item-mismatch'],
      messages: ['4 x MUG would have to be shipped, and only 3 of it is left to ship'],
      actions: [],
    });
  });

  it('ends as item-mismatch where none of it is left, and no shipment holds all of it', () => {
    const items = [item({ sku: 'MUG', qtyOrdered: 2, qtyShipped: 2 })];
    const subject = order({ items, shipments: [holding(shipment(7, track(70, 'OTHER')), [11, 2])] });
    const { outcomes, messages } = planFor(subject, [rowOf(2, '1Z1', 'MUG', 3)]);
    assert.deepEqual(outcomes, ['2: item-mismatch']);
    assert.deepEqual(messages, ['3 x MUG would have to be shipped, and none of it is left to ship']);
  });

  it('ends as item-mismatch for a virtual item or a download, which are never shipped, and the rest ships', () => {
    const items = [
      ...MUGS_AND_CUP,
      item({ itemId: 14, sku: 'PDF', isVirtual: true, productType: 'downloadable' }),
    ];
    const subject = order({ items });
    assert.deepEqual(planFor(subject, [rowOf(2, '1Z1', 'pdf', 1), rowOf(3, '1Z2', 'CUP', 1)]), {
      outcomes: ['2: item-mismatch'],
      messages: ['PDF is virtual or a download, and such items are never shipped'],
      actions: ['ship 1 of 13 with 1Z2'],
    });
    assert.deepEqual(planFor(subject, [row(2, '1Z1')]).actions, ['ship  with 1Z1']);
    assert.match(planFor(subject, [rowOf(2, '1Z1', 'PLATE', 1)]).messages[0] ?? '', /it has MUG, CUP$/);
  });

  it('ends as item-mismatch for items that the shop keeps from being shipped, and the message says so', () => {
    const items = [
      item({ itemId: 11, sku: 'MUG', isLocked: true }),
      item({ itemId: 12, sku: 'MUG', qtyOrdered: 2 }),
      item({ itemId: 13, sku: 'CUP', isLocked: true }),
    ];
    const rows = [rowOf(2, '1Z1', 'CUP', 1), rowOf(3, '1Z2', 'MUG', 3), rowOf(4, '1Z3', 'MUG', 2)];
    const { outcomes, messages, actions } = planFor(order({ items }), rows);
    assert.deepEqual(outcomes, ['2: item-mismatch', '3: item-mismatch']);
    assert.deepEqual(messages, [
      '1 x CUP would have to be shipped, and none of it is left to ship; the shop keeps 1 x CUP from being shipped (locked_do_ship)',
      '3 x MUG would have to be shipped, and only 2 of it is left to ship; the shop keeps 1 x MUG from being shipped (locked_do_ship)',
    ]);
    assert.deepEqual(actions, ['ship 2 of 12 with 1Z3']);
  });

  it('is shipped in fractions of what is sold by parts of a piece, over as many lines as it takes', () => {
    const items = [
      item({ itemId: 11, sku: 'CLOTH', isQtyDecimal: true, qtyOrdered: 2.5, qtyShipped: 2.2 }),
      item({ itemId: 12, sku: 'CLOTH', isQtyDecimal: true, qtyOrdered: 1 }),
    ];
    const { actions } = planFor(order({ items }), [
      rowOf(2, '1Z1', 'CLOTH', 0.1),
      rowOf(3, '1Z2', 'CLOTH', 0.3),
      rowOf(4, '1Z3', 'CLOTH', 0.0001),
    ]);
    assert.deepEqual(actions, ['ship 0.3 of 11, 0.1001 of 12 with 1Z1, 1Z2, 1Z3']);
  });

  it('ends as item-mismatch for a fraction of what is sold by the piece, since Magento would cut it off', () => {
    assert.deepEqual(planFor(order({ items: MUGS_AND_CUP }), [rowOf(2, '1Z1', 'MUG', 1.5)]), {
      outcomes: ['2: item-mismatch'],
      messages: ['MUG is sold by the piece, and 1.5 x MUG is no whole number of them'],
      actions: [],
    });
  });

  it('is taken from what is sold by the piece in whole pieces, and the fraction from a line that is not', () => {
    const items = [
      item({ itemId: 11, qtyOrdered: 2 }),
      item({ itemId: 12, qtyOrdered: 1, isQtyDecimal: true }),
    ];
    assert.deepEqual(planFor(order({ items }), [rowOf(2, '1Z1', 'MUG', 1.5)]).actions, [
      'ship 1 of 11, 0.5 of 12 with 1Z1',
    ]);
  });

  it('leaves nothing to a later parcel that wants the same piece, which ends as item-mismatch alone', () => {
    const subject = order({ items: MUGS_AND_CUP });
    const { outcomes, actions } = planFor(subject, [rowOf(2, '1Z1', 'CUP', 1), rowOf(3, '1Z2', 'CUP', 1)]);
    assert.deepEqual([outcomes, actions], [['3: item-mismatch'], ['ship 1 of 13 with 1Z1']]);
  });

  it('is shipped by the line of the configurable product, which carries the SKU of its variant', () => {
    const items = [
      item({ itemId: 20, sku: 'SHIRT-RED', productType: 'configurable', qtyOrdered: 2 }),
      item({ itemId: 21, sku: 'SHIRT-RED', parentItemId: 20, qtyOrdered: 2 }),
    ];
    assert.deepEqual(planFor(order({ items }), [rowOf(2, '1Z1', 'SHIRT-RED', 2)]).actions, [
      'ship 2 of 20 with 1Z1',
    ]);
  });

  it('is told by which names the order has it where several lines hold the variant, or one besides its own', () => {
    const shirt = (itemId: number, sku: string, variant = 'SHIRT-M') => [
      item({ itemId, sku, productType: 'configurable' }),
      item({ itemId: itemId + 1, sku: variant, parentItemId: itemId }),
    ];
    const told = (items: readonly OrderItem[], quantity: number) =>
      planFor(order({ items }), [rowOf(2, '1Z1', 'SHIRT-M', quantity)]).messages[0];
    const [gift, card, plain] = [shirt(20, 'SHIRT-M-gift'), shirt(30, 'SHIRT-M-card'), shirt(40, 'SHIRT-M')];
    assert.equal(
      told([...gift, ...card, ...shirt(50, 'CAP-red', 'CAP')], 2),
      'the order has no item SHIRT-M that can be shipped by itself; it has SHIRT-M-gift, SHIRT-M-card, CAP-red; what the order has as SHIRT-M-gift and SHIRT-M-card must be named so',
    );
    assert.equal(
      told([...gift, ...plain], 2),
      '2 x SHIRT-M would have to be shipped, and only 1 of it is left to ship; what the order has as SHIRT-M-gift must be named so',
    );
  });

  it('may be named by the SKU of the variant alone where its line has more, and no other line has that SKU', () => {
    const gift = item({ itemId: 20, sku: 'SHIRT-M-gift', productType: 'configurable', qtyOrdered: 2 });
    const items = [gift, item({ itemId: 21, sku: 'SHIRT-M', parentItemId: 20, qtyOrdered: 2 })];
    const both = [rowOf(2, '1Z1', 'shirt-m', 1), rowOf(3, '1Z1', 'SHIRT-M-gift', 1)];
    assert.deepEqual(planFor(order({ items }), both).actions, ['ship 2 of 20 with 1Z1']);
    const { messages } = planFor(order({ items }), [rowOf(2, '1Z1', 'SHIRT-M', 3)]);
    assert.match(messages[0] ?? '', /3 x SHIRT-M would have to be shipped, and only 2/);
    assert.doesNotMatch(messages[0] ?? '', /must be named so/);

    const half = [{ ...gift, qtyShipped: 1 }, ...items.slice(1)];
    const shipped = order({ items: half, shipments: [holding(shipment(7), [20, 1], [21, 1])] });
    assert.deepEqual(planFor(shipped, [rowOf(2, '1Z1', 'SHIRT-M', 1)]).actions, ['track 1Z1 on 7']);

    const own = [...items, item({ itemId: 30, sku: 'SHIRT-M', qtyOrdered: 1 })];
    assert.deepEqual(planFor(order({ items: own }), [rowOf(2, '1Z1', 'SHIRT-M', 1)]).actions, [
      'ship 1 of 30 with 1Z1',
    ]);
    const engraved = item({ itemId: 40, sku: 'SHIRT-M-name', productType: 'configurable' });
    const shared = [...items, engraved, item({ itemId: 41, sku: 'SHIRT-M', parentItemId: 40 })];
    assert.deepEqual(planFor(order({ items: shared }), [rowOf(2, '1Z1', 'SHIRT-M', 1)]).actions, []);
  });

  it('counts a configurable product once on a shipment that has its child besides', () => {
    const items = [
      item({ itemId: 20, sku: 'SHIRT-RED', productType: 'configurable', qtyOrdered: 2, qtyShipped: 1 }),
      item({ itemId: 21, sku: 'SHIRT-RED', parentItemId: 20, qtyOrdered: 2, qtyShipped: 1 }),
    ];
    const shipments = [holding(shipment(7, track(70, '1Z1')), [20, 1], [21, 1])];
    const { messages } = planFor(order({ items, shipments }), [rowOf(2, '1Z1', 'SHIRT-RED', 2)]);
    assert.match(messages[0] ?? '', /which holds 1 x SHIRT-RED, and not 2/);
  });

  it('needs a shipment that the inbox may create, and ends as no-shipment where it may not', () => {
    const bare = planFor(order({ items: MUGS_AND_CUP }), [rowOf(2, '1Z1', 'MUG', 1)], { policy: NEVER_SHIP });
    assert.deepEqual([bare.outcomes, bare.actions], [['2: no-shipment'], []]);
    assert.match(bare.messages[0] ?? '', /has no shipment yet; shipments\.create: true/);
    const other = order({ items: MUGS_AND_CUP, shipments: [holding(shipment(7), [13, 1])] });
    const beside = planFor(other, [rowOf(2, '1Z1', 'MUG', 1)], { policy: NEVER_SHIP });
    assert.match(beside.messages[0] ?? '', /no shipment of the order fits the items yet/);
    const taken = order({
      items: MUGS_AND_CUP,
      shipments: [holding(shipment(7, track(70, 'OLD')), [13, 1])],
    });
    const cup = planFor(taken, [rowOf(2, '1Z1', 'CUP', 1)], { policy: NEVER_SHIP });
    assert.deepEqual([cup.outcomes, cup.actions], [['2: no-shipment'], []]);
    assert.match(
      cup.messages[0] ?? '',
      /^shipment S7 holds the items and has a number already.*columns\.shipment.*shipments\.create: true/,
    );
  });

  it('waits on an order on hold, and names the key that would let it be shipped after that', () => {
    const held = order({ items: MUGS_AND_CUP, state: 'holded' });
    const [allowed, not] = [{}, { policy: NEVER_SHIP }].map((with_) =>
      planFor(held, [rowOf(2, '1Z1', 'MUG', 1)], with_),
    );
    assert.deepEqual([allowed?.outcomes, not?.outcomes], [['2: order-held'], ['2: order-held']]);
    assert.doesNotMatch(allowed?.messages[0] ?? '', /shipments\.create/);
    assert.match(not?.messages[0] ?? '', /cannot be shipped while.*after that only shipments\.create: true/);
  });

  for (const [state, outcome] of [
    ['holded', 'order-held'],
    ['canceled', 'order-closed'],
  ] as const) {
    it(`is not shipped on an order that is ${state}: ${outcome}`, () => {
      const { outcomes, actions } = planFor(order({ items: MUGS_AND_CUP, state }), [
        rowOf(2, '1Z1', 'MUG', 1),
      ]);
      assert.deepEqual([outcomes, actions], [[`2: ${outcome}`], []]);
    });
  }

  it('is not asked for again when the store has refused to ship it, but others are', () => {
    const shipments = [holding(shipment(7, track(70, 'OTHER')), [11, 1])];
    const subject = order({ items: MUGS_AND_CUP, shipments });
    const rows = [rowOf(2, '1Z1', 'MUG', 1), rowOf(3, '1Z2', 'CUP', 1)];
    assert.deepEqual(planFor(subject, rows, { refusals: { '1z1': 'not this one' } }), {
      outcomes: ['2: store-refused'],
      messages: ['not this one'],
      actions: ['ship 1 of 13 with 1Z2'],
    });
  });
});
