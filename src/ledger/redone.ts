import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { STANDING } from '../domain/outcome.ts';
import { skuLooksKey, trackingKey } from '../domain/row.ts';
import { anyFailedLeft, isFailed, listed, listedOf } from './outcomes-in-sql.ts';
import { openRedoneMoves } from './redone-moves.ts';
import { inTransaction, prepareChange } from './transaction.ts';
import type { Witnesses } from './witnesses.ts';

/** The row of a later drop by which a failed one is done. */
export interface Doing {
  readonly name: string;
  readonly line: number;
  readonly claimedAtMs: number;
}

const DONE = listedOf('done');
const STANDS = listed(STANDING);

/** Some 5 ms of work. */
const RECORDS_AT_A_TIME = 1_000;
/** Reports of reports, and so on; nobody corrects a row more often. */
const ROUNDS_AT_MOST = 20;

/**
 * Marks the failed rows of records that are done by the drop ?1, since they were those of `start`: each a line of that
 * drop, and the drop and the line where to look for earlier ones. What a drop begins with is known of it directly, all of
 * it: one step of that kind is enough.
 */
const doEarlierThan = (start: string) =>
  `WITH RECURSIVE chain (line, seq, earlier_line, round, is_beginning) AS (
     ${start}
     UNION ALL
     SELECT c.line, o.origin_seq, o.origin_line, c.round + 1, 0 FROM chain c
     JOIN origins o ON o.drop_seq = c.seq AND o.line = c.earlier_line
     WHERE c.round < ${ROUNDS_AT_MOST}
     UNION ALL
     SELECT c.line, b.earlier_seq, c.earlier_line, c.round, 1 FROM chain c
     JOIN beginnings b ON b.drop_seq = c.seq
     WHERE NOT c.is_beginning
   )
   UPDATE rows SET done_by_seq = ?1, done_by_line = chain.line FROM chain
   WHERE chain.seq <> ?1 AND rows.drop_seq = chain.seq AND rows.line = chain.earlier_line
     AND rows.done_by_seq IS NULL AND ${isFailed('rows.outcome')}
   RETURNING drop_seq AS seq`;

/**
 * Failed rows that later drops have done. A failed row is done
 * - by a record that came back (see originals.ts), directly or over several rounds, all of whose rows are done;
 * - by the record on the same line of a file whose beginning is the drop's (see beginnings.ts), likewise;
 * - by a row of a later drop of the same store, order and number, and of the same SKU where it names one, whose number
 *   stands (of another quantity where no other row names that SKU of the parcel); nobody knows what a row that cannot be read would have named;
 * - by a file of the same bytes, all of whose rows are done, where the file could not be read as a whole;
 * - by the same file read again, grown or sent once more, of whose rows none failed or each failed one is done, likewise.
 *
 * Nothing else is certain: a file of the same name may be another day's.
 */
