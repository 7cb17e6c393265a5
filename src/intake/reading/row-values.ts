import type { Profile } from '../../domain/profile.ts';
import { type Item, orderKey, type Parcel, type Row, trackingKey } from '../../domain/row.ts';
import { quoted } from '../wording.ts';
import { type Aims, openAimCells } from './aim-cells.ts';
import { type CarrierDefaults, openCarriers } from './carriers.ts';
import { columnName } from './cell-problem.ts';
import type { ExcelDamage } from './excel-damage.ts';
import { openItemCells } from './item-cells.ts';
import type { DropLayout } from './layout.ts';
import { type FoundNumber, openNumberCell, openNumberCells } from './number-cell.ts';
import { openNumberRules } from './number-rules.ts';
import { looksLikeANumber, openSplit } from './several-numbers.ts';
import { trackingDoubt, trackingFault } from './tracking-fault.ts';

/** `sales_order.increment_id` (Magento_Sales, etc/db_schema.xml): no longer number can be found. */
const ORDER_NUMBER_LENGTH = 50;
/**
 * `sales_shipment_track.track_number`: the database cuts longer values without a word (recordings of POST
 * shipment/track).
 */
const TRACKING_NUMBER_LENGTH = 255;

type Rows = readonly [Row, ...Row[]];

/** Why no row can be made of a record; `parcels` as in RecordVerdict. */
export interface RowProblem {
  readonly problem: string;
  readonly parcels?: readonly Parcel[];
}

/** See `openRowValues`. */
export interface RowValues {
  of(cells: readonly string[], line: number): Rows | RowProblem;
  /** The parcels that a record names whose cells cannot be trusted as a whole; none where that is not sure. */
  parcelsOf(cells: readonly string[]): readonly Parcel[];
}

/**
 * Prepares making rows of a record's cells: one, or one for each of several numbers in a cell; or else what is wrong
 * with the cells, in words that name column and value.
 */
