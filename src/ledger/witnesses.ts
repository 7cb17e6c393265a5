import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { openInheritFiles } from './came-by.ts';
import type { NewDrop } from './drops.ts';
import { prepareChange } from './transaction.ts';

/** A drop that is put away, and what is known of the file that its writer may still hold. */
export interface WitnessedDrop {
  readonly seq: number;
  readonly id: string;
  /** Ms of the wall clock. */
  readonly settledAtMs: number;
  /** As steps wrote it. */
  readonly witness: string;
  /** Of what was read, in hex; null where the file could not be read. */
  readonly sha256: string | null;
}

/** Which files a writer may still hold, and the drops that are read from them again. */
export function openWitnesses(db: DatabaseSync) {
  const inheritFiles = openInheritFiles(db);
  const get = db.prepare('SELECT witness FROM drops WHERE seq = ?');
  const set = prepareChange(db, 'UPDATE drops SET witness = ? WHERE seq = ?');
  // A file that is on its way out of failed/ is in two places, or in none that is known.
  const page = db.prepare(
    `SELECT seq, id, settled_at_ms AS settledAtMs, witness, sha256 FROM drops INDEXED BY drops_witnessed
     WHERE witness IS NOT NULL AND seq > ? AND state = 'settled' AND store = ? AND moves_in IS NULL
     ORDER BY seq LIMIT ?`,
  );
  const outside = db.prepare(
    `SELECT seq, id, settled_at_ms AS settledAtMs, witness, sha256 FROM drops INDEXED BY drops_witnessed
     WHERE witness IS NOT NULL AND state = 'settled' AND moves_in IS NULL
       AND store NOT IN (SELECT value FROM json_each(?))`,
  );
  const insert = prepareChange(
    db,
    `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms, rereads_seq, witness)
     VALUES (?, ?, ?, ?, 'claimed', ?, ?, ?, ?)`,
  );
  const rereads = db.prepare('SELECT rereads_seq AS seq FROM drops WHERE seq = ?');
  const earlier = db.prepare(
    `WITH RECURSIVE earlier (seq) AS (
       SELECT ?1
       UNION SELECT d.rereads_seq FROM earlier JOIN drops d ON d.seq = earlier.seq WHERE d.rereads_seq IS NOT NULL
       UNION SELECT b.earlier_seq FROM earlier JOIN beginnings b ON b.drop_seq = earlier.seq
       UNION SELECT w.seq FROM earlier JOIN drops e ON e.seq = earlier.seq JOIN drops w ON w.id = e.waits_as
         WHERE earlier.seq <> ?1
     ) SELECT seq FROM earlier WHERE seq <> ?1 ORDER BY seq DESC`,
  );
  const lookingAt = db.prepare(
    `SELECT seq, witness FROM drops INDEXED BY drops_witnessed
     WHERE witness IS NOT NULL AND witness ->> '$.at' = ?`,
  );
  const paths = db.prepare(
    `SELECT witness ->> '$.at' AS path FROM drops INDEXED BY drops_witnessed
     WHERE witness IS NOT NULL AND json_type(witness, '$.at') = 'text'`,
  );
  const placeOf = db.prepare('SELECT settled_in AS folder, settled_as AS file FROM drops WHERE seq = ?');

  return {
    /** What is known of the file that the drop's writer may still hold; null where nobody looks at one. */
    of(drop: Drop): string | null {
      const witness = get.get(drop.seq)?.witness ?? null;
      return witness === null ? null : String(witness);
    },
    /**
     * The drop whose writer may still hold the settled file of this one, itself or a later reading; undefined for none.
     */
    lookingAt: ({ seq }: Drop): Pick<WitnessedDrop, 'seq' | 'witness'> | undefined =>
      lookingAt.get(seq) as Pick<WitnessedDrop, 'seq' | 'witness'> | undefined,
    /** Where the files lie that have a place of their own. */
    paths: (): ReadonlySet<string> => new Set(paths.all().map(({ path }) => String(path))),
    /** Null: nobody looks at it any more. */
    keep: ({ seq }: { readonly seq: number }, witness: string | null): void => void set.run(witness, seq),
    /** Those of a store after a drop, in the order of the claims, at most `limit`. */
    after: (store: string, seq: number, limit: number): WitnessedDrop[] =>
      page.all(seq, store, limit) as unknown as WitnessedDrop[],
    /** Those of all stores but these. */
    outside: (stores: readonly string[]): WitnessedDrop[] =>
      outside.all(JSON.stringify(stores)) as unknown as WitnessedDrop[],
    /**
     * Enters the drop that an earlier one's file becomes once its writer went on; from here on it is this one that
     * has the witness. In a transaction of the caller: else the same growth would be taken twice, or never.
     */
    reread(earlier: { readonly seq: number }, drop: NewDrop, witness: string): void {
      const { id, inbox, store, name, bytes, claimedAtMs } = drop;
      const { lastInsertRowid } = insert.run(
        id,
        inbox,
        store,
        name,
        bytes,
        claimedAtMs,
        earlier.seq,
        witness,
      );
      inheritFiles(lastInsertRowid, earlier.seq);
      set.run(null, earlier.seq);
    },
    /** The drop with whose file its writer went on, so that it became this one; undefined for most. */
    grownFrom(drop: Drop): number | undefined {
      const seq = rereads.get(drop.seq)?.seq ?? null;
      return seq === null ? undefined : Number(seq);
    },
    /** Drops whose file this one is again, grown or sent once more, and those that waited of them; the last first. */
    rereadBy: ({ seq }: { readonly seq: number }): number[] => earlier.all(seq).map(({ seq }) => Number(seq)),
    /** Where the settled file of a drop lies now; undefined where the drop is forgotten, or not settled. */
    settledFile(seq: number): { readonly folder: string; readonly file: string } | undefined {
      const row = placeOf.get(seq);
      if (!row || row.folder === null || row.file === null) return undefined;
      return { folder: String(row.folder), file: String(row.file) };
    },
  };
}

/** See `openWitnesses`. */
export type Witnesses = ReturnType<typeof openWitnesses>;
