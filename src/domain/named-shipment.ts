import type { Order, Shipment } from './order.ts';
import type { Wish } from './wish.ts';

/** The shipment that the rows of a wish name, or why it cannot be that. */
export type Named =
  | { readonly kind: 'shipment'; readonly shipment: Shipment }
  | { readonly kind: 'misfit'; readonly message: string };

/** Undefined where no row of the wish names one. */
export function namedShipment(order: Order, wish: Wish): Named | undefined {
  const [name, another] = namesOf(wish);
  if (name === undefined) return undefined;
  if (another !== undefined) {
    const message = `the rows of this number name two shipments, ${name} and ${another}`;
    return { kind: 'misfit', message };
  }
  const shipment = order.shipments.find(isNamed(name));
  return shipment ? { kind: 'shipment', shipment } : { kind: 'misfit', message: absence(name, order) };
}

/** Why a number that stands on these shipments does not stand where its rows say; undefined where it does. */
export function astray(wish: Wish, places: readonly { readonly shipment: Shipment }[]): string | undefined {
  const stray = namesOf(wish).find((name) => !places.some(({ shipment }) => isNamed(name)(shipment)));
  if (stray === undefined) return undefined;
  const where = places.map(({ shipment }) => shipment.incrementId).join(' and ');
  return `the number stands on shipment ${where}, and the row names shipment ${stray}`;
}

/** Each once, as the file first has it. */
function namesOf({ rows }: Wish): readonly string[] {
  const names = new Map<string, string>();
  for (const { shipmentNumber } of rows) {
    if (shipmentNumber !== null && !names.has(keyOf(shipmentNumber)))
      names.set(keyOf(shipmentNumber), shipmentNumber);
  }
  return [...names.values()];
}

function isNamed(name: string): (shipment: Shipment) => boolean {
  const key = keyOf(name);
  return ({ incrementId }) => keyOf(incrementId) === key;
}

/** Case and blanks aside, as a spreadsheet or a person may have changed them; leading zeros count. */
function keyOf(shipmentNumber: string): string {
  return shipmentNumber.replace(/\s+/gu, '').toLowerCase();
}

function absence(name: string, { shipments }: Order): string {
  const [first, ...more] = shipments.map(({ incrementId }) => incrementId);
  if (first === undefined) return `the order has no shipment ${name}, nor any other`;
  return `the order has no shipment ${name}; it has ${[first, ...more].join(', ')}`;
}
