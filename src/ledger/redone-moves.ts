import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { anyFailedLeft } from './outcomes-in-sql.ts';
import { prepareChange } from './transaction.ts';

/** Where the files of a settled drop are on their way to. */
interface ChosenMove {
  readonly folder: string;
  readonly file: string;
}

/** A drop in `failed/` whose every failed row is done. */
export interface RedoneDrop {
  readonly id: string;
  /** Null until names are chosen. */
  readonly move: ChosenMove | null;
}

/** The moves of drops out of `failed/` whose every failed row is done: which are due, and where they go. */
export function openRedoneMoves(db: DatabaseSync) {
  // '' in both columns until names are chosen. A drop that ended without its file, as one taken away, has none to move.
  const markDue = prepareChange(
    db,
    `UPDATE drops SET moves_in = '', moves_as = '' WHERE seq = ?1 AND moves_in IS NULL
       AND (state <> 'settled' OR settled_as IS NOT NULL) AND NOT ${anyFailedLeft('?1')}`,
  );
  const unmarkDue = prepareChange(
    db,
    `UPDATE drops SET moves_in = NULL, moves_as = NULL WHERE seq = ?1 AND moves_in = ''
       AND (${anyFailedLeft('?1')} OR NOT EXISTS (SELECT 1 FROM rows WHERE drop_seq = ?1 AND done_by_seq IS NOT NULL))`,
  );
  const due = db.prepare(
    `SELECT id, moves_in AS folder, moves_as AS file FROM drops INDEXED BY drops_moving
     WHERE moves_in IS NOT NULL AND state = 'settled' AND settled_as IS NOT NULL ORDER BY seq`,
  );
  const choose = prepareChange(db, 'UPDATE drops SET moves_in = ?, moves_as = ? WHERE seq = ?');
  const moved = prepareChange(
    db,
    'UPDATE drops SET settled_in = ?, settled_as = ?, moves_in = NULL, moves_as = NULL WHERE seq = ?',
  );

  return {
    /** True where the drop is due now, and was not before. */
    markDue: (seq: number): boolean => markDue.run(seq).changes > 0,
    /** Takes that back, where names are not chosen yet and a failed row is left after all. */
    unmarkDue: (seq: number): void => void unmarkDue.run(seq),
    /** Drops whose files are to move, of whatever store, in the order of their claims. */
    due: (): RedoneDrop[] =>
      due.all().map(({ id, folder, file }) => ({
        id: String(id),
        move: folder === '' ? null : { folder: String(folder), file: String(file) },
      })),
    /** Keeps the names, so that a move that was cut off goes on with them. */
    choose: (drop: Drop, { folder, file }: ChosenMove): void => void choose.run(folder, file, drop.seq),
    /** Its files lie there now. */
    markMoved: (drop: Drop, { folder, file }: ChosenMove): void => void moved.run(folder, file, drop.seq),
  };
}
