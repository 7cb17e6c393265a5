import { quoted } from '../wording.ts';
import { checkDigitDoubt } from './check-digit.ts';
import { looksLikeSeveral } from './several-numbers.ts';

/** A page's address, also without its `https://`. */
const ADDRESS = /:\/\/|^www\.|^[a-z0-9.-]+\.[a-z]{2,}\//i;
/** Day and month in any order, the year before or behind them, perhaps a time behind it all; or a time alone. */
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const DATE_OR_TIME = new RegExp(
  /^(?:(?:\d{4}[-./]DAY[-./]DAY|DAY[-./]DAY[-./](?:\d\d){1,2})(?:[T ,].*)?|\d{1,2}(?::\d\d){1,2})$/.source.replaceAll(
    'DAY',
    DAY,
  ),
);

/** What no carrier's number holds, and what people and programs write beside one: `1Z1 (2 parcels)`, `id=1Z1`. */
const FOREIGN_SIGN = /[()*=#]/;
/** A program that has no room for a value cuts it and says so. */
const CUT_OFF = /(?:\.\.\.|…)$/;

/** What surely keeps a value from being a carrier's number, in words that follow its column's name. */
export function trackingFault(value: string): string | undefined {
  if (value === '0') return 'holds "0", which Magento takes for empty';
  if (/^0+$/.test(value)) return `holds ${quoted(value)}, and no carrier's number is zeros only`;
  if (value.startsWith('#')) return `holds ${quoted(value)}, and no carrier's number begins with #`;
  // Such as `pending`, `CANCELLED`, `n.v.`, or the cell of another column.
  if (!/\d/.test(value)) return `holds ${quoted(value)}, which has no digit, as every carrier's number does`;
  // A column that is called `Tracking` holds the number in one export and its page in the next.
  if (ADDRESS.test(value))
    return `holds the address of a page, not a number: ${quoted(value)}; where the number stands in it, say so in the profile (trackingNumber: pattern)`;
  if (DATE_OR_TIME.test(value)) return `holds a date or a time, not a number: ${quoted(value)}`;
  if (looksLikeSeveral(value)) return `holds several numbers: ${quoted(value)}; give each a row of its own`;
  if (CUT_OFF.test(value)) return `holds ${quoted(value)}, a number that has been cut off`;
  const sign = FOREIGN_SIGN.exec(value)?.[0];
  if (sign !== undefined) return `holds ${quoted(value)}, and no carrier's number has a ${sign} in it`;
  return undefined;
}

/** What looks odd about a carrier's number and is no reason to refuse it. */
export function trackingDoubt(value: string): string | undefined {
  return value.includes(':')
    ? `${quoted(value)} holds a colon, as no carrier's number does; perhaps its carrier stands before it`
    : checkDigitDoubt(value);
}
