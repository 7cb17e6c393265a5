import { mailTold } from './mail-told.ts';
import { type Outcome, type OutcomeClass, outcomeClass, type RowOutcome } from './outcome.ts';

/** What became of one row of a record. */
export interface RowEnd extends RecordEnd {
  /** Null where the record is no row. */
  readonly orderNumber: string | null;
  readonly trackingNumber: string | null;
  /** See Row. */
  readonly note: string | null;
}

/** What became of a record, as its one line of the report shows it. */
export interface RecordEnd extends Omit<RowOutcome, 'line' | 'part' | 'mail'> {
  /** As in RowOutcome; null where it is absent there. */
  readonly mail: 'mailed' | 'unknown' | null;
}

/**
 * Sums up the rows of one record. One row speaks for itself. Of several the most serious outcome counts: failed
 * before open before done, the first of those that are alike; the message says what became of each number, those
 * with the same fate together, and for which the customer was mailed where that differs; the ids are those of the first
 * row that has any; the customer was mailed where that is so for one of them, and nobody knows for none.
 *
 * `1Z1: tracked, number added to the shipment; 1Z2: store-refused, the shop says no`
 */
export function endOfRecord(rows: readonly [RowEnd, ...RowEnd[]]): RecordEnd {
  const [first, ...others] = rows;
  if (others.length === 0) {
    return { ...idsOf(first), outcome: first.outcome, message: told(first), mail: first.mail };
  }
  const outcome = mostSerious(rows.map((row) => row.outcome));
  const withIds = rows.find(({ orderId, shipmentId, trackId }) => orderId ?? shipmentId ?? trackId) ?? first;
  const mails = rows.map(({ mail }) => mail);
  const mail = mails.includes('unknown') ? 'unknown' : mails.includes('mailed') ? 'mailed' : null;
  return { ...idsOf(withIds), outcome, message: toldOfEach(rows), mail };
}

function idsOf({
  orderId,
  shipmentId,
  trackId,
}: RowEnd): Pick<RecordEnd, 'orderId' | 'shipmentId' | 'trackId'> {
  return { orderId, shipmentId, trackId };
}

function told({ message, note }: RowEnd): string {
  return [message, note].filter(Boolean).join('; ');
}

const SERIOUSNESS: Readonly<Record<OutcomeClass, number>> = { failed: 2, open: 1, done: 0 };

function mostSerious(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, next) =>
    SERIOUSNESS[outcomeClass(next)] > SERIOUSNESS[outcomeClass(worst)] ? next : worst,
  );
}

function toldOfEach(rows: readonly RowEnd[]): string {
  const isOneOutcome = new Set(rows.map(({ outcome }) => outcome)).size === 1;
  const isOneOrder = new Set(rows.map(({ orderNumber }) => orderNumber)).size === 1;
  const isOneMail = new Set(rows.map(mailOf).filter((told) => told !== '')).size <= 1;
  const fates = Map.groupBy(rows, (row) =>
    [isOneOutcome ? '' : row.outcome, told(row), isOneMail ? '' : mailOf(row)]
      .filter((words) => words !== '')
      .join(', '),
  );
  return Array.from(fates, ([fate, alike]) => {
    const names = alike.map(({ orderNumber, trackingNumber }) =>
      isOneOrder ? trackingNumber : `${trackingNumber} on ${orderNumber}`,
    );
    return `${names.join(', ')}: ${fate}`;
  }).join('; ');
}

function mailOf({ outcome, mail }: RowEnd): string {
  return mailTold(outcome, mail);
}
