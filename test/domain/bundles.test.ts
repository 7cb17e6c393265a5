import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BundleForms } from '../../src/domain/bundle.ts';
import { fulfilled } from '../../src/domain/next-step.ts';
import { openItems } from '../../src/domain/open-items.ts';
import type { Order, OrderItem, Shipment } from '../../src/domain/order.ts';
import { Others } from '../../src/domain/others.ts';
import { plan } from '../../src/domain/plan.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { spelledAsIn } from '../../src/domain/spelled-sku.ts';
import { wishesOf } from '../../src/domain/wish.ts';
import { item, order, policy, row, shipment, standing, track } from './orders.ts';

/** Two gift boxes (20), each of one mug (21) and two cups (22). */
const BOXES = bundle(20, 'BOX', 2, [
  [21, 'MUG', 2],
  [22, 'CUP', 4],
]);

function bundle(
  itemId: number,
  sku: string,
  qtyOrdered: number,
  parts: readonly (readonly [itemId: number, sku: string, qtyOrdered: number])[],
): OrderItem[] {
  return [
    item({ itemId, sku, productType: 'bundle', qtyOrdered }),
    ...parts.map(([partId, partSku, qty]) =>
      item({ itemId: partId, sku: partSku, qtyOrdered: qty, parentItemId: itemId }),
    ),
  ];
}

const named = (line: number, number: string, sku: string, quantity: number) =>
  row(line, number, { item: { sku, quantity } });

const holding = (
  made: Shipment,
  ...items: readonly (readonly [orderItemId: number, qty: number])[]
): Shipment => ({ ...made, items: items.map(([orderItemId, qty]) => ({ orderItemId, qty })) });

/** As recorded in ship-bundle-tog-by-child, and its counterpart. */
const refusalOf = (sku: string, type: 'Together' | 'Separately') =>
  `Shipment Document Validation Error(s):\nYou can't create a shipment without products.\nCannot create shipment as bundle product "${sku}" has shipment type "${type}". ${type === 'Together' ? 'Bundle product itself' : 'Bundle product options'} should be shipped instead.`;

const TRANSLATED =
  'Fehler:\nDas Bündelprodukt «BOX» hat eine andere Versandart, es kann so nicht geliefert werden.';

/** The plan after the shop has refused the ships of these rows in these words, one after the other. */
function planFor(
  subject: Order,
  written: readonly Row[],
  {
    refused = [] as readonly string[],
    refusedTo = null as string | null,
    with_ = {} as Partial<Policy>,
  } = {},
) {
  const wishes = wishesOf(written.map(spelledAsIn(subject)));
  const siblings = wishes.filter(({ items }) => items.length > 0);
  const forms = new BundleForms(
    subject,
    siblings.flatMap(({ items }) => items),
    refused,
  );
  const last = refused.at(-1);
  const toWhom = wishes.filter(({ key }) => refusedTo === null || key === refusedTo);
  const refusals = new Map(last === undefined ? [] : toWhom.map(({ key }) => [key, last]));
  const placesOf = standing(subject);
  const others = new Others(wishes, [], null);
  const past = { siblings, placesOf, refusals, forms, others, isAnyLost: false };
  const { outcomes, actions } = plan(subject, wishes, policy(with_), past);
  return [
    ...outcomes.map(({ line, outcome, message }) => `${line}: ${outcome}: ${message}`),
    ...actions.map(({ action }) =>
      action.kind === 'ship'
        ? `ship ${action.items.map(({ orderItemId, qty }) => `${qty} of ${orderItemId}`).join(', ') || 'all'}`
        : `${action.kind} on ${action.kind === 'track' ? action.shipmentId : ''}`,
    ),
  ];
}

const ONE_BOX_BY_PARTS = [named(2, '1Z1', 'MUG', 1), named(3, '1Z1', 'CUP', 2)];

