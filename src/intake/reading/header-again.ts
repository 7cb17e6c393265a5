import { PLAIN } from '../../domain/profile.ts';
import { candidatesIn, rankOf } from '../profile/candidates.ts';
import { simplified } from '../profile/column-name.ts';
import { matchColumns } from '../profile/match-columns.ts';
import type { DropLayout } from './layout.ts';

/** No name of a column is longer. */
const LONGEST_NAME = 200;
/** Names have a digit at most (`Reference 1`), and numbers have more. */
const LIKE_A_NAME = /^\D*\d?\D*$/;
const REPORT_COLUMN = 'trackdrop_';
/** Of a line with words for an order number and for a tracking number, see `rankOf`. */
const NAMES_BOTH_NUMBERS = 40;

/**
 * Prepares telling header lines among the records, as files that were joined have them: `same` is the file's own, `other`
 * one whose columns have other names or stand in another order. Undefined for what is no header line.
 */
export function openHeaderAgain(
  layout: DropLayout,
): (cells: readonly string[]) => 'same' | 'other' | undefined {
  const { fields, columns } = layout;
  const isOurs = fields.map((field) => field.startsWith(REPORT_COLUMN));
  const names = fields.map(nameOf);
  const [order = '', tracking = ''] = [names[columns.order], names[columns.tracking]];
  const isNamed = layout.header !== null && order !== '' && tracking !== '';
  const mayBeName = (cell: string | undefined, index: number) =>
    cell === undefined || LIKE_A_NAME.test(cell) || cell === fields[index];

  /** Empty cells at the end aside, and in a report what it says of the line. */
  function areAlike(written: readonly string[]): boolean {
    const longer = names.length < written.length ? written : names;
    return longer.every((_, at) => isOurs[at] || (names[at] ?? '') === (written[at] ?? ''));
  }

  return (cells) => {
    // Of nearly all rows, this is all that is looked at.
    if (!mayBeName(cells[columns.tracking], columns.tracking)) return undefined;
    if (!mayBeName(cells[columns.order], columns.order)) return undefined;
    const written = cells.map(nameOf);
    const namesOwn = isNamed && written.includes(order) && written.includes(tracking);
    if (!namesOwn && rankOf(candidatesIn(written, PLAIN)) < NAMES_BOTH_NUMBERS) return undefined;
    const isSame = layout.header === null ? standsAlike(written, layout) : areAlike(written);
    return isSame ? 'same' : 'other';
  };
}

function nameOf(cell: string): string {
  return cell.length > LONGEST_NAME ? '' : simplified(cell);
}

/** In a file without a header only the two numbers' places can be compared. */
function standsAlike(written: readonly string[], { columns }: DropLayout): boolean {
  const match = matchColumns(written, PLAIN);
  if (match.kind === 'refused') return false;
  return match.columns.order === columns.order && match.columns.tracking === columns.tracking;
}
