import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { type Action, numbersOf, type Write, type WriteAnswer } from '../domain/write.ts';
import { prepareChange } from './transaction.ts';

/** What `writeOf` reads, but `isOwn`. */
export const WRITE_COLUMNS = `id, kind, order_id AS orderId, shipment_id AS shipmentId, track_id AS trackId,
  tracking_numbers AS trackingNumbers, mails, state, message, at_ms AS atMs, answered_at_ms AS answeredAtMs, counts`;

/** A write from a row of the table, with the columns of `Write` under their names there. */
export function writeOf(row: Record<string, SQLOutputValue>): Write {
  return {
    ...(row as unknown as Write),
    trackingNumbers: JSON.parse(String(row.trackingNumbers)) as string[],
    mails: row.mails === 1,
    counts: row.counts === 1,
    isOwn: row.isOwn === 1,
  };
}

/**
 * Far more than are under way at once. One that is answered later than that many others is looked for, from the end.
 */
const REMEMBERED_AT_MOST = 10_000;

/** The table of writes: the intent before, the answer after. */
export function openWrites(db: DatabaseSync) {
  const nextId = writeIds();
  const intend = prepareChange(
    db,
    `INSERT INTO writes (id, drop_seq, store, kind, order_id, shipment_id, track_id, tracking_numbers, mails, state, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
  );
  const answer = prepareChange(
    db,
    `UPDATE writes SET state = ?, message = ?, answered_at_ms = ?, shipment_id = coalesce(?, shipment_id),
       track_id = coalesce(?, track_id) WHERE seq = ?`,
  );
  const count = prepareChange(db, 'UPDATE writes SET counts = 1 WHERE seq = ?');
  const toOrder = db.prepare(
    `SELECT ${WRITE_COLUMNS}, drop_seq = ? AS isOwn FROM writes WHERE order_id = ? AND store = ? AND (drop_seq = ? OR (state IN ('open', 'uncertain') AND at_ms > ?))
     ORDER BY seq`,
  );

  const othersTo = db.prepare('SELECT id FROM writes WHERE order_id = ? AND store = ? AND drop_seq <> ?');

  const byId = db.prepare('SELECT seq FROM writes WHERE id = ? ORDER BY seq DESC LIMIT 1');

  /** By the ids of the latest writes, the oldest first: whoever answers one has sent it just before. */
  const seqs = new Map<string, number | bigint>();
  const remember = (id: string, seq: number | bigint) => {
    seqs.set(id, seq);
    const [oldest] = seqs.size > REMEMBERED_AT_MOST ? seqs.keys() : [];
    if (oldest !== undefined) seqs.delete(oldest);
  };
  const seqOf = (id: string): number | bigint => {
    const seq = seqs.get(id);
    if (seq !== undefined) return seq;
    const found = byId.get(id)?.seq;
    if (typeof found !== 'number') throw new Error(`the write ${id} was never sent`);
    return found;
  };

  return {
    /** Writes the intent and returns its id; to be called just before the request goes out. */
    intend(drop: Drop, action: Action, atMs: number): string {
      const id = nextId();
      const { lastInsertRowid } = intend.run(
        id,
        drop.seq,
        drop.store,
        action.kind,
        action.orderId,
        action.kind === 'ship' ? null : action.shipmentId,
        action.kind === 'untrack' ? action.trackId : null,
        JSON.stringify(numbersOf(action)),
        action.kind === 'mail' || (action.kind === 'ship' && action.mails) ? 1 : 0,
        atMs,
      );
      remember(id, lastInsertRowid);
      return id;
    },
    answer(id: string, given: WriteAnswer, atMs: number): void {
      const done = given.kind === 'done' ? given : null;
      const message = given.kind === 'done' ? '' : given.message;
      answer.run(given.kind, message, atMs, done?.shipmentId ?? null, done?.trackId ?? null, seqOf(id));
    },

    /** The store proved to be well right after this failure: the attempt counts against the row. */
    count: (id: string): void => void count.run(seqOf(id)),
    /**
     * Writes of this drop to the order, and those of others that may still land, also of drops that were forgotten
     * since; oldest first. Only of the drop's store: another one has an order with the same entity id.
     */
    toOrder: (drop: Drop, orderId: number, uncertainSinceMs: number): Write[] =>
      toOrder.all(drop.seq, orderId, drop.store, drop.seq, uncertainSinceMs).map(writeOf),
    /** Ids of all writes of other drops to the order. */
    othersTo: (drop: Drop, orderId: number): string[] =>
      othersTo.all(orderId, drop.store, drop.seq).map(({ id }) => String(id)),
  };
}

/**
 * Ids that nobody else gives, in ascending order: random ones would each change another page of their index, and
 * SQLite writes whole pages. Random is where they start, so that those of two processes, and of a ledger that was
 * lost, differ: nine bytes.
 */
function writeIds(): () => string {
  const start = randomBytes(9).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${start}-${count.toString(36).padStart(5, '0')}`;
  };
}
