import { OUTCOMES, type Outcome, type OutcomeClass, outcomeClass, STANDING } from '../domain/outcome.ts';

const ofClass = (wanted: OutcomeClass) => OUTCOMES.filter((outcome) => outcomeClass(outcome) === wanted);

/** Outcomes as the right side of `IN`. */
export const listed = (outcomes: Iterable<Outcome>): string =>
  `(${Array.from(outcomes, (outcome) => `'${outcome}'`).join(', ')})`;

/** The outcomes of this class as the right side of `IN`. */
export const listedOf = (wanted: OutcomeClass): string => listed(ofClass(wanted));

/** What the report says of the mail of a row `r`, see `mailTold`; null where that is nothing. */
export const MAIL_TOLD = `CASE WHEN r.mail = 'mailed' THEN 'mailed' WHEN r.mail = 'unknown' THEN 'mail unknown'
  WHEN r.outcome IN ${listed(STANDING)} THEN 'not mailed' END`;

/**
 * That the outcome in a column is a failed one, for rows whose index says so: in these words, since a partial index serves
 * only what repeats its own condition, and SQLite would sort a list anew for each row that is entered or gets its outcome.
 */
export const isFailed = (column: string): string =>
  `(${ofClass('failed')
    .map((outcome) => `${column} = '${outcome}'`)
    .join(' OR ')})`;

/** Of a drop, by an expression for its seq, any failed row is left that no later drop has done. */
export const anyFailedLeft = (seq: string): string =>
  `EXISTS (SELECT 1 FROM rows INDEXED BY rows_failed_by_drop
     WHERE drop_seq = ${seq} AND done_by_seq IS NULL AND ${isFailed('outcome')})`;
