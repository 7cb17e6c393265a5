import fc from 'fast-check';
import type { Policy } from '../../src/domain/policy.ts';
import type { BadRow, Row } from '../../src/domain/row.ts';
import { NO_AIMS, row } from './orders.ts';
import { NUMBERS, ORDER_NUMBER, type OrderPlan, QUANTITIES } from './orders-of-every-kind.ts';

/** The rows of one file for one order number, and what its inbox is told to do with them. */
export interface File {
  readonly rows: readonly Row[];
  readonly badRows: readonly BadRow[];
  readonly policy: Policy;
}

/** Of the two that there may be, or none that is there. */
const storeView = fc.constantFrom(1, 2, 2, 9);

/** What a row says; its SKU is one of the orders', by its position there, or none that they have. */
const written = fc.record({
  number: fc.constantFrom(...NUMBERS),
  item: fc.option(
    fc.record({
      at: fc.nat(30),
      isUnknown: fc.nat(15).map((n) => n === 15),
      quantity: fc.constantFrom(0, 0, 1, 1, 1, 1, 2, 2, 2, ...QUANTITIES),
    }),
    { freq: 2 },
  ),
  /** What else its record says: rows that differ there are no repeats of each other. */
  remark: fc.constantFrom('', '', '', 'fragile'),
  shipmentNumber: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('000000001', '000000002', '000000009') },
  ),
  storeView: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: storeView }),
  source: fc.oneof(
    { weight: 12, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('default', 'east', 'EAST', 'nowhere') },
  ),
});

const unreadable = fc.record({
  number: fc.constantFrom(...NUMBERS),
  namesItem: fc.boolean(),
  storeView: fc.option(storeView, { freq: 1 }),
});

/** Every setting of an inbox that decides about shipments. */
const policies = fc.record({
  createShipments: fc.nat(4).map((n) => n > 0),
  attach: fc.constantFrom('latest' as const, 'first' as const, 'refuse' as const),
  onExisting: fc.constantFrom(
    'add' as const,
    'add' as const,
    'fill' as const,
    'replace' as const,
    'skip' as const,
  ),
  onPartlyShipped: fc.constantFrom('add' as const, 'ship' as const),
  storeView: fc.option(storeView, { freq: 2 }),
  requirePaid: fc.boolean(),
  source: fc.constantFrom(null, null, 'east'),
  notify: fc.constantFrom('never' as const, 'shipment' as const, 'always' as const, 'always' as const),
  comment: fc.constantFrom(null, { text: '{carrier} {number} of {drop}', isVisible: true }),
});

/**
 * Parcels with what they hold or without, over several rows, aimed or not. Store views are named only where the
 * number is that of two orders; then the file is about both.
 */
export const fileFor: fc.Arbitrary<(plans: readonly OrderPlan[]) => File> = fc
  .record({
    all: fc.array(written, { minLength: 1, maxLength: 5 }),
    bad: fc.oneof(
      { weight: 5, arbitrary: fc.array(unreadable, { maxLength: 0 }) },
      { weight: 1, arbitrary: fc.array(unreadable, { maxLength: 2 }) },
    ),
    policy: policies,
  })
  .map(({ all, bad, policy }) => (plans) => {
    const skus = plans.flatMap(({ items }) => items.flatMap(skusOf));
    const isTwin = plans.length > 1;
    const viewOf = (view: number | null) => (isTwin ? view : null);
    const rows = all.map(({ number, item, remark, shipmentNumber, storeView: view, source }, index) =>
      row(index + 2, number, {
        ...NO_AIMS,
        orderNumber: ORDER_NUMBER,
        item: item && {
          sku: item.isUnknown ? 'UNKNOWN' : (skus[item.at % skus.length] ?? ''),
          quantity: item.quantity,
        },
        storeView: viewOf(view),
        source,
        shipmentNumber,
        record: remark,
      }),
    );
    const badRows = bad.map(({ number, namesItem, storeView: view }, index) => ({
      line: rows.length + 2 + index,
      trackingNumber: number,
      namesItem,
      storeView: viewOf(view),
    }));
    return { rows, badRows, policy: { ...policy, storeView: viewOf(policy.storeView) } };
  });

function skusOf({ sku = '', children = [] }: OrderPlan['items'][number]): readonly string[] {
  return [sku, ...children.map((each) => each.sku ?? '')];
}