describe('A bundle of which nothing was shipped', () => {
  it('is tried part by part where the rows name its parts, and as a whole where they name it', () => {
    const subject = order({ items: BOXES });
    assert.deepEqual(planFor(subject, ONE_BOX_BY_PARTS), ['ship 1 of 21, 2 of 22']);
    assert.deepEqual(planFor(subject, [named(2, '1Z1', 'box ', 2)]), ['ship 2 of 20']);
  });

  it('is tried the other way once the shop has refused it, and then no more', () => {
    const subject = order({ items: BOXES });
    const together = refusalOf('BOX', 'Together');
    assert.deepEqual(planFor(subject, ONE_BOX_BY_PARTS, { refused: [together] }), ['ship 1 of 20']);
    const separately = refusalOf('BOX', 'Separately');
    assert.deepEqual(planFor(subject, [named(2, '1Z1', 'BOX', 2)], { refused: [separately] }), [
      'ship 2 of 21, 4 of 22',
    ]);
    assert.deepEqual(planFor(subject, [named(2, '1Z1', 'BOX', 2)], { refused: [separately, together] }), [
      `2: store-refused: ${together}`,
    ]);
  });

  it('is tried the other way also where the shop answers in another language, by its SKU in quotation marks', () => {
    const subject = order({ items: BOXES });
    assert.deepEqual(planFor(subject, ONE_BOX_BY_PARTS, { refused: [TRANSLATED] }), ['ship 1 of 20']);
    assert.deepEqual(planFor(subject, ONE_BOX_BY_PARTS, { refused: [TRANSLATED, TRANSLATED] }), [
      `2: store-refused: ${TRANSLATED}`,
      `3: store-refused: ${TRANSLATED}`,
    ]);
  });

  it('is not tried again where the refusal is about something else', () => {
    for (const words of ['Not enough stock of BOX', 'The product "BOXES" is gone', '']) {
      assert.deepEqual(planFor(order({ items: BOXES }), ONE_BOX_BY_PARTS, { refused: [words] }), [
        `2: store-refused: ${words}`,
        `3: store-refused: ${words}`,
      ]);
    }
  });

  it('has its form found beside others in the same call, each by its own refusal', () => {
    const items = [...BOXES, ...bundle(30, 'SET', 1, [[31, 'PLATE', 1]])];
    const rows = [...ONE_BOX_BY_PARTS, named(4, '1Z2', 'SET', 1)];
    const subject = order({ items });
    assert.deepEqual(planFor(subject, rows), ['ship 1 of 21, 2 of 22, 1 of 30']);
    const box = refusalOf('BOX', 'Together');
    const both = `${box}\n${refusalOf('SET', 'Separately')}`;
    assert.deepEqual(planFor(subject, rows, { refused: [both] }), ['ship 1 of 20, 1 of 31']);
    const set = refusalOf('SET', 'Separately');
    assert.deepEqual(planFor(subject, rows, { refused: [box] }), ['ship 1 of 20, 1 of 30']);
    assert.deepEqual(planFor(subject, rows, { refused: [box, set] }), ['ship 1 of 20, 1 of 31']);
  });

  it('has a name of its own where its SKU is made of those of its parts', () => {
    const items = bundle(20, 'BOX-MUG-CUP', 1, [[21, 'MUG', 1]]);
    assert.deepEqual(planFor(order({ items }), [named(2, '1Z1', 'BOX-MUG-CUP', 1)]), ['ship 1 of 20']);
  });

  it('ships with everything else where the rows name nothing', () => {
    assert.deepEqual(planFor(order({ items: BOXES }), [row(2, '1Z1')]), ['ship all']);
  });
});

/** An order whose first box was shipped as a whole, with the number of somebody else. */
const WHOLE = order({
  items: BOXES.map((line) => (line.itemId === 20 ? { ...line, qtyShipped: 1 } : line)),
  shipments: [holding(shipment(7, track(70, 'OTHER')), [20, 1])],
});

