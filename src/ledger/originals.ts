import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { OUTCOMES, outcomeClass } from '../domain/outcome.ts';
import { forgetPages } from './forget-pages.ts';
import { inTransaction, prepareChange } from './transaction.ts';

/** A settled drop of which a report or a retry file may come back. */
export interface SettledDrop {
  readonly seq: number;
  /** See Drop. */
  readonly settledAs: string;
  /** The name of the file that its waiting rows went into; null where it had none. */
  readonly waitedAs: string | null;
  readonly layout: string;
}

/** A drop that a report names. */
type NamedDrop = Pick<Drop, 'seq' | 'name' | 'store' | 'layout'>;

/** A record as its file had it. */
export interface OriginalRecord {
  readonly dropSeq: number;
  readonly line: number;
  readonly fields: readonly string[];
}

/** Which record of which earlier drop one that came back was. */
export interface Origin {
  readonly line: number;
  readonly original: OriginalRecord;
}

const DROPS_AT_A_TIME = 100;
/** Nobody corrects a row more often. */
const RETURNS_AT_MOST = 20;
const NOT_DONE = JSON.stringify(OUTCOMES.filter((outcome) => outcomeClass(outcome) !== 'done'));

/** The records of settled drops, for those of them that are dropped again. */
export function openOriginals(db: DatabaseSync) {
  const settled = db.prepare(
    `SELECT seq, settled_as AS settledAs, layout,
       (SELECT w.name FROM drops w WHERE w.id = drops.waits_as) AS waitedAs
     FROM drops
     WHERE inbox = ? AND seq < ? AND state = 'settled' AND settled_as IS NOT NULL AND layout IS NOT NULL
     ORDER BY seq DESC LIMIT ${DROPS_AT_A_TIME}`,
  );
  const byId = db.prepare('SELECT seq, name, store, layout FROM drops WHERE id = ?');
  const record = db.prepare(
    `SELECT drop_seq AS dropSeq, line, fields FROM rows
     WHERE drop_seq = ? AND line = ? AND part = 0 AND fields IS NOT NULL`,
  );
  // The first part has the fields, and any of them may be the one that is not done.
  const notDone = db.prepare(
    `SELECT r.drop_seq AS dropSeq, r.line, r.fields FROM rows r
     WHERE r.drop_seq = ? AND r.line > ? AND r.part = 0 AND r.fields IS NOT NULL AND EXISTS (
       SELECT 1 FROM rows p WHERE p.drop_seq = r.drop_seq AND p.line = r.line
         AND p.outcome IN (SELECT value FROM json_each('${NOT_DONE}'))
     ) ORDER BY r.line LIMIT ?`,
  );
  const insert = prepareChange(
    db,
    'INSERT INTO origins (drop_seq, line, origin_seq, origin_line) VALUES (?, ?, ?, ?)',
  );
  const layout = db.prepare('SELECT layout FROM drops WHERE seq = ?');
  const originOf = db.prepare(
    `SELECT o.origin_seq AS dropSeq, o.origin_line AS line, r.fields FROM origins o
     JOIN rows r ON r.drop_seq = o.origin_seq AND r.line = o.origin_line AND r.part = 0
     WHERE o.drop_seq = ? AND o.line = ? AND r.fields IS NOT NULL`,
  );
  const returnsOf = db.prepare(
    `SELECT o.drop_seq AS dropSeq, o.line, r.fields FROM origins o
     JOIN rows r ON r.drop_seq = o.drop_seq AND r.line = o.line AND r.part = 0
     WHERE o.origin_seq = ? AND o.origin_line = ? AND o.drop_seq < ? AND r.fields IS NOT NULL
     ORDER BY o.drop_seq DESC LIMIT ${RETURNS_AT_MOST}`,
  );

  return {
    /** Drops of an inbox that were claimed before `seq`, read and settled; the latest first. */
    *settledBefore(inbox: string, seq: number): Generator<SettledDrop> {
      for (let before = seq; ; ) {
        const page = settled.all(inbox, before) as unknown as SettledDrop[];
        yield* page;
        if (page.length < DROPS_AT_A_TIME) return;
        before = page.at(-1)?.seq ?? 0;
      }
    },
    /** The drop of that id, of whatever inbox and store; undefined where the ledger does not know it. */
    dropCalled: (id: string): NamedDrop | undefined => byId.get(id) as NamedDrop | undefined,
    /** See Drop; null where the drop is not there any more, or could not be read. */
    layoutOf(dropSeq: number): string | null {
      const kept = layout.get(dropSeq)?.layout;
      return typeof kept === 'string' ? kept : null;
    },
    /** The record that starts on the line; undefined where there is none, or none that could be parsed. */
    record(dropSeq: number, line: number): OriginalRecord | undefined {
      const row = record.get(dropSeq, line);
      return row && recordOf(row);
    },
    /** At most `limit` records after a line of which at least one row failed or waited, in the order of the file. */
    notDoneAfter: (dropSeq: number, afterLine: number, limit: number): OriginalRecord[] =>
      notDone.all(dropSeq, afterLine, limit).map(recordOf),
    /** Keeps which records those of a drop were, for when its own report comes back. */
    keep(dropSeq: number, origins: readonly Origin[]): void {
      if (origins.length === 0) return;
      inTransaction(db, () => {
        for (const { line, original } of origins) insert.run(dropSeq, line, original.dropSeq, original.line);
      });
    },
    /** The record that one was before it was dropped again; undefined where it is not known. */
    originOf(dropSeq: number, line: number): OriginalRecord | undefined {
      const row = originOf.get(dropSeq, line);
      return row && recordOf(row);
    },
    /** What a record was each time that it came back, in drops before `seq`; the latest first. */
    returnsOf: ({ dropSeq, line }: OriginalRecord, seq: number): OriginalRecord[] =>
      returnsOf.all(dropSeq, line, seq).map(recordOf),
    /** Forgets what `keep` kept, before the drop is read again; see `forgetPages`. */
    forgetInPages: forgetPages(db, 'origins'),
  };
}

function recordOf({ dropSeq, line, fields }: Record<string, unknown>): OriginalRecord {
  return { dropSeq: Number(dropSeq), line: Number(line), fields: JSON.parse(String(fields)) };
}

/** See `openOriginals`. */
export type Originals = ReturnType<typeof openOriginals>;
