import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BundleForms } from '../../src/domain/bundle.ts';
import { openItems } from '../../src/domain/open-items.ts';
import type { OrderItem, Shipment } from '../../src/domain/order.ts';
import { planShipping } from '../../src/domain/shipping.ts';
import { wishesOf } from '../../src/domain/wish.ts';
import { item, order, policy, row, shipment } from './orders.ts';

const ids = { SET: 11, MUG: 12, CUP: 13, TEA: 14 };
/** A set of one mug and two cups, and tea beside it. */
const lines = (set: Partial<OrderItem>, tea: Partial<OrderItem> = {}): readonly OrderItem[] => [
  item({ itemId: ids.SET, sku: 'SET', productType: 'bundle', ...set }),
  item({ itemId: ids.MUG, sku: 'MUG', parentItemId: ids.SET }),
  item({ itemId: ids.CUP, sku: 'CUP', parentItemId: ids.SET, qtyOrdered: 2 }),
  item({ itemId: ids.TEA, sku: 'TEA', qtyOrdered: 3, ...tea }),
];

/** What is shipped for a row that names nothing, after these refusals; how the rows end where nothing is. */
function shippedOf(subject: ReturnType<typeof order>, refused: readonly string[] = []) {
  const { ship, outcomes } = planShipping(subject, wishesOf([row(2, '1Z1')]), policy(), {
    refusals: new Map(refused.map((words) => ['1Z1', words])),
    forms: new BundleForms(subject, [], refused),
    isAnyLost: false,
  });
  return ship?.action.items ?? outcomes.map(({ outcome, message }) => `${outcome}: ${message}`);
}

describe('A bundle that the shop keeps from being shipped', () => {
  it('is left out by naming all else, since Magento would count its parts as shipped with nothing to show', () => {
    const subject = order({ items: lines({ isLocked: true }) });
    assert.deepEqual(shippedOf(subject), [{ orderItemId: ids.TEA, qty: 3 }]);
    assert.deepEqual(shippedOf(order({ items: lines({}) })), [], 'everything, where none is locked');
    const refunded = order({ items: lines({ isLocked: true, qtyRefunded: 1 }) });
    assert.deepEqual(shippedOf(refunded), [{ orderItemId: ids.TEA, qty: 3 }], 'its parts are kept with it');
    const allLocked = subject.items.map((line) => ({ ...line, isLocked: line.itemId !== ids.TEA }));
    assert.deepEqual(shippedOf(order({ items: allLocked })), [], 'everything, where its parts are, too');
  });

  it('leaves other bundles to be named as they ship, which a refusal tells', () => {
    const other = [
      item({ itemId: 21, sku: 'BOX', productType: 'bundle' }),
      item({ itemId: 22, sku: 'PLATE', parentItemId: 21, qtyOrdered: 4 }),
      item({ itemId: 23, sku: 'CARD', parentItemId: 21, isVirtual: true, productType: 'virtual' }),
    ];
    const subject = order({ items: [...lines({ isLocked: true }), ...other] });
    const tea = { orderItemId: ids.TEA, qty: 3 };
    assert.deepEqual(shippedOf(subject), [tea, { orderItemId: 21, qty: 1 }]);
    const words = 'bundle product "BOX" has shipment type "Separately".';
    assert.deepEqual(shippedOf(subject, [words]), [tea, { orderItemId: 22, qty: 4 }]);
  });

  it('is nothing open with its parts, and told as what it is', () => {
    const subject = order({ items: lines({ isLocked: true }, { qtyShipped: 3 }) });
    assert.deepEqual(openItems(subject), []);
    assert.deepEqual(shippedOf(subject), [
      'order-closed: the order has no shipment and nothing left to ship (status processing); the shop keeps 1 x SET from being shipped (locked_do_ship)',
    ]);
  });

  it('ships its parts as long as they are free, where its shipments show that they ship one by one', () => {
    const made = { ...shipment(7), items: [{ orderItemId: ids.MUG, qty: 1 }] };
    const [set, mug, ...rest] = lines({ isLocked: true });
    assert.ok(set && mug);
    const subject = order({ items: [set, { ...mug, qtyShipped: 1 }, ...rest], shipments: [made] });
    assert.deepEqual(openItems(subject), [
      { sku: 'CUP', quantity: 2 },
      { sku: 'TEA', quantity: 3 },
    ]);
    assert.deepEqual(shippedOf(subject), [], 'everything: there is no part to be counted by mistake');
  });
});

describe('A bundle of which one part was refunded or canceled, and that on its own line, too', () => {
  const TEA = { orderItemId: ids.TEA, qty: 3 };
  const CUPS = { orderItemId: ids.CUP, qty: 2 };
  const refused = ['bundle product "SET" has shipment type "Together".'];
  for (const back of [{ qtyRefunded: 1 }, { qtyCanceled: 1 }]) {
    const [set, mug, ...rest] = lines(back);
    assert.ok(set && mug);
    const items = [set, { ...mug, ...back }, ...rest];
    const left = (...shipments: Shipment[]) => order({ items, shipments });
    const what = Object.keys(back).join();

    it(`is shipped by its other parts, and not as everything: Magento would count these and ship none (${what})`, () => {
      assert.deepEqual(shippedOf(left()), [CUPS, TEA]);
      const words = 'Bündelprodukt „SET“ passt nicht.';
      assert.deepEqual(
        shippedOf(left(), [words]),
        [TEA],
        'a translated refusal says that it was the wrong form',
      );
    });

    it(`is left out where it ships together, as a refusal or a shipment tells, and its parts stay open (${what})`, () => {
      assert.deepEqual(shippedOf(left(), refused), [TEA]);
      const open = openItems(left()).map(({ sku, quantity }) => `${quantity} x ${sku}`);
      assert.deepEqual(open, ['2 x CUP', '3 x TEA']);
      const made = { ...shipment(7), items: [{ orderItemId: ids.SET, qty: 1 }] };
      assert.deepEqual(shippedOf(left(made)), [TEA]);
    });
  }

  it('is named where some of it can go, since the shop would count the parts of all of it as shipped', () => {
    const [set, mug, cup, tea] = lines({ qtyOrdered: 2, qtyRefunded: 1 });
    assert.ok(set && mug && cup && tea);
    const items = [set, { ...mug, qtyOrdered: 2, qtyRefunded: 1 }, { ...cup, qtyOrdered: 4 }, tea];
    assert.deepEqual(shippedOf(order({ items })), [{ orderItemId: ids.SET, qty: 1 }, TEA]);
    const whole = items.map((line) => (line.itemId === ids.CUP ? { ...line, qtyRefunded: 2 } : line));
    assert.deepEqual(
      shippedOf(order({ items: whole })),
      [],
      'everything, where as much of each part came back',
    );
  });

  it('is asked for as it is named where it is the only one with something open', () => {
    const [set, mug, cup] = lines({ qtyRefunded: 1 });
    assert.ok(set && mug && cup);
    const subject = order({ items: [set, { ...mug, qtyRefunded: 1 }, cup] });
    assert.deepEqual(shippedOf(subject), [CUPS]);
    assert.match(String(shippedOf(subject, refused)), /^item-mismatch: what is left .* parts of bundles/);
  });
});
