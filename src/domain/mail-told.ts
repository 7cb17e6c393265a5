import type { Outcome, RowOutcome } from './outcome.ts';

/** What a report says of the customer's mail; empty of a row that is about no shipment. */
export type MailTold = 'mailed' | 'not mailed' | 'mail unknown' | '';

/** Outcomes that are about a shipment, of which the customer may have been mailed. */
export const ABOUT_A_SHIPMENT: readonly Outcome[] = ['tracked', 'shipped', 'replaced', 'already-tracked'];

/** `mail` as in RowOutcome; null: the customer was not mailed, or there was nothing to mail about. */
export function mailTold(outcome: Outcome, mail: RowOutcome['mail'] | null): MailTold {
  if (mail === 'unknown') return 'mail unknown';
  if (mail === 'mailed') return 'mailed';
  return ABOUT_A_SHIPMENT.includes(outcome) ? 'not mailed' : '';
}
