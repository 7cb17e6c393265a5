import { simplified } from './column-name.ts';
import type { ColumnValues } from './column-values.ts';

const LIKE_STATUS =
  /stat[ueo]|stato|estado|void|direction|richtung|cancel|storno|annul|transactiontype|reason/;
const LIKE_CANCELLED =
  /^(?:storniert|storno|cancell?ed|void(?:ed)?|annull?(?:é|ée|ato|ata|ed|iert)|geannuleerd|cancelad[oa]|anulad[oa]|return(?:ed)?|retour(?:niert|n[ée])?|reso|devuelt[oa]|refund(?:ed)?|incoming)$/i;
/** A column that asks whether a parcel was cancelled, where `Y` says so. */
const ASKS_WHETHER_VOID = /void|cancel|storno|storniert|annul|geannuleerd|anulad/;
const YES = /^(?:y|yes|true|t|1|x|j|ja|oui|o|s|si|sì|sí)$/i;
const NO = /^(?:n|no|false|f|0|nein|nee|non)$/i;
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

/**
 * The rule that a column's values suggest: those that say that a parcel was never sent or comes back are left out, or,
 * where none does, only those that are there count. Case aside, as rules compare it.
 */
export function suggestedRule(
  name: string,
  { counts }: ColumnValues,
): { readonly skip: readonly string[] } | { readonly only: readonly string[] } {
  const written = counts.map(([value]) => value);
  const folded = written.map((value) => value.toLowerCase());
  const values = written.filter((_, at) => folded.indexOf(folded[at] ?? '') === at);
  const asksWhetherVoid = ASKS_WHETHER_VOID.test(simplified(name));
  const skip = values.filter((value) => isCancelled(value) || (asksWhetherVoid && YES.test(value)));
  if (skip.length > 0) return { skip };
  const no = asksWhetherVoid ? values.filter((value) => NO.test(value)) : [];
  return { only: no.length > 0 ? no : values };
}

function isCancelled(value: string): boolean {
  return LIKE_CANCELLED.test(value);
}
