import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import type { Outcome } from '../domain/outcome.ts';
import { inTransaction, prepareChange } from './transaction.ts';

/** Some 10 ms of work; other work gets a turn between two pages. */
const ROWS_AT_A_TIME = 1_000;

/** Ended with no file to put away: a drop of the inbox itself, since those that wait have an end of their own. */
const TAKEN_AWAY = `state = 'settled' AND settled_as IS NULL AND waiting_since_ms IS NULL`;

/**
 * Drops whose file somebody took out of `working/`. What is on record of them stays: it tells of numbers that were
 * written.
 */
export function openTakenAway(db: DatabaseSync) {
  const known = db.prepare(
    'SELECT 1 FROM drops d WHERE seq = ? AND (layout IS NOT NULL OR EXISTS (SELECT 1 FROM rows WHERE drop_seq = d.seq))',
  );
  const endOpen = prepareChange(
    db,
    `UPDATE rows SET outcome = ?4, message = ?1 WHERE drop_seq = ?2 AND outcome IS NULL AND line <= coalesce((
       SELECT line FROM rows INDEXED BY rows_open_by_drop WHERE drop_seq = ?2 AND outcome IS NULL
       ORDER BY line LIMIT 1 OFFSET ${ROWS_AT_A_TIME - 1}), ?3)`,
  );
  // Those that were parted wait in the drop that they became.
  const endWaiting = prepareChange(
    db,
    `UPDATE rows SET outcome = ?3, message = ?1 WHERE drop_seq = ?2 AND outcome = 'waiting'
       AND (SELECT waits_as FROM drops WHERE seq = ?2) IS NULL`,
  );
  const unpart = prepareChange(db, 'UPDATE drops SET waits_as = NULL WHERE seq = ?');
  const end = prepareChange(
    db,
    `UPDATE drops SET state = 'settled', settled_at_ms = ?, settled_in = ?, settled_as = ?, moves_in = NULL,
       moves_as = NULL, witness = NULL WHERE seq = ?`,
  );
  const isEnded = db.prepare(`SELECT 1 FROM drops WHERE seq = ? AND ${TAKEN_AWAY}`);
  const reopen = prepareChange(
    db,
    `UPDATE drops SET state = 'claimed', settled_at_ms = NULL, waits_as = NULL, has_keys = 0 WHERE seq = ?`,
  );
  const removeKeys = prepareChange(db, 'DELETE FROM row_keys WHERE drop_seq = ?');

  return {
    /** Something was read of the drop; of one that was never read nothing is worth keeping. */
    wasRead: (drop: Drop): boolean => known.get(drop.seq) !== undefined,
    /** Ends rows that have no outcome, or wait and would be looked at again, a page at a time. */
    *endRowsInPages({ seq }: Drop, outcome: Outcome, message: string): Generator<void> {
      while (endOpen.run(message, seq, Number.MAX_SAFE_INTEGER, outcome).changes >= ROWS_AT_A_TIME) yield;
      endWaiting.run(message, seq, outcome);
    },
    /** The drop that its waiting rows were to become never got its file: they are the drop's own again. */
    unpart: (drop: Drop): void => void unpart.run(drop.seq),
    /** Nothing more is done about the drop; no folder has its files, unless they were found there. */
    end: (drop: Drop, atMs: number, found?: { readonly folder: string; readonly file: string }): void =>
      void end.run(Math.round(atMs), found?.folder ?? null, found?.file ?? null, drop.seq),
    isEnded: (drop: Drop): boolean => isEnded.get(drop.seq) !== undefined,
    /** The file is back in `working/`: it is to be read as if it had just been claimed. */
    reopen(drop: Drop): void {
      inTransaction(db, () => {
        removeKeys.run(drop.seq);
        reopen.run(drop.seq);
      });
    },
  };
}

/** See `openTakenAway`. */
export type TakenAway = ReturnType<typeof openTakenAway>;

/** A drop whose file was taken away, and no file of its name has come to its inbox since. */
export interface TakenAwayDrop {
  readonly inbox: string;
  /** Its id and its name, as the path below `working`. */
  readonly path: string;
  readonly endedAtMs: number;
  readonly rows: number;
  /** Of these. */
  readonly gaveUp: number;
}

/** Those that ended after a time, the newest first. */
export function takenAwaySince(db: DatabaseSync, sinceMs: number): TakenAwayDrop[] {
  const found = db.prepare(
    `SELECT d.inbox, d.id || '/' || d.name AS path, d.settled_at_ms AS endedAtMs,
       (SELECT count(*) FROM rows r WHERE r.drop_seq = d.seq) AS "rows",
       (SELECT count(*) FROM rows r WHERE r.drop_seq = d.seq AND r.outcome = 'gave-up') AS gaveUp
     FROM drops d INDEXED BY drops_settled
     WHERE d.settled_at_ms > ? AND ${TAKEN_AWAY}
       AND NOT EXISTS (SELECT 1 FROM drops l WHERE l.seq > d.seq AND l.inbox = d.inbox AND l.name = d.name)
     ORDER BY d.settled_at_ms DESC, d.seq DESC`,
  );
  return found.all(sinceMs) as unknown as TakenAwayDrop[];
}