describe('A bundle that ships as a whole', () => {
  it('is shipped by its own id where the rows name all of its parts', () => {
    assert.deepEqual(planFor(WHOLE, ONE_BOX_BY_PARTS), ['ship 1 of 20']);
  });

  it('is shipped by its own id where several parcels together hold all of its parts', () => {
    const rows = [named(2, '1Z1', 'MUG', 1), named(3, '1Z2', 'CUP', 1), named(4, '1Z3', 'CUP', 1)];
    assert.deepEqual(planFor(WHOLE, rows), ['ship 1 of 20']);
    const [, , third = row(4, '1Z3')] = rows;
    assert.deepEqual(
      planFor(WHOLE, rows, { refused: ['no'] }),
      [2, 3, 4].map((line) => `${line}: store-refused: no`),
    );
    const elsewhere = [...rows.slice(0, 2), { ...third, source: 'east' }];
    assert.equal(planFor(WHOLE, elsewhere).filter((end) => end.includes('item-mismatch')).length, 3);
    assert.equal(planFor(WHOLE, rows.slice(0, 2)).filter((end) => end.includes('item-mismatch')).length, 2);
  });

  it('is not shipped for parcels of which the shop has refused one that belongs to the others', () => {
    const rows = [named(2, '1Z1', 'MUG', 1), named(3, '1Z2', 'CUP', 2)];
    assert.deepEqual(planFor(WHOLE, rows, { refused: ['no'], refusedTo: '1z1' }), [
      '2: store-refused: no',
      '3: store-refused: no',
    ]);
  });

  it('is shipped no more often than it is open, however many the rows name by its parts', () => {
    const rows = [named(2, '1Z1', 'MUG', 2), named(3, '1Z1', 'CUP', 4)];
    assert.match(planFor(WHOLE, rows)[0] ?? '', /item-mismatch: 2 x MUG .* only 1 of it is left/);
  });

  it('is counted without the noise of binary fractions', () => {
    const items = bundle(20, 'KIT', 4, [[21, 'CLOTH', 0.4]]).map((line) => ({ ...line, isQtyDecimal: true }));
    const [kit = item(), cloth = item()] = items;
    const subject = order({
      items: [{ ...kit, qtyShipped: 1 }, cloth],
      shipments: [holding(shipment(7, track(70, 'OTHER')), [20, 1])],
    });
    assert.deepEqual(planFor(subject, [named(2, '1Z1', 'CLOTH', 0.3)]), ['ship 3 of 20']);
  });

  it('is the one whose parts the rows name, also where those of a smaller one are among them', () => {
    const shippedOnce = (lines: readonly OrderItem[]) =>
      lines.map((line) => (line.parentItemId === null ? { ...line, qtyShipped: 1 } : line));
    const pair = bundle(20, 'PAIR', 2, [
      [21, 'MUG', 2],
      [22, 'CUP', 2],
    ]);
    const trio = bundle(30, 'TRIO', 2, [
      [31, 'MUG', 2],
      [32, 'CUP', 2],
      [33, 'TEA', 2],
    ]);
    const subject = order({
      items: shippedOnce([...pair, ...trio]),
      shipments: [holding(shipment(7, track(70, 'OLD')), [20, 1], [30, 1])],
    });
    const parcel = (quantity: number, ...skus: string[]) =>
      skus.map((sku, at) => named(2 + at, '1Z1', sku, quantity));
    assert.deepEqual(planFor(subject, parcel(1, 'MUG', 'CUP')), ['ship 1 of 20']);
    assert.deepEqual(planFor(subject, parcel(1, 'MUG', 'CUP', 'TEA')), ['ship 1 of 30']);
    assert.deepEqual(planFor(subject, [...parcel(2, 'MUG', 'CUP'), named(4, '1Z1', 'TEA', 1)]), [
      'ship 1 of 20, 1 of 30',
    ]);
  });

  it('is known by its shipments, whatever a refusal in another language was about', () => {
    assert.deepEqual(planFor(WHOLE, ONE_BOX_BY_PARTS, { refused: [TRANSLATED] }), ['ship 1 of 20']);
  });

  it('is not that once the shop says so in plain words, whatever its shipments hold', () => {
    assert.deepEqual(planFor(WHOLE, ONE_BOX_BY_PARTS, { refused: [refusalOf('BOX', 'Separately')] }), [
      'ship 1 of 21, 2 of 22',
    ]);
  });

  it('is not shipped for rows that name part of it, or more than whole ones of it', () => {
    for (const [rows, words] of [
      [[named(2, '1Z1', 'MUG', 1)], '1 x MUG'],
      [[named(2, '1Z1', 'CUP', 2)], '2 x CUP'],
    ] as const) {
      assert.deepEqual(planFor(WHOLE, rows), [
        `2: item-mismatch: bundle BOX ships as a whole, with 1 x MUG and 2 x CUP in each; the rows name only part of it: ${words}`,
      ]);
    }
    assert.deepEqual(planFor(WHOLE, [named(2, '1Z1', 'MUG', 2)]), [
      '2: item-mismatch: 2 x MUG would have to be shipped, and only 1 of it is left to ship',
    ]);
  });

  it('counts as its parts where a number stands on its shipment, or fits there', () => {
    const done = (rows: readonly Row[]) => planFor({ ...WHOLE, shipments: [holdingOne(rows)] }, rows);
    const holdingOne = (rows: readonly Row[]) =>
      holding(shipment(7, track(70, rows[0]?.trackingNumber ?? '')), [20, 1]);
    const stands = ': already-tracked: the number stands on shipment S7 already';
    assert.deepEqual(done(ONE_BOX_BY_PARTS), [`2${stands}`, `3${stands}`]);
    assert.deepEqual(done([named(2, '1Z1', 'BOX', 1)]), [`2${stands}`]);
    assert.deepEqual(done([named(2, '1Z1', 'CUP', 3)]), [
      '2: item-mismatch: the number stands on shipment S7, which holds 1 x MUG and 2 x CUP, and not 3 x CUP',
    ]);
    const bare = { ...WHOLE, shipments: [holding(shipment(7), [20, 1])] };
    assert.deepEqual(planFor(bare, ONE_BOX_BY_PARTS), ['track on 7']);
    assert.deepEqual(planFor(bare, [named(2, '1Z1', 'BOX', 1)]), ['track on 7']);
  });
});

