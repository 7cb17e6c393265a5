import type { DatabaseSync } from 'node:sqlite';
import type { Drop, DropState } from '../domain/drop.ts';
import type { Outcome, OutcomeCounts } from '../domain/outcome.ts';
import { prepareChange } from './transaction.ts';

/** What is known of a drop when it is claimed. */
export interface NewDrop {
  readonly id: string;
  readonly inbox: string;
  readonly store: string;
  readonly name: string;
  readonly bytes: number;
  readonly claimedAtMs: number;
  /** See Drop; default false. */
  readonly isDoubtful?: boolean;
}

/** What reading the file taught about it as a whole. */
interface FileFacts {
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** It ends in the middle of a line; default false. */
  readonly isUnfinished?: boolean;
  /** See Drop. */
  readonly layout: string;
}

const COLUMNS = `seq, id, inbox, store, name, state, bytes, claimed_at_ms, layout, failure, failure_line, settled_as, settled_in, waiting_since_ms, next_look_at_ms, waits_as,
  is_doubtful`;

/** The table of drops. */
export function openDrops(db: DatabaseSync) {
  const insert = prepareChange(
    db,
    `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms, is_doubtful)
     VALUES (?, ?, ?, ?, 'claimed', ?, ?, ?)`,
  );
  const remove = prepareChange(db, 'DELETE FROM drops WHERE seq = ?');
  const byId = db.prepare(`SELECT ${COLUMNS} FROM drops WHERE id = ?`);
  const bySeq = db.prepare(`SELECT ${COLUMNS} FROM drops WHERE seq = ?`);
  const unsettled = db.prepare(`SELECT ${COLUMNS} FROM drops WHERE state <> 'settled' ORDER BY seq`);
  const setState = prepareChange(db, 'UPDATE drops SET state = ? WHERE seq = ?');
  const setRead = prepareChange(
    db,
    `UPDATE drops SET state = 'ready', sha256 = ?, bytes = ?, is_unfinished = ?, layout = ?, failure = NULL, failure_line = NULL
     WHERE seq = ?`,
  );
  const setFailure = prepareChange(
    db,
    `UPDATE drops SET state = 'ready', layout = ?, failure = ?, failure_line = ?, sha256 = ?, bytes = coalesce(?, bytes),
       is_unfinished = ? WHERE seq = ?`,
  );
  const setStem = prepareChange(db, 'UPDATE drops SET settled_as = ?, settled_in = ? WHERE seq = ?');
  const setHome = prepareChange(db, 'UPDATE drops SET inbox = ?, store = ? WHERE seq = ?');
  const setAside = prepareChange(db, 'UPDATE drops SET is_set_aside = 1 WHERE seq = ? AND is_set_aside = 0');
  const takeBack = prepareChange(
    db,
    `UPDATE drops SET is_set_aside = 0
     WHERE state <> 'settled' AND is_set_aside = 1 AND inbox IN (SELECT value FROM json_each(?))`,
  );
  const settled = prepareChange(db, `UPDATE drops SET state = 'settled', settled_at_ms = ? WHERE seq = ?`);
  const counts = db.prepare(
    'SELECT outcome, count(*) AS n FROM rows WHERE drop_seq = ? AND outcome IS NOT NULL GROUP BY outcome',
  );

  const read = (row: Record<string, unknown> | undefined): Drop | undefined =>
    row === undefined
      ? undefined
      : {
          seq: Number(row.seq),
          id: String(row.id),
          inbox: String(row.inbox),
          store: String(row.store),
          name: String(row.name),
          state: row.state as DropState,
          bytes: Number(row.bytes),
          claimedAtMs: Number(row.claimed_at_ms),
          layout: row.layout === null ? null : String(row.layout),
          failure:
            row.failure === null
              ? null
              : { message: String(row.failure), line: Number(row.failure_line ?? 1) },
          settledAs: row.settled_as === null ? null : String(row.settled_as),
          settledIn: row.settled_in === null ? null : String(row.settled_in),
          waitingSinceMs: row.waiting_since_ms === null ? null : Number(row.waiting_since_ms),
          nextLookAtMs: row.next_look_at_ms === null ? null : Number(row.next_look_at_ms),
          isDoubtful: row.is_doubtful === 1,
          waitsAs: row.waits_as === null ? null : String(row.waits_as),
        };
  const found = (drop: Drop | undefined): Drop => {
    if (!drop) throw new Error('a drop vanished from the ledger');
    return drop;
  };

  return {
    /** Enters a drop before its file is touched, so that the file's true name survives a crash in the claim. */
    begin(drop: NewDrop): Drop {
      const { lastInsertRowid } = insert.run(
        drop.id,
        drop.inbox,
        drop.store,
        drop.name,
        drop.bytes,
        drop.claimedAtMs,
        drop.isDoubtful ? 1 : 0,
      );
      return found(read(bySeq.get(lastInsertRowid)));
    },
    /** Takes back `begin` where the claim came to nothing. */
    forget: (drop: Drop): void => void remove.run(drop.seq),
    byId: (id: string): Drop | undefined => read(byId.get(id)),
    has: (id: string): boolean => byId.get(id) !== undefined,
    /** As it stands now. */
    current: (drop: Drop): Drop => found(read(bySeq.get(drop.seq))),
    /** In the order of their claims; those that are set aside too. */
    unsettled: (): Drop[] => unsettled.all().map((row) => found(read(row))),
    markClaimed: (drop: Drop): void => void setState.run('claimed', drop.seq),
    markRead: (drop: Drop, { sha256, bytes, layout, isUnfinished }: FileFacts): void =>
      void setRead.run(sha256, bytes, isUnfinished ? 1 : 0, layout, drop.seq),
    /** The file as a whole could not be read. What its bytes are is null where that could not be had. */
    markUnreadable(
      drop: Drop,
      { message, line }: NonNullable<Drop['failure']>,
      { layout, content }: Pick<FileFacts, 'layout'> & { readonly content: Omit<FileFacts, 'layout'> | null },
    ): void {
      const { sha256 = null, bytes = null, isUnfinished = false } = content ?? {};
      setFailure.run(layout, message, line, sha256, bytes, isUnfinished ? 1 : 0, drop.seq);
    },
    markSettling: (drop: Drop): void => void setState.run('settling', drop.seq),
    /** Keeps the name that the settled files will share, so that a settling that was cut off goes on with it. */
    chooseStem: (drop: Drop, settledAs: string, settledIn: string): void =>
      void setStem.run(settledAs, settledIn, drop.seq),
    /** Its file lies with an inbox of another name, or of another store, than it was claimed from. */
    rehome: (drop: Drop, inbox: string, store: string): void => void setHome.run(inbox, store, drop.seq),
    /**
     * Takes a drop that nobody works on (its inbox is no longer configured) out of the way of later ones: its rows
     * hold back no order any more. They and its state stay as they are. Lasts until `takeBackOf`, also across starts.
     */
    setAside: (drop: Drop): void => void setAside.run(drop.seq),
    /** Puts those of these inboxes back in their places, before every later drop. */
    takeBackOf: (inboxes: readonly string[]): void => void takeBack.run(JSON.stringify(inboxes)),
    markSettled: (drop: Drop, atMs: number): void => void settled.run(atMs, drop.seq),
    countsOf: (drop: Drop): OutcomeCounts =>
      Object.fromEntries(counts.all(drop.seq).map((row) => [row.outcome as Outcome, Number(row.n)])),
  };
}
