import { anyCutOff, type EarlierReadings } from '../domain/cut-off.ts';
import type { Look } from '../domain/order.ts';
import { type Row, trackingKey } from '../domain/row.ts';
import type { Write } from '../domain/write.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Task } from '../runtime/turns.ts';

interface Parts {
  readonly look: Look;
  readonly rows: readonly Row[];
  /** To the order; those of the drop itself are meant. */
  readonly writes: readonly Write[];
  /** Brings a write of an earlier process onto the clock of this one. */
  readonly onThisClock: (write: Write) => Write;
}

/**
 * What was written of a file before its writer had come to its end, by this drop and by those whose file it is again;
 * null where none of it can be the beginning of a number that the rows ask for: then nobody asks who wants it.
 */
export function earlierReadings(
  { earlierReadings: { writesTo, wantedOn } }: Ledger,
  { drop, orderKey }: Task,
  { look, rows, writes, onThisClock }: Parts,
): EarlierReadings | null {
  const before = look.orders.flatMap(({ entityId }) => writesTo(drop, entityId));
  const keys = rows.map(({ trackingNumber }) => trackingKey(trackingNumber));
  if (!anyCutOff([...before, ...writes.filter(({ isOwn }) => isOwn)], keys)) return null;
  return { writes: before.map(onThisClock), wanted: wantedOn(drop, orderKey) };
}