/** An order of which one mug of a box was shipped by itself: Magento has the box once on that shipment, too. */
const BY_PARTS = order({
  state: 'complete',
  items: BOXES.map((line) => (line.itemId === 22 ? line : { ...line, qtyShipped: 1 })),
  shipments: [holding(shipment(7, track(70, 'OTHER')), [20, 1], [21, 1])],
});

describe('A bundle of which some parts are gone', () => {
  it('is not made up of halves of two lines', () => {
    const items = [
      ...bundle(20, 'BOX', 2, [[21, 'MUG', 4]]).map((line) =>
        line.itemId === 21 ? { ...line, qtyShipped: 3 } : line,
      ),
      ...bundle(30, 'BOX', 2, [[31, 'CUP', 4]]).map((line) =>
        line.itemId === 31 ? { ...line, qtyShipped: 2 } : line,
      ),
    ];
    const shipments = [
      holding(shipment(7, track(70, 'OTHER')), [20, 1], [21, 3]),
      holding(shipment(8, track(80, 'OTHER')), [30, 1], [31, 2]),
    ];
    const subject = order({ items, shipments });
    assert.deepEqual(planFor(subject, [named(2, '1Z1', 'BOX', 1)]), ['ship 2 of 31']);
  });
});

describe('A bundle that was ordered twice with different parts', () => {
  const items = [...bundle(20, 'BOX', 1, [[21, 'MUG', 1]]), ...bundle(30, 'BOX', 1, [[31, 'CUP', 2]])];
  const both = [named(2, '1Z1', 'BOX', 1), named(3, '1Z2', 'BOX', 1)];

  it('is shipped line by line, and found on the shipment of either', () => {
    assert.deepEqual(planFor(order({ items }), both), ['ship 1 of 20, 1 of 30']);
    const shipped = items.map((line) => ({ ...line, qtyShipped: line.parentItemId === null ? 1 : 0 }));
    const shipments = [
      holding(shipment(7, track(70, '1Z1')), [20, 1]),
      holding(shipment(8, track(80, '1Z2')), [30, 1]),
    ];
    assert.deepEqual(planFor(order({ items: shipped, shipments }), both), [
      '2: already-tracked: the number stands on shipment S7 already',
      '3: already-tracked: the number stands on shipment S8 already',
    ]);
  });

  it('is found by that line which leaves its parts for the rows that name these', () => {
    const shipped = [...bundle(20, 'BOX', 1, [[21, 'MUG', 2]]), ...bundle(30, 'BOX', 1, [[31, 'MUG', 1]])];
    const rows = [named(2, '1Z1', 'BOX', 1), named(3, '1Z1', 'MUG', 2)];
    const foundOn = (...held: readonly (readonly [number, number])[]) => {
      const shipments = [holding(shipment(7, track(70, '1Z1')), [20, 1], ...held)];
      const standing = shipped.map((line) => ({ ...line, qtyShipped: line.qtyOrdered }));
      return planFor(order({ items: standing, shipments }), rows).map((end) => end.slice(0, 18));
    };
    assert.deepEqual(foundOn([21, 2], [30, 1], [31, 1]), ['2: already-tracked', '3: already-tracked']);
    assert.deepEqual(foundOn([21, 2]), ['2: item-mismatch: ', '3: item-mismatch: ']);
  });
});

