import type { DatabaseSync } from 'node:sqlite';
import type { KnownTime } from '../domain/clock-leap.ts';
import { anyFailedLeft } from './outcomes-in-sql.ts';
import { keysOf } from './row-keys.ts';
import { prepareChange } from './transaction.ts';

/** A settled drop that was put away before a certain time. */
export interface OldDrop {
  readonly seq: number;
  readonly settledAtMs: number;
  /** Where its files were put; null where it ended without any. */
  readonly settledIn: string | null;
  readonly settledAs: string | null;
}

/** The file of a drop, by its place. */
interface PlacedFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Null while the drop is not settled, or its files are on their way to another folder. */
  readonly settledAtMs: number | null;
}

const DROPS_AT_A_TIME = 100;
/** Some 10 ms of work on a ledger of a million rows, and 30 more where SQLite folds its log back into the file. */
const ROWS_AT_A_TIME = 200;

/** What is too old to be kept. Each method is for a transaction of the caller; the room that it makes is used again. */
export function openPruning(db: DatabaseSync) {
  // The latest first: a record that came back points to the drop that it came from, which goes after it.
  const old = db.prepare(
    `SELECT seq, settled_at_ms AS settledAtMs, settled_in AS settledIn, settled_as AS settledAs
     FROM drops d INDEXED BY drops_settled
     WHERE settled_at_ms IS NOT NULL AND (settled_at_ms, seq) < (?, ?)
       AND state = 'settled' AND witness IS NULL AND moves_in IS NULL
     ORDER BY settled_at_ms DESC, seq DESC LIMIT ${DROPS_AT_A_TIME}`,
  );
  const pointer = db.prepare(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM origins WHERE origin_seq = ?1)
       OR EXISTS (SELECT 1 FROM drops WHERE rereads_seq = ?1 AND state <> 'settled')
       OR EXISTS (SELECT 1 FROM beginnings b JOIN drops d ON d.seq = b.drop_seq
         WHERE b.earlier_seq = ?1 AND d.state <> 'settled')
       OR EXISTS (SELECT 1 FROM rows r JOIN drops d ON d.seq = r.drop_seq
         WHERE r.done_by_seq = ?1 AND (d.moves_in IS NOT NULL OR ${anyFailedLeft('r.drop_seq')}))`,
  );
  const rows = db.prepare(
    `SELECT line, part, order_key AS orderKey, tracking_number AS trackingNumber FROM rows
     WHERE drop_seq = ? ORDER BY line, part LIMIT ${ROWS_AT_A_TIME}`,
  );
  const removeKey = prepareChange(
    db,
    'DELETE FROM row_keys WHERE key = ? AND drop_seq = ? AND line = ? AND part = ?',
  );
  const removeRow = prepareChange(db, 'DELETE FROM rows WHERE drop_seq = ? AND line = ? AND part = ?');
  const removeOrigins = prepareChange(
    db,
    `DELETE FROM origins WHERE drop_seq = ?1 AND line IN (
       SELECT line FROM origins WHERE drop_seq = ?1 LIMIT ${ROWS_AT_A_TIME})`,
  );
  const removeDrop = prepareChange(db, 'DELETE FROM drops WHERE seq = ?');
  const oldWrites = db.prepare(
    `SELECT w.seq, w.at_ms < ? AND NOT EXISTS (SELECT 1 FROM drops d WHERE d.seq = w.drop_seq) AS isOld
     FROM writes w WHERE w.seq > ? ORDER BY w.seq LIMIT ${ROWS_AT_A_TIME}`,
  );
  const removeWrite = prepareChange(db, 'DELETE FROM writes WHERE seq = ?');
  const placed = db.prepare(
    `SELECT settled_as AS name, CASE WHEN state = 'settled' AND moves_in IS NULL THEN settled_at_ms END AS settledAtMs
     FROM drops WHERE settled_in = ? AND settled_as IS NOT NULL`,
  );

  const knownTime = db.prepare(
    'SELECT coalesce(known_ms, begun_at_ms) AS knownMs, leapt_to_ms AS leaptToMs FROM ledger_facts',
  );
  const keepTime = prepareChange(db, 'UPDATE ledger_facts SET known_ms = ?, leapt_to_ms = ?');

  return {
    /** See clock-leap.ts. */
    knownTime: (): KnownTime => knownTime.get() as unknown as KnownTime,
    keepTime: ({ knownMs, leaptToMs }: KnownTime): void =>
      void keepTime.run(Math.round(knownMs), leaptToMs === null ? null : Math.round(leaptToMs)),
    /**
     * At most a hundred drops that were put away before a time and, of those, after `last` in this order: the latest
     * first.
     */
    settledBefore(beforeMs: number, last?: OldDrop): readonly OldDrop[] {
      const at = last ?? { settledAtMs: beforeMs, seq: 0 };
      return old.all(at.settledAtMs, at.seq) as unknown as OldDrop[];
    },
    /**
     * Something that is kept needs the drop: a record that came back, the same file while it is read again, a row that it
     * did of a drop whose report is still to say so.
     */
    isPointedTo: (seq: number): boolean => pointer.get(seq) !== undefined,
    /** Forgets some rows of a drop, and the drop with the last of them; how many rows, and whether there are more. */
    forgetSome(seq: number): { readonly forgotten: number; readonly isGone: boolean } {
      const page = rows.all(seq) as unknown as readonly (Parameters<typeof keysOf>[0] & {
        readonly line: number;
        readonly part: number;
      })[];
      for (const { line, part, ...row } of page) {
        for (const key of keysOf(row)) removeKey.run(key, seq, line, part);
        removeRow.run(seq, line, part);
      }
      const origins = Number(removeOrigins.run(seq).changes);
      const isGone = page.length < ROWS_AT_A_TIME && origins < ROWS_AT_A_TIME;
      if (isGone) removeDrop.run(seq);
      return { forgotten: page.length, isGone };
    },
    /**
     * Forgets writes that were sent before a time, for drops that are forgotten; those after `afterSeq`, some at a time.
     * Returns where to go on; undefined at the end.
     */
    forgetWrites(beforeMs: number, afterSeq: number): number | undefined {
      const page = oldWrites.all(beforeMs, afterSeq);
      for (const { seq = null, isOld } of page) if (isOld === 1) removeWrite.run(seq);
      return page.length < ROWS_AT_A_TIME ? undefined : Number(page.at(-1)?.seq);
    },
    /** The files of drops that were put into a folder. */
    placedIn: (folder: string): readonly PlacedFile[] => placed.all(folder) as unknown as PlacedFile[],
  };
}

/** See `openPruning`. */
export type Pruning = ReturnType<typeof openPruning>;
