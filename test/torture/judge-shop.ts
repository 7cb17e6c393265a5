import { trackingKey } from '../../src/domain/row.ts';
import type { ControlledShipment, ControlledTrack } from '../../src/sandbox/control.ts';
import type { Cargo } from './cargo.ts';

/** What stands in the shop, and the orders that it is about. */
export interface ShopEvidence {
  readonly cargo: Pick<Cargo, 'orders'>;
  readonly tracks: readonly ControlledTrack[];
  readonly shipments: readonly ControlledShipment[];
}

/** A row as its report tells of it. */
export interface ReportedRow {
  readonly where: string;
  readonly outcome: string;
  readonly trackId: string;
}

/** Which rows said what about one number of one order. */
export type Told = Map<string, ReportedRow[]>;

/** How many rows about one number of one order were parted from their file, to wait in one of their own. */
export type Owed = Map<string, number>;

/** What stands for one number of one order, however the number is written. */
export function keyOf(order: string, number: string): string {
  return `${order} ${trackingKey(number)}`;
}

/** Each number that was told stands once, each order has the shipments it needs, and nothing else is there. */
export function judgeShop(
  { cargo, tracks, shipments }: ShopEvidence,
  told: Told,
  breaches: string[],
): { lost: number; doubled: number } {
  let lost = 0;
  let doubled = 0;
  const standing = Map.groupBy(tracks, ({ order, trackNumber }) => keyOf(order, trackNumber));
  const before = new Set<string>();
  for (const { number, before: numbers } of cargo.orders.values())
    for (const each of numbers) before.add(keyOf(number, each));

  for (const [key, rows] of told) {
    const found = standing.get(key) ?? [];
    if (found.length === 0) {
      lost += 1;
      breaches.push(`lost: ${key}, told by ${rows.map(inWords).join('; ')}`);
    }
    const ids = new Set(found.map(({ entityId }) => String(entityId)));
    for (const { trackId, where } of rows) {
      if (trackId !== '' && !ids.has(trackId)) breaches.push(`${where}: track ${trackId} does not stand`);
    }
    const writers = rows.filter(({ outcome }) => outcome === 'tracked' || outcome === 'shipped');
    const followers = rows.filter(({ outcome }) => outcome === 'already-tracked');
    const isTrue = writers.length === (before.has(key) ? 0 : 1);
    if (!isTrue || writers.length + followers.length !== rows.length)
      breaches.push(`the rows about ${key} ended ${rows.map(inWords).join('; ')}`);
  }
  for (const [key, found] of standing) {
    if (found.length > 1) {
      doubled += 1;
      breaches.push(`doubled: ${key} stands ${found.length} times, ${JSON.stringify(found)}`);
    }
    if (!told.has(key) && !before.has(key)) breaches.push(`${key} stands, and no row asked for it`);
  }
  const shippedOrders = Map.groupBy(shipments, ({ order }) => order);
  const wanted = new Set([...told.keys()].map((key) => key.split(' ', 1)[0]));
  for (const { number, state } of cargo.orders.values()) {
    const needed = state === 'shipped' || (state === 'open' && wanted.has(number)) ? 1 : 0;
    const found = shippedOrders.get(number)?.length ?? 0;
    if (found > needed) doubled += 1;
    if (found !== needed) breaches.push(`the order ${number} (${state}) has ${found} shipments`);
  }
  return { lost, doubled };
}

function inWords({ where, outcome }: ReportedRow): string {
  return `${outcome} (${where})`;
}