describe('A bundle that ships part by part', () => {
  it('ships what is left of its parts, also once the order is complete', () => {
    assert.deepEqual(planFor(BY_PARTS, [named(2, '1Z1', 'CUP', 4)]), ['ship 4 of 22']);
    assert.deepEqual(planFor(BY_PARTS, ONE_BOX_BY_PARTS), ['ship 1 of 21, 2 of 22']);
  });

  it('ships the parts of as many as its own name asks for, as far as whole ones are left', () => {
    assert.deepEqual(planFor(BY_PARTS, [named(2, '1Z1', 'BOX', 1)]), ['ship 1 of 21, 2 of 22']);
    assert.deepEqual(planFor(BY_PARTS, [named(2, '1Z1', 'BOX', 2)]), [
      '2: item-mismatch: 2 x BOX would have to be shipped, and only 1 of it is left to ship',
    ]);
  });

  it('does not count itself among what its shipment holds', () => {
    const shipments = [holding(shipment(7, track(70, '1Z1')), [20, 1], [21, 1])];
    const subject = { ...BY_PARTS, shipments };
    assert.match(planFor(subject, [named(2, '1Z1', 'MUG', 1)])[0] ?? '', /already-tracked/);
    assert.match(
      planFor(subject, [named(2, '1Z1', 'BOX', 1)])[0] ?? '',
      /item-mismatch.* holds 1 x MUG, and not 1 x BOX/,
    );
    const bare = { ...BY_PARTS, shipments: [holding(shipment(7), [20, 1], [21, 1])] };
    assert.deepEqual(planFor(bare, [named(2, '1Z1', 'MUG', 1)]), ['track on 7']);
  });
});

describe('An article that is part of a bundle and a line of its own', () => {
  const mug = item({ itemId: 40, sku: 'MUG' });

  it('is taken from its own line first, then from the bundle, wherever the lines stand', () => {
    for (const items of [
      [...BOXES, mug],
      [mug, ...BOXES],
    ]) {
      assert.deepEqual(planFor(order({ items }), [named(2, '1Z1', 'MUG', 1)]), ['ship 1 of 40']);
      assert.deepEqual(planFor(order({ items }), [named(2, '1Z1', 'MUG', 2)]), ['ship 1 of 40, 1 of 21']);
    }
  });

  it('is taken from the bundle where that would break otherwise', () => {
    const subject = { ...WHOLE, items: [mug, ...WHOLE.items] };
    assert.deepEqual(planFor(subject, ONE_BOX_BY_PARTS), ['ship 1 of 20']);
    assert.deepEqual(planFor(subject, [...ONE_BOX_BY_PARTS, named(4, '1Z1', 'MUG', 2)]), [
      '2: item-mismatch: 3 x MUG would have to be shipped, and only 2 of it is left to ship',
      '3: item-mismatch: 3 x MUG would have to be shipped, and only 2 of it is left to ship',
      '4: item-mismatch: 3 x MUG would have to be shipped, and only 2 of it is left to ship',
    ]);
  });
});

