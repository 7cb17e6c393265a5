import type { DatabaseSync } from 'node:sqlite';
import { type Coming, UNKNOWN_FILE } from '../domain/coming.ts';
import type { Drop } from '../domain/drop.ts';
import { inTransaction, prepareChange } from './transaction.ts';

/** The files of a drop, by an expression for its seq, as a JSON array; empty where its rows came by its own file. */
export const filesOf = (seq: string): string =>
  `(SELECT json_group_array(file_seq) FROM came_by WHERE drop_seq = ${seq})`;

/** Of a drop, from what `filesOf` gives. */
export function comingOf(seq: number, files: unknown): Coming {
  const known = JSON.parse(String(files)) as number[];
  return { seq, files: known.length === 0 ? [seq] : known };
}

/** Enters that the rows of one drop came by the files of another. In a transaction of the caller. */
export function openInheritFiles(db: DatabaseSync): (heirSeq: number | bigint, seq: number) => void {
  const inherit = prepareChange(
    db,
    `INSERT INTO came_by (drop_seq, file_seq)
     SELECT ?1, file_seq FROM came_by WHERE drop_seq = ?2
     UNION SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM came_by WHERE drop_seq = ?2)`,
  );
  return (heirSeq, seq) => void inherit.run(heirSeq, seq);
}

/** What reading a file taught of where its rows are from; nothing of all this for a file of its own. */
export interface RowsRead {
  /** Seqs of the drops whose records came back in it. */
  readonly origins: ReadonlySet<number>;
  /** Seqs of the drops whose bytes it begins with: the same file, of which the rest comes only now. */
  readonly beginnings: readonly number[];
  /** There are records of another file of which nobody knows the drop. */
  readonly isAnyUnknown: boolean;
}

/** By which files rows came; see coming.ts in domain. */
export function openCameBy(db: DatabaseSync) {
  const files = db.prepare(`SELECT ${filesOf('?1')} AS files`);
  // What such a drop is of was known before it was read.
  const isHeir = db.prepare(
    'SELECT 1 FROM drops WHERE seq = ? AND (waiting_since_ms IS NOT NULL OR rereads_seq IS NOT NULL)',
  );
  const clear = prepareChange(db, 'DELETE FROM came_by WHERE drop_seq = ?');
  const insert = prepareChange(db, 'INSERT OR IGNORE INTO came_by (drop_seq, file_seq) VALUES (?, ?)');

  const of = ({ seq }: { readonly seq: number }): Coming => comingOf(seq, files.get(seq)?.files);
  return {
    of,
    /** Keeps what reading a drop taught, in place of what an earlier reading did. */
    keep(drop: Drop, { origins, beginnings, isAnyUnknown }: RowsRead): void {
      if (isHeir.get(drop.seq) !== undefined) return;
      const found = new Set([...origins, ...beginnings].flatMap((seq) => of({ seq }).files));
      if (isAnyUnknown) found.add(UNKNOWN_FILE);
      if (beginnings.length > 0) found.add(drop.seq);
      inTransaction(db, () => {
        clear.run(drop.seq);
        for (const file of found) insert.run(drop.seq, file);
      });
    },
  };
}

export type CameBy = ReturnType<typeof openCameBy>;
