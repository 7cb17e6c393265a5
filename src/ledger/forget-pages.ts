import type { DatabaseSync } from 'node:sqlite';
import { prepareChange } from './transaction.ts';

/** Some 10 ms of work, and 40 where SQLite folds its log back into the file. */
const FORGOTTEN_AT_A_TIME = 2_000;

/**
 * Forgets what a table has of a drop, a page at a time, so that other work gets a turn in between: of a large file the
 * whole takes half a second. Cut off half-way, it is to be begun again.
 */
export function forgetPages(
  db: DatabaseSync,
  table: 'rows' | 'origins',
): (dropSeq: number) => Generator<void> {
  const page = prepareChange(
    db,
    `DELETE FROM ${table} WHERE drop_seq = ?1 AND line <= coalesce((
       SELECT line FROM ${table} WHERE drop_seq = ?1 ORDER BY line LIMIT 1 OFFSET ${FORGOTTEN_AT_A_TIME - 1}), ?2)`,
  );
  return function* (dropSeq) {
    while (page.run(dropSeq, Number.MAX_SAFE_INTEGER).changes >= FORGOTTEN_AT_A_TIME) yield;
  };
}