describe('What rows are told of an order that is partly shipped', () => {
  const toldBy = (subject: Order, rows: readonly Row[], with_: Partial<Policy> = {}) => {
    const wishes = wishesOf(rows);
    const forms = new BundleForms(
      subject,
      wishes.flatMap(({ items }) => items),
      [],
    );
    const past = {
      siblings: wishes,
      placesOf: standing(subject),
      refusals: new Map(),
      forms,
      others: new Others(wishes, [], null),
      isAnyLost: false,
    };
    return plan(subject, wishes, policy(with_), past).actions.map(
      (planned) => fulfilled(planned, {})[0]?.message,
    );
  };
  const plates = item({ itemId: 40, sku: 'PLATE', qtyOrdered: 3 });
  const partly = { ...WHOLE, items: [...WHOLE.items, plates] };

  it('is what is open after all that the file ships', () => {
    const rows = [named(2, '1Z1', 'PLATE', 2), row(3, '1Z2', { shipmentNumber: 'S7' })];
    const open = 'still open: 1 x BOX and 1 x PLATE';
    assert.deepEqual(toldBy(partly, rows), [
      `number added to the shipment; ${open}`,
      `shipment created with this number; ${open}`,
    ]);
    const unshipped = order({ items: BOXES });
    assert.deepEqual(toldBy(unshipped, [named(2, '1Z1', 'MUG', 1)]), [
      'shipment created with this number; still open: 1 x MUG and 4 x CUP',
    ]);
  });

  it('is nothing where all of the rest is shipped, as the inbox may have it', () => {
    const rest = { onPartlyShipped: 'ship' } as const;
    assert.deepEqual(toldBy(partly, [row(2, '1Z1')], rest), ['shipment created with this number']);
    const whole = { ...WHOLE, items: WHOLE.items.map((line) => ({ ...line, qtyShipped: line.qtyOrdered })) };
    assert.deepEqual(toldBy(whole, [row(2, '1Z1')], rest), ['number added to the shipment']);
  });

  it('needs an inbox that may create shipments, and an order that may be shipped, for all of the rest', () => {
    const rest = { onPartlyShipped: 'ship' } as const;
    assert.deepEqual(planFor(partly, [row(2, '1Z1')], { with_: { ...rest, createShipments: false } }), [
      '2: no-shipment: part of the order is not shipped yet; shipments.create: true would let Trackdrop ship it',
    ]);
    const held = { ...partly, state: 'holded', status: 'holded' };
    assert.match(planFor(held, [row(2, '1Z1')], { with_: rest })[0] ?? '', /^2: order-held: /);
  });
});

describe('What is open on an order', () => {
  const told = (subject: Order) => openItems(subject).map(({ sku, quantity }) => `${quantity} x ${sku}`);

  it('names a bundle once, and its parts only where its shipments show that they ship one by one', () => {
    assert.deepEqual(told(order({ items: BOXES })), ['2 x BOX']);
    assert.deepEqual(told(WHOLE), ['1 x BOX']);
    assert.deepEqual(told(BY_PARTS), ['1 x MUG', '4 x CUP']);
  });

  it('adds up what is of one SKU and leaves out what is virtual, refunded, canceled, or of a configurable product', () => {
    const items = [
      item({ itemId: 11, qtyOrdered: 6, qtyShipped: 2, qtyRefunded: 1, qtyCanceled: 1 }),
      item({ itemId: 12, qtyOrdered: 2.5, qtyShipped: 0.4 }),
      item({ itemId: 13, sku: 'PDF', isVirtual: true, productType: 'downloadable' }),
      item({ itemId: 14, sku: 'SHIRT-RED', productType: 'configurable' }),
      item({ itemId: 15, sku: 'SHIRT-RED', parentItemId: 14 }),
      item({ itemId: 16, sku: 'PLATE', qtyRefunded: 1 }),
    ];
    assert.deepEqual(told(order({ items })), ['5.1 x MUG', '1 x SHIRT-RED']);
  });

  it('is told with a refund of one part of a bundle that nobody has shipped yet', () => {
    const items = BOXES.map((line) => (line.itemId === 22 ? line : { ...line, qtyRefunded: 2 }));
    assert.deepEqual(told(order({ items })), ['4 x CUP']);
  });
});
