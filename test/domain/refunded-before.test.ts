import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Order, OrderItem } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Situation } from '../../src/domain/situation.ts';
import type { Write } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, situation, track } from './orders.ts';

/** Later than anything is waited for. */
const AT_MS = 1_000_000;

const mug = (line: number, number: string, with_: Partial<Row> = {}) =>
  row(line, number, { item: { sku: 'MUG', quantity: 1 }, ...with_ });

const shipped = (with_: Partial<Write> = {}): Write => ({
  id: 'w1',
  kind: 'ship',
  orderId: 1,
  shipmentId: 7,
  trackId: null,
  trackingNumbers: ['1Z1'],
  mails: false,
  state: 'done',
  message: '',
  atMs: AT_MS - 500_000,
  answeredAtMs: AT_MS - 499_000,
  counts: false,
  isOwn: true,
  ...with_,
});

/** Three mugs of which two were refunded before anything was shipped; one has left since with 1Z1, on shipment 7. */
const oneOfThree = order({
  items: [item({ qtyOrdered: 3, qtyRefunded: 2, qtyShipped: 1 })],
  shipments: [shipment(7, track(70, '1Z1'))],
});

/** As `ship 1Z2` and `3: item-mismatch, none of it is left`. */
function become(subject: Order, rows: readonly Row[], with_: Partial<Situation> = {}): readonly string[] {
  const look = { orders: [subject], atMs: AT_MS };
  const { outcomes, actions } = nextStep(situation({ look, rows, ...with_ }));
  return [
    ...outcomes.map(({ line, outcome, message }) => `${line}: ${outcome}, ${message}`),
    ...actions.map(
      ({ action, wishes }) => `${action.kind} ${wishes.map((each) => each.rows[0].trackingNumber)}`,
    ),
  ];
}

const NONE_LEFT = '3: item-mismatch, 1 x MUG would have to be shipped, and none of it is left to ship';

describe('What was refunded before a file came', () => {
  it('is not shipped by the file once others of its rows are, whatever it mails', () => {
    const settings: readonly Partial<Policy>[] = [{}, { notify: 'shipment' }, { notify: 'always' }];
    for (const each of settings) {
      const before = order({ items: [item({ qtyOrdered: 3, qtyRefunded: 2 })] });
      const rows = [mug(2, '1Z1'), mug(3, '1Z2')];
      assert.deepEqual(become(before, rows, { policy: policy(each) }), [NONE_LEFT, 'ship 1Z1']);
      const later = { endedRows: rows.slice(0, 1), writes: [shipped()], policy: policy(each) };
      assert.deepEqual(become(oneOfThree, rows.slice(1), later), [NONE_LEFT]);
    }
  });

  it('stays so where the answer of the first shipment was lost, and where its record may be', () => {
    const lost = shipped({ state: 'uncertain', shipmentId: null });
    const heard = become(oneOfThree, [mug(2, '1Z1'), mug(3, '1Z2')], { writes: [lost] });
    assert.ok(heard.includes(NONE_LEFT), heard.join());
    const unrecorded = become(oneOfThree, [mug(2, '1Z1'), mug(3, '1Z2')], {
      unrecordedUntilMs: AT_MS - 400_000,
    });
    assert.ok(unrecorded.includes(NONE_LEFT), unrecorded.join());
    // The row whose number was found there ends before those that wait for what else may land.
    const foundBefore = { endedRows: [mug(2, '1Z1')], unrecordedUntilMs: AT_MS - 400_000 };
    assert.deepEqual(become(oneOfThree, [mug(3, '1Z2')], foundBefore), [NONE_LEFT]);
  });

  it('is open to another file, as Magento has it', () => {
    assert.deepEqual(become(oneOfThree, [mug(3, '1Z2')]), ['ship 1Z2']);
    const theirs = [shipped({ isOwn: false })];
    assert.deepEqual(become(oneOfThree, [mug(3, '1Z2')], { writes: theirs }), ['ship 1Z2']);
  });

  it('is told where the shipment of a row may hold it', () => {
    const ended = (counts: Partial<OrderItem>) =>
      become(
        order({
          items: [item({ qtyOrdered: 3, ...counts })],
          shipments: [shipment(6, track(60, 'OLD')), shipment(7, track(70, '1Z2'))],
        }),
        [mug(3, '1Z2')],
        { writes: [shipped({ trackingNumbers: ['1Z2'] })] },
      );
    const done = '3: shipped, shipment created with this number';
    assert.deepEqual(ended({ qtyRefunded: 2, qtyShipped: 2 }), [`${done}; 2 of 3 x MUG were refunded`]);
    assert.deepEqual(ended({ qtyRefunded: 1, qtyCanceled: 1, qtyShipped: 2 }), [
      `${done}; 1 of 3 x MUG was refunded`,
    ]);
    assert.deepEqual(ended({ qtyRefunded: 1, qtyShipped: 2 }), [`${done}; still open: 1 x MUG`]);
  });

  it('is told of the rest of an order that leaves with a row without items', () => {
    const endOf = (counts: Partial<OrderItem>) => {
      const subject = order({ items: [item({ qtyOrdered: 3, ...counts })] });
      const look = { orders: [subject], atMs: AT_MS };
      const [planned] = nextStep(situation({ look, rows: [row(3, '1Z2')] })).actions;
      assert.ok(planned);
      return fulfilled(planned, {}).map(({ message }) => message);
    };
    const done = 'shipment created with this number';
    assert.deepEqual(endOf({ qtyRefunded: 1, qtyShipped: 1 }), [`${done}; 1 of 3 x MUG was refunded`]);
    assert.deepEqual(endOf({ qtyRefunded: 1 }), [done]);
  });

  it('does not count twice where what was refunded is what had been shipped before', () => {
    const returned = order({
      items: [item({ qtyOrdered: 3, qtyRefunded: 1, qtyShipped: 2 })],
      shipments: [shipment(6, track(60, 'OLD')), shipment(7, track(70, '1Z1'))],
    });
    assert.deepEqual(become(returned, [mug(3, '1Z2')], { writes: [shipped()] }), ['ship 1Z2']);
  });
});
