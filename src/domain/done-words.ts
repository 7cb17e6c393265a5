import { inWords } from './item-sums.ts';
import type { Item } from './row.ts';

/** What the end of a row tells of a number that was put into the shop, besides that. */
export interface DoneWords {
  /** Which shipment took it, and why, as in `shipment 000000012, the latest of 3`; absent where there was no choice. */
  readonly where?: string;
  /** Other numbers on that shipment, as in `1Z1 (track 7) stands there already for the same items`. */
  readonly besides?: string;
  /** That it left from another inventory source than the row names, as in `it left from source default, and not from berlin`. */
  readonly from?: string;
  /** Of a shipment that was made for it: what of its items was refunded, as in `1 of 3 x MUG was refunded`. */
  readonly refunded?: string | undefined;
  /** What of the order is left to ship, with this write; see `openItems`. */
  readonly stillOpen?: readonly Item[];
}

/** The sentence of a row whose number was added to a shipment; `remarks` are told before what is still open. */
export function trackedWords(
  { where, from, besides, stillOpen }: DoneWords,
  remarks: readonly string[] = [],
): string {
  const told = [from, besides, ...remarks].filter((words) => words !== undefined);
  return joined(`number added to ${where ?? 'the shipment'}`, told, stillOpen);
}

/** The same of a row whose number came with a new shipment. */
export function shippedWords({ refunded, stillOpen }: DoneWords, remarks: readonly string[] = []): string {
  const told = refunded === undefined ? remarks : [...remarks, refunded];
  return joined('shipment created with this number', told, stillOpen);
}

function joined(done: string, remarks: readonly string[], stillOpen: readonly Item[] = []): string {
  const open = stillOpen.length === 0 ? [] : [`still open: ${inWords(stillOpen)}`];
  return [done, ...remarks, ...open].join('; ');
}
