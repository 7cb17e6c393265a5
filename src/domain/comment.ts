import type { CommentTemplate } from './policy.ts';
import type { Row } from './row.ts';
import { storableLine } from './storable.ts';
import type { Wish } from './wish.ts';
import type { Ship } from './write.ts';

/** What `comment` of Magento's `sales_shipment_comment` holds, a TEXT column; more is cut in the midst of a word. */
const MAX_BYTES = 65_535;
/** `and 20000000 more`, with its line end. */
const ROOM_FOR_MORE_BYTES = 32;

/**
 * The comment of a new shipment: the template once for each of its parcels, without the blanks that an empty `{link}` leaves,
 * and without lines that hold nothing else.
 * Where they are too many for Magento the last ones fall away as a whole, and it says how many. Null where nothing is left
 * to say.
 */
export function commentOn(
  wishes: readonly Wish[],
  { text, isVisible }: CommentTemplate,
  dropName: string,
): Ship['comment'] {
  const parcels = wishes
    .map(({ rows: [row] }) => filledIn(text, row, dropName))
    .filter((told) => told !== '');
  const fitting = wholeOnes(parcels);
  const left = parcels.length - fitting.length;
  const told = left === 0 ? fitting : [...fitting, `and ${left} more`];
  return told.length === 0 ? null : { text: told.join('\n'), isVisible };
}

/** One after the other; what a file holds in braces is no placeholder. A value that is empty takes the blanks before it along. */
function filledIn(template: string, row: Row, dropName: string): string {
  const values = new Map([
    ['carrier', row.title],
    ['number', row.trackingNumber],
    ['drop', dropName],
    ['link', row.link ?? ''],
  ]);
  const asFilled = (written: string, blanks: string, name: string) => {
    const value = values.get(name);
    if (value === undefined) return written;
    return value === '' ? '' : blanks + value;
  };
  return template
    .split(/\r\n|\r|\n/)
    .map((line) => storableLine(line.replace(/( *)\{(\w+)\}/g, asFilled)).trim())
    .filter((line) => line !== '')
    .join('\n');
}

function wholeOnes(parcels: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  const sizes = parcels.map((told) => encoder.encode(told).length + 1);
  if (sizes.reduce((sum, size) => sum + size, 0) <= MAX_BYTES) return parcels;
  let bytes = ROOM_FOR_MORE_BYTES;
  const tooMany = sizes.findIndex((size) => {
    bytes += size;
    return bytes > MAX_BYTES;
  });
  return parcels.slice(0, tooMany);
}
