import { type Outcome, type RowOutcome, STANDING } from './outcome.ts';

/** What a report says of the customer's mail; empty of a row that is about no shipment. */
export type MailTold = 'mailed' | 'not mailed' | 'mail unknown' | '';

/** `mail` as in RowOutcome; null: the customer was not mailed, or there was nothing to mail about. */
export function mailTold(outcome: Outcome, mail: RowOutcome['mail'] | null): MailTold {
  if (mail === 'unknown') return 'mail unknown';
  if (mail === 'mailed') return 'mailed';
  return STANDING.has(outcome) ? 'not mailed' : '';
}