export function openRedone(db: DatabaseSync, { rereadBy }: Pick<Witnesses, 'rereadBy'>) {
  const moves = openRedoneMoves(db);
  const anyFailed = db.prepare(
    `SELECT 1 FROM rows INDEXED BY rows_failed_by_drop
     WHERE drop_seq < ? AND done_by_seq IS NULL AND ${isFailed('outcome')} LIMIT 1`,
  );
  const returnedLines = db.prepare(
    `SELECT line FROM origins WHERE drop_seq = ? AND line > ? ORDER BY line LIMIT ${RECORDS_AT_A_TIME}`,
  );
  const anyBeginning = db.prepare('SELECT 1 FROM beginnings WHERE drop_seq = ? LIMIT 1');
  const doEarlier = prepareChange(
    db,
    doEarlierThan(
      `SELECT r.line, r.drop_seq, r.line, 0, 0 FROM rows r
       WHERE r.drop_seq = ?1 AND r.line > ?2 AND r.line <= ?3 AND r.part = 0 AND NOT EXISTS (
         SELECT 1 FROM rows p WHERE p.drop_seq = ?1 AND p.line = r.line
           AND (p.outcome IS NULL OR p.outcome NOT IN ${DONE}))`,
    ),
  );
  const doEarlierThanDone = prepareChange(
    db,
    doEarlierThan(
      `SELECT ?2, ?3, ?4, 0, 0 WHERE NOT EXISTS (
         SELECT 1 FROM rows p WHERE p.drop_seq = ?3 AND p.line = ?4
           AND (p.outcome IS NULL OR p.outcome NOT IN ${DONE}) AND p.done_by_seq IS NULL)`,
    ),
  );
  const linesOf = db.prepare(
    `SELECT line FROM rows WHERE drop_seq = ? AND line > ? AND part = 0 ORDER BY line LIMIT ${RECORDS_AT_A_TIME}`,
  );
  const sameOrder = db.prepare(
    `SELECT f.drop_seq AS seq, f.line, f.part, f.tracking_number AS failedNumber, r.tracking_number AS doneNumber,
       r.line AS doneLine, f.sku AS failedSku, f.quantity AS failedQuantity, r.sku AS doneSku, r.quantity AS doneQuantity
     FROM rows r CROSS JOIN rows f INDEXED BY rows_failed_by_order CROSS JOIN drops d
     WHERE r.drop_seq = ?1 AND r.line > ?2 AND r.line <= ?3 AND r.outcome IN ${STANDS}
       AND f.order_key = r.order_key AND f.order_key IS NOT NULL AND f.done_by_seq IS NULL AND ${isFailed('f.outcome')}
       AND f.outcome <> 'bad-row' AND f.drop_seq < ?1 AND d.seq = f.drop_seq AND d.store = ?4`,
  );
  const doOne = prepareChange(
    db,
    'UPDATE rows SET done_by_seq = ?, done_by_line = ? WHERE drop_seq = ? AND line = ? AND part = ?',
  );
  const unread = db.prepare(
    `SELECT e.seq FROM drops d JOIN drops e ON e.sha256 = d.sha256 AND e.store = d.store
     WHERE d.seq = ? AND e.seq < d.seq AND e.failure IS NOT NULL`,
  );
  const isAllDone = db.prepare(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM rows WHERE drop_seq = ?1) AND NOT EXISTS (
       SELECT 1 FROM rows WHERE drop_seq = ?1 AND (outcome IS NULL OR outcome NOT IN ${DONE}))`,
  );
  const doUnread = prepareChange(
    db,
    'UPDATE rows SET done_by_seq = ?, done_by_line = 1 WHERE drop_seq = ? AND done_by_seq IS NULL',
  );
  const unreadAmong = db.prepare(
    'SELECT seq FROM drops WHERE seq IN (SELECT value FROM json_each(?)) AND failure IS NOT NULL',
  );
  const doings = db.prepare(
    `SELECT DISTINCT d.name, r.done_by_line AS line, d.claimed_at_ms AS claimedAtMs
     FROM rows r JOIN drops d ON d.seq = r.done_by_seq WHERE r.drop_seq = ? AND r.line = ? ORDER BY d.seq, line`,
  );
  const isAnyLeft = db.prepare(`SELECT 1 WHERE ${anyFailedLeft('?1')}`);

  /** Each that is due may be due by more than its own rows: it may be an earlier file, read again. */
  function markAllDue(seqs: Iterable<number>): void {
    for (const seq of new Set(seqs)) if (moves.markDue(seq)) doUnreadBefore(seq);
  }

  /** A drop that could not be read, and its last reading has no failed row that is not done. */
  function doUnreadBefore(seq: number): void {
    const earlier = rereadBy({ seq });
    if (earlier.length === 0 || isAnyLeft.get(seq) !== undefined) return;
    const unread = unreadAmong.all(JSON.stringify(earlier)).map((each) => Number(each.seq));
    markAllDue(unread.filter((each) => doUnread.run(seq, each).changes > 0));
  }

  function doRecords(drop: Drop, afterLine: number, toLine: number): void {
    inTransaction(db, () =>
      markAllDue(doEarlier.all(drop.seq, afterLine, toLine).map(({ seq }) => Number(seq))),
    );
  }

  function doSameOrder(drop: Drop, afterLine: number, toLine: number): void {
    const found = sameOrder
      .all(drop.seq, afterLine, toLine, drop.store)
      .filter(
        ({ failedNumber, doneNumber, ...items }) =>
          trackingKey(String(failedNumber)) === trackingKey(String(doneNumber)) && isSameItem(items),
      )
      .filter(isOnlyOrAsMany);
    if (found.length === 0) return;
    inTransaction(db, () => {
      for (const { seq, line, part, doneLine } of found)
        doOne.run(drop.seq, Number(doneLine), Number(seq), Number(line), Number(part));
      const earlier = found.flatMap(({ seq, line, doneLine }) =>
        doEarlierThanDone.all(drop.seq, Number(doneLine), Number(seq), Number(line)),
      );
      markAllDue([...found, ...earlier].map(({ seq }) => Number(seq)));
    });
  }

  function doSameBytes(drop: Drop): void {
    const seqs = unread.all(drop.seq).map(({ seq }) => Number(seq));
    if (seqs.length === 0 || isAllDone.get(drop.seq) === undefined) return;
    inTransaction(db, () => {
      markAllDue(seqs.filter((seq) => doUnread.run(drop.seq, seq).changes > 0));
    });
  }

  return {
    /**
     * Marks what the drop has done of earlier ones, a page at a time, so that other work gets a turn in between. To be
     * called when each of its rows has its outcome, and again, to no effect, when it was cut off.
     */
    *markInPages(drop: Drop): Generator<void> {
      // A later drop that was sooner put away has done what had failed by then; more may have failed since.
      moves.unmarkDue(drop.seq);
      if (anyFailed.get(drop.seq) === undefined) return;
      const isAnyLine = anyBeginning.get(drop.seq) !== undefined;
      for (const [lines, work] of [
        [isAnyLine ? linesOf : returnedLines, doRecords],
        [linesOf, doSameOrder],
      ] as const) {
        for (let after = 0; ; yield) {
          const page = lines.all(drop.seq, after);
          const to = Number(page.at(-1)?.line ?? after);
          if (to > after) work(drop, after, to);
          if (page.length < RECORDS_AT_A_TIME) break;
          after = to;
        }
      }
      doSameBytes(drop);
      inTransaction(db, () => doUnreadBefore(drop.seq));
    },
    due: moves.due,
    choose: moves.choose,
    markMoved: moves.markMoved,
    /** By what the failed rows of a record are done, as far as the ledger still knows; in the order of the claims. */
    doingsOf: (drop: Drop, line: number): Doing[] => doings.all(drop.seq, line) as unknown as Doing[],
  };
}

/**
 * A number of which one row stands says nothing of what another row names besides: it may lie in the warehouse still. A row
 * that says that nothing of its item is in the parcel names nothing, and does nothing of that item.
 */
function isSameItem({ failedSku, failedQuantity, doneSku, doneQuantity }: Record<string, unknown>): boolean {
  if (failedSku === null || failedQuantity === 0) return true;
  return (
    doneSku !== null && doneQuantity !== 0 && skuLooksKey(String(failedSku)) === skuLooksKey(String(doneSku))
  );
}

/**
 * Another quantity of the item is a correction of the row, unless the failed file names the item of the parcel more than once:
 * then nobody can tell which of its rows was corrected, and which was left out.
 */
function isOnlyOrAsMany(
  { seq, line, part, failedNumber, failedSku, failedQuantity, doneQuantity }: Record<string, unknown>,
  _: number,
  found: readonly Record<string, unknown>[],
): boolean {
  if (failedSku === null || failedQuantity === 0 || failedQuantity === doneQuantity) return true;
  return !found.some(
    (other) =>
      other.seq === seq &&
      (other.line !== line || other.part !== part) &&
      trackingKey(String(other.failedNumber)) === trackingKey(String(failedNumber)) &&
      skuLooksKey(String(other.failedSku)) === skuLooksKey(String(failedSku)),
  );
}

/** See `openRedone`. */
export type Redone = ReturnType<typeof openRedone>;