export function openRowValues(
  layout: DropLayout,
  profile: Profile,
  inbox: CarrierDefaults,
  damage: { readonly order: ExcelDamage; readonly tracking: ExcelDamage },
): RowValues {
  const { fields, columns } = layout;
  const carriers = openCarriers(layout, profile.carriers, inbox);
  const itemOf = openItemCells(layout);
  const aimsOf = openAimCells(layout, profile);
  const ordersOf = openNumberCell({
    index: columns.order,
    fields,
    longest: ORDER_NUMBER_LENGTH,
    pieces: openSplit(profile.split.order),
    clean: openNumberRules(profile.order),
    doubt: orderDoubt,
    keyOf: orderKey,
    damage: damage.order,
  });
  const tracking = {
    fields,
    longest: TRACKING_NUMBER_LENGTH,
    pieces: openSplit(profile.split.tracking),
    clean: openNumberRules(profile.tracking),
    refuse: trackingFault,
    doubt: trackingDoubt,
    keyOf: trackingKey,
    damage: damage.tracking,
  };
  const trackingsOf = openNumberCells(tracking, [columns.tracking, ...columns.moreTracking]);

  function rowOf(cells: readonly string[], line: number, part: number, values: Values): Row {
    const { order, tracking, item, aims } = values;
    const { code: carrierCode, title, link, note: cut } = carriers.of(cells, tracking.value);
    const [orderNumber, trackingNumber] = [order.value, tracking.value];
    const same =
      trackingKey(orderNumber) === trackingKey(trackingNumber)
        ? 'the tracking number is the order number'
        : null;
    const note = joined(joined(joined(joined(order.note, tracking.note), same), cut), noneOf(item));
    const { shipmentNumber, storeView, source } = aims;
    const number = { orderNumber, trackingNumber, carrierCode, title, item };
    return { line, part, ...number, shipmentNumber, storeView, source, link, note };
  }

  /** Several numbers in one cell are a row each where it is clear what belongs to what. */
  function severalProblem(
    areOrders: boolean,
    areTrackings: boolean,
    { item, aims }: Pick<Values, 'item' | 'aims'>,
  ): string | undefined {
    const [orderColumn, trackingColumn] = [
      columnName(layout, columns.order),
      columnName(layout, columns.tracking),
    ];
    if (areOrders && areTrackings)
      return `${orderColumn} and ${trackingColumn} both hold several numbers, and nothing says which belong together; give each number a row of its own`;
    if (areOrders && aims.shipmentNumber !== null)
      return `${orderColumn} holds several numbers, and a shipment is of one order; give each number a row of its own`;
    // Of what is in none of the parcels nobody needs to know to which it belongs.
    if (item === null || item.quantity === 0) return undefined;
    return `${areOrders ? orderColumn : trackingColumn} holds several numbers, and nothing says to which the SKU belongs; give each number a row of its own`;
  }

  /** A store view that cannot be read is that of no row; see `badRowsOf` for what that means. */
  function parcelsIn(cells: readonly string[], orders: SeveralNumbers, trackings: SeveralNumbers): Parcel[] {
    // Nothing says which of them belong together, and each with each may be millions.
    if (orders.others.length > 0 && trackings.others.length > 0) return [];
    const aims = aimsOf(cells);
    const storeView = 'problem' in aims ? null : aims.storeView;
    return [orders, ...orders.others].flatMap(({ value: orderNumber }) =>
      [trackings, ...trackings.others].map(({ value: trackingNumber }) => ({
        orderNumber,
        trackingNumber,
        storeView,
      })),
    );
  }

  function parcelsOf(cells: readonly string[]): readonly Parcel[] {
    const orders = ordersOf(cells);
    const trackings = trackingsOf(cells);
    if ('problem' in orders || 'problem' in trackings) return [];
    const areNumbers = [orders, trackings].every(({ value }) => looksLikeANumber(value));
    return areNumbers ? parcelsIn(cells, orders, trackings) : [];
  }

  function valuesOf(cells: readonly string[], line: number): Rows | RowProblem {
    const orders = ordersOf(cells);
    if ('problem' in orders) return orders;
    const trackings = trackingsOf(cells);
    if ('problem' in trackings) return trackings;
    const refused = (problem: string): RowProblem => ({
      problem,
      parcels: parcelsIn(cells, orders, trackings),
    });
    const carrierProblem = carriers.problem(cells);
    const [areOrders, areTrackings] = [orders.others.length > 0, trackings.others.length > 0];
    if (carrierProblem !== undefined) return refused(carrierProblem);
    const item = itemOf(cells);
    if (item !== null && 'problem' in item) return refused(item.problem);
    const aims = aimsOf(cells);
    if ('problem' in aims) return refused(aims.problem);
    const values = { order: orders, tracking: trackings, item, aims };
    const rows: [Row, ...Row[]] = [rowOf(cells, line, 0, values)];
    if (!areOrders && !areTrackings) return rows;
    const problem = severalProblem(areOrders, areTrackings, values);
    if (problem !== undefined) return refused(problem);
    for (const order of orders.others) rows.push(rowOf(cells, line, rows.length, { ...values, order }));
    for (const tracking of trackings.others)
      rows.push(rowOf(cells, line, rows.length, { ...values, tracking }));
    return rows;
  }

  return { of: valuesOf, parcelsOf };
}

type SeveralNumbers = FoundNumber & { readonly others: readonly FoundNumber[] };

interface Values {
  readonly order: FoundNumber;
  readonly tracking: FoundNumber;
  readonly item: Item | null;
  readonly aims: Aims;
}

function orderDoubt(value: string): string | undefined {
  return value.includes(' ')
    ? `the order number ${quoted(value)} holds blanks, as hardly any shop's does`
    : undefined;
}

function noneOf(item: Item | null): string | null {
  return item?.quantity === 0 ? `quantity 0: nothing of ${item.sku} is in this parcel` : null;
}

function joined(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : `${one}; ${other}`;
}
