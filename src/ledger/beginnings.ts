import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { inTransaction, prepareChange } from './transaction.ts';

/** A drop whose bytes may be the beginning of those of a later one. */
export interface EarlierDrop {
  readonly seq: number;
  readonly bytes: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** Who tries to send one file more often within the time has no use for the first tries. */
const TRIES_AT_MOST = 50;

/**
 * Uploads that broke off, and the later drops whose bytes begin with all of theirs: the same file, sent again from its
 * start, or one with which its writer went on.
 */
export function openBeginnings(db: DatabaseSync) {
  const unfinished = db.prepare(
    `SELECT seq, bytes, sha256 FROM drops INDEXED BY drops_unfinished
     WHERE is_unfinished = 1 AND inbox = ? AND name = ? AND store = ? AND seq < ? AND sha256 IS NOT NULL AND bytes > 0
       AND abs(claimed_at_ms - ?) <= ? ORDER BY seq DESC LIMIT ${TRIES_AT_MOST}`,
  );
  const reread = db.prepare(
    `SELECT e.seq, e.bytes, e.sha256 FROM drops d JOIN drops e ON e.seq = d.rereads_seq
     WHERE d.seq = ? AND e.sha256 IS NOT NULL AND e.bytes > 0`,
  );
  const clear = prepareChange(db, 'DELETE FROM beginnings WHERE drop_seq = ?');
  const insert = prepareChange(db, 'INSERT INTO beginnings (drop_seq, earlier_seq) VALUES (?, ?)');
  const sentBefore = db.prepare(
    `SELECT e.name, e.claimed_at_ms AS claimedAtMs FROM drops d
     JOIN beginnings b ON b.drop_seq = d.seq JOIN drops e ON e.seq = b.earlier_seq
     WHERE d.seq = ? AND d.rereads_seq IS NULL ORDER BY e.seq DESC LIMIT 1`,
  );

  return {
    /**
     * Drops whose bytes may be the beginning of this one's: of the same inbox and name, claimed within a time, ended
     * without a line end; and the one whose file it is again.
     */
    candidatesOf({ seq, inbox, name, store, claimedAtMs }: Drop, withinMs: number): readonly EarlierDrop[] {
      const found = [...unfinished.all(inbox, name, store, seq, claimedAtMs, withinMs), ...reread.all(seq)];
      const bySeq = new Map((found as unknown as EarlierDrop[]).map((each) => [each.seq, each]));
      return [...bySeq.values()];
    },
    /** In place of those that an earlier reading of the drop found. */
    keep(drop: Drop, earlier: readonly EarlierDrop[]): void {
      inTransaction(db, () => {
        clear.run(drop.seq);
        for (const { seq } of earlier) insert.run(drop.seq, seq);
      });
    },
    /** The last upload that broke off and this one begins with; undefined for a file with which its writer went on. */
    sentBefore: (drop: Drop): { readonly name: string; readonly claimedAtMs: number } | undefined =>
      sentBefore.get(drop.seq) as { name: string; claimedAtMs: number } | undefined,
  };
}

/** See `openBeginnings`. */
export type Beginnings = ReturnType<typeof openBeginnings>;
