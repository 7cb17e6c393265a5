import { simplified } from './column-name.ts';
import type { ColumnValues } from './column-values.ts';

const LIKE_STATUS =
  /stat[ueo]|stato|estado|void|direction|richtung|cancel|storno|annul|transactiontype|reason/;
const LIKE_CANCELLED =
  /^(?:storniert|storno|cancell?ed|void(?:ed)?|annull?(?:é|ée|ato|ata|ed|iert)|geannuleerd|cancelad[oa]|anulad[oa]|return(?:ed)?|retour(?:niert|n[ée])?|reso|devuelt[oa]|refund(?:ed)?|incoming)$/i;
const LIKE_DATE = /\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/;
const MOST_VALUES = 8;
const LONGEST_STATUS = 60;

/** A column that may say which rows count: by its name, or since a row says that it was cancelled or comes back. */
export function looksLikeStatus(name: string, { counts }: ColumnValues): boolean {
  if (counts.length === 0 || counts.length > MOST_VALUES) return false;
  // `Status date` says when.
  if (counts.some(([value]) => value.length > LONGEST_STATUS || LIKE_DATE.test(value))) return false;
  return LIKE_STATUS.test(simplified(name)) || counts.some(([value]) => isCancelled(value));
}

/** Words for a row whose parcel was never sent, or comes back. */
export function isCancelled(value: string): boolean {
  return LIKE_CANCELLED.test(value);
}
