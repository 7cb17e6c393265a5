import type { Order } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { BadRow, Row } from './row.ts';
import { endWish, wishesOf } from './wish.ts';

/** Rows of one order number that mean the same order of the shop. */
interface Meant {
  readonly order: Order;
  readonly rows: readonly Row[];
}

/** Which orders the rows of one order number mean, and the ends of those that mean none, or nobody knows which. */
interface Meanings {
  readonly meant: readonly Meant[];
  readonly outcomes: readonly RowOutcome[];
}

/**
 * Store views may count their orders alike, so that one number is several orders (Magento's index on increment ids is
 * unique by store only). The row's own view decides, else the inbox's, else there must be one order.
 */
export function ordersMeant(rows: readonly Row[], orders: readonly Order[], policy: Policy): Meanings {
  const meant = new Map<Order, Row[]>();
  const lost = new Map<number | null, Row[]>();
  const ordersOf = ordersBy(orders, policy);
  for (const row of rows) {
    const [order, another] = ordersOf(row);
    if (order && !another) put(meant, order, row);
    else put(lost, row.storeView ?? policy.storeView, row);
  }
  return {
    meant: Array.from(meant, ([order, ofOrder]) => ({ order, rows: ofOrder })),
    outcomes: Array.from(lost, ([view, ofView]) => endLost(ofView, view, orders, policy)).flat(),
  };
}

/** Those of the rows that mean the order. */
export function rowsMeaning(
  order: Order,
  rows: readonly Row[],
  orders: readonly Order[],
  policy: Policy,
): readonly Row[] {
  const ordersOf = ordersBy(orders, policy);
  return rows.filter((row) => {
    const [meant, another] = ordersOf(row);
    return meant === order && !another;
  });
}

/**
 * Those of the rows that may mean the order: one whose store view nobody knows is of each order that it may be, since
 * something may be left out of each.
 */
export function badRowsOf(
  order: Order,
  badRows: readonly BadRow[],
  orders: readonly Order[],
  policy: Policy,
): readonly BadRow[] {
  const ordersOf = ordersBy(orders, policy);
  return badRows.filter((row) => ordersOf(row).includes(order));
}

function ordersBy(
  orders: readonly Order[],
  policy: Policy,
): (row: Pick<Row, 'storeView'>) => readonly Order[] {
  const byView = Map.groupBy(orders, ({ storeId }) => storeId);
  return ({ storeView }) => {
    const view = storeView ?? policy.storeView;
    return view === null ? orders : (byView.get(view) ?? []);
  };
}

function put<Key>(rowsBy: Map<Key, Row[]>, key: Key, row: Row): void {
  const known = rowsBy.get(key);
  if (known) known.push(row);
  else rowsBy.set(key, [row]);
}

function endLost(
  rows: readonly Row[],
  view: number | null,
  orders: readonly Order[],
  policy: Policy,
): RowOutcome[] {
  const isThere = orders.some(({ storeId }) => view === null || storeId === view);
  return wishesOf(rows).flatMap((wish) =>
    isThere
      ? endWish(wish, 'order-ambiguous', ambiguity(wish.rows[0], orders))
      : endWish(wish, 'order-not-found', absence(wish.rows[0], view, orders, policy)),
  );
}

function absence(
  { orderNumber, storeView }: Row,
  view: number | null,
  orders: readonly Order[],
  policy: Policy,
): string {
  const others = orders.map(({ storeId }) => storeId).join(' and ');
  if (others === '') return `the shop has no order ${orderNumber}`;
  const elsewhere =
    orders.length === 1 ? `store view ${others} has one` : `store views ${others} have one each`;
  const says = storeView === null ? 'shipments.storeView says' : inRow(storeView, policy);
  return `store view ${view} has no order ${orderNumber}; ${elsewhere} (${says} which is meant)`;
}

function inRow(storeView: number, policy: Policy): string {
  const isOther = policy.storeView !== null && policy.storeView !== storeView;
  return isOther
    ? `the store view of the row, not shipments.storeView: ${policy.storeView}, says`
    : 'the store view of the row says';
}

function ambiguity({ orderNumber }: Row, orders: readonly Order[]): string {
  const where = orders.map((order) => `id ${order.entityId} in store view ${order.storeId}`).join(', ');
  return `several store views have an order ${orderNumber} (${where}), and nothing says which is meant; shipments.storeView of the inbox would, or a column of the file with the store view (columns.storeView of its profile)`;
}
