import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { openInheritFiles } from './came-by.ts';
import { listedOf } from './outcomes-in-sql.ts';
import { inTransaction, prepareChange } from './transaction.ts';

/** A record with a row that waits, where it stands in its file; bytes as in FileRecord. */
interface WaitingRecord {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
}

/** Where a waiting record stands in the file of its own that it is copied into. */
interface CopiedRecord extends WaitingRecord {
  readonly originalLine: number;
}

/** A file of waiting rows that is whole, and not in its folder yet. */
export interface WaitingFile {
  readonly name: string;
  readonly bytes: number;
  /** See Drop. */
  readonly layout: string;
}

/** How a drop is left until its next look. */
export interface Rest {
  readonly sinceMs: number;
  readonly nextLookAtMs: number;
  /** See Drop. */
  readonly layout: string;
  /** Device and inode of the folder in which its file was seen last; null where it never was. */
  readonly restsIn: string | null;
}

/** A drop whose file lies in `waiting/`. */
interface Resting {
  readonly seq: number;
  readonly id: string;
  readonly name: string;
}

const FAILED = listedOf('failed');
/** Some 5 ms of work; other work gets a turn between two pages. */
const ROWS_AT_A_TIME = 1_000;

/** Drops whose rows wait for what heals by itself, and how rows come to wait in one. */
export function openWaitingDrops(db: DatabaseSync) {
  const inheritFiles = openInheritFiles(db);
  const insert = prepareChange(
    db,
    `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms, waiting_since_ms)
     VALUES (?, ?, ?, ?, 'claimed', 0, ?, ?)`,
  );
  const page = db.prepare(
    `SELECT line, part, start_byte AS startByte, end_byte AS endByte, outcome = 'waiting' AS isWaiting FROM rows
     WHERE drop_seq = ? AND (line, part) > (?, ?) ORDER BY line, part LIMIT ${ROWS_AT_A_TIME}`,
  );
  // The first part has the fields for all, and need not be one of those that wait.
  const copy = prepareChange(
    db,
    `INSERT INTO rows (drop_seq, line, part, start_byte, end_byte, fields, order_key, order_number, tracking_number,
       carrier_code, title, sku, quantity, note, shipment_number, store_view, source, link, outcome, message, order_id)
     SELECT ?1, ?2, row_number() OVER (ORDER BY part) - 1, ?3, ?4,
       CASE row_number() OVER (ORDER BY part) WHEN 1 THEN (
         SELECT fields FROM rows WHERE drop_seq = ?5 AND line = ?6 AND part = 0) END,
       order_key, order_number, tracking_number, carrier_code, title, sku, quantity, note, shipment_number, store_view,
       source, link, outcome, message, order_id
     FROM rows WHERE drop_seq = ?5 AND line = ?6 AND outcome = 'waiting'`,
  );
  // Not of a record with a failed row: that one is not done when those that wait are.
  const origin = prepareChange(
    db,
    `INSERT INTO origins (drop_seq, line, origin_seq, origin_line) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (
       SELECT 1 FROM rows WHERE drop_seq = ?3 AND line = ?4 AND outcome IN ${FAILED})`,
  );
  const part = prepareChange(db, `UPDATE drops SET state = 'settling', waits_as = ? WHERE seq = ?`);
  const begin = prepareChange(
    db,
    `UPDATE drops SET state = 'waiting', name = ?, bytes = ?, layout = ? WHERE seq = ?`,
  );
  const rename = prepareChange(db, 'UPDATE drops SET name = ? WHERE seq = ?');
  const rest = prepareChange(
    db,
    `UPDATE drops SET state = 'waiting', waiting_since_ms = ?, next_look_at_ms = ?, layout = ?, rests_in = ? WHERE seq = ?`,
  );
  const postpone = prepareChange(db, 'UPDATE drops SET next_look_at_ms = ? WHERE seq = ?');
  const reopen = prepareChange(
    db,
    `UPDATE rows SET outcome = NULL, message = NULL
     WHERE drop_seq = ? AND outcome = 'waiting' AND (line, part) > (?, ?) AND (line, part) <= (?, ?)`,
  );
  const ready = prepareChange(db, `UPDATE drops SET state = 'ready' WHERE seq = ?`);
  const next = db.prepare(
    `SELECT id FROM drops INDEXED BY drops_unsettled
     WHERE state <> 'settled' AND state = 'waiting' AND inbox IN (SELECT value FROM json_each(?)) AND next_look_at_ms IS NOT NULL AND is_set_aside = 0
     ORDER BY next_look_at_ms, seq LIMIT 1`,
  );
  const restsInOf = db.prepare('SELECT rests_in FROM drops WHERE seq = ?');
  const resting = db.prepare(
    `SELECT seq, id, name FROM drops INDEXED BY drops_unsettled
     WHERE state <> 'settled' AND state = 'waiting' AND inbox = ? AND next_look_at_ms IS NOT NULL AND is_set_aside = 0`,
  );
  const bearer = db.prepare(
    `SELECT 1 FROM drops WHERE state <> 'settled' AND waiting_since_ms IS NOT NULL AND inbox = ? AND name = ?
       AND id <> ?`,
  );
  const parent = db.prepare(`SELECT 1 FROM drops WHERE waits_as = ? AND state <> 'settled'`);
  const wasRead = `r.state <> 'claimed' AND r.layout IS NOT NULL AND r.failure IS NULL`;
  const readAgain = db.prepare(
    `SELECT 1 FROM drops p CROSS JOIN beginnings b CROSS JOIN drops r
     WHERE p.waits_as = ? AND b.earlier_seq = p.seq AND r.seq = b.drop_seq AND ${wasRead} LIMIT 1`,
  );
  const endRows = prepareChange(
    db,
    `UPDATE rows SET outcome = 'waiting', message = ?
     WHERE drop_seq = ? AND (outcome IS NULL OR outcome = 'waiting')`,
  );
  // Its failed rows may be done, and then it was to move; it has no files that could.
  const end = prepareChange(
    db,
    `UPDATE drops SET state = 'settled', settled_at_ms = ?, settled_in = ?, settled_as = ?, moves_in = NULL, moves_as = NULL
     WHERE seq = ?`,
  );

  type PageRow = WaitingRecord & { readonly part: number; readonly isWaiting: number | null };
  function* pagesOf(drop: Drop): Generator<readonly PageRow[]> {
    for (let line = 0, part = 0; ; ) {
      const rows = page.all(drop.seq, line, part) as unknown as readonly PageRow[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      ({ line, part } = last);
    }
  }

  return {
    /**
     * Enters the drop that the waiting rows of another one are to become. Like a claim it is forgotten at the next
     * start where it does not come to `part`.
     */
    enter({ seq, inbox, store, name, claimedAtMs }: Drop, id: string): void {
      inTransaction(db, () => {
        const { lastInsertRowid } = insert.run(id, inbox, store, name, claimedAtMs, claimedAtMs);
        inheritFiles(lastInsertRowid, seq);
      });
    },
    /** Records with a row that waits, in the order of the file, each once; read a page at a time. */
    *records(drop: Drop): Generator<readonly WaitingRecord[]> {
      let lastLine = 0;
      for (const rows of pagesOf(drop)) {
        const found: WaitingRecord[] = [];
        for (const { line, startByte, endByte, isWaiting } of rows) {
          if (isWaiting !== 1 || line === lastLine) continue;
          found.push({ line, startByte, endByte });
          lastLine = line;
        }
        yield found;
      }
    },
    /** Copies the waiting rows of these records, with what is known of them so far. */
    copy(from: Drop, to: Drop, records: readonly CopiedRecord[]): void {
      inTransaction(db, () => {
        for (const { line, startByte, endByte, originalLine } of records) {
          copy.run(to.seq, line, startByte, endByte, from.seq, originalLine);
          origin.run(to.seq, line, from.seq, originalLine);
        }
      });
    },
    /** From here on the waiting rows of `from` are those of `to`, whose file comes next; both or nothing. */
    part(from: Drop, to: Drop, { name, bytes, layout }: WaitingFile): void {
      inTransaction(db, () => {
        begin.run(name, bytes, layout, to.seq);
        part.run(to.id, from.seq);
      });
    },
    /** The name was taken before the file came to bear it. */
    rename: (drop: Drop, name: string): void => void rename.run(name, drop.seq),
    /** Another drop waits, or is about to, under that name. */
    isNameTaken: ({ inbox, id }: Drop, name: string): boolean => bearer.get(inbox, name, id) !== undefined,
    /** Its file lies in `waiting/`; it is left there until the next look. */
    rest(drop: Drop, { sinceMs, nextLookAtMs, layout, restsIn }: Rest): void {
      rest.run(sinceMs, nextLookAtMs, layout, restsIn, drop.seq);
    },
    /** See Rest. */
    restsIn(drop: Drop): string | null {
      const { rests_in: restsIn = null } = restsInOf.get(drop.seq) ?? {};
      return restsIn === null ? null : String(restsIn);
    },
    /** Drops of an inbox whose files lie in `waiting/`, none of them being looked at. */
    resting: (inbox: string): readonly Resting[] => resting.all(inbox) as unknown as readonly Resting[],
    postpone: (drop: Drop, nextLookAtMs: number): void => void postpone.run(nextLookAtMs, drop.seq),
    /** The id of the drop of some inboxes whose next look comes first. */
    nextOf(inboxes: readonly string[]): string | undefined {
      const id = next.get(JSON.stringify(inboxes))?.id;
      return id === undefined ? undefined : String(id);
    },
    /** Takes the outcome of every waiting row back, a page at a time; the drop is `ready` after the last. */
    *reopenInPages(drop: Drop): Generator<void> {
      let before = { line: 0, part: 0 };
      for (const rows of pagesOf(drop)) {
        const last = rows.at(-1) ?? before;
        reopen.run(drop.seq, before.line, before.part, last.line, last.part);
        before = last;
        yield;
      }
      ready.run(drop.seq);
    },
    /** Some drop's waiting rows became this one, and that drop is not put away yet. */
    hasParent: (drop: Drop): boolean => parent.get(drop.id) !== undefined,
    /**
     * The bytes that its rows came from were read again as the beginning of more: their writer had gone on with them, or sent
     * them again. A file that was written anew, and may not have these rows, is none.
     */
    isReadAgain: (drop: Drop): boolean => readAgain.get(drop.id) !== undefined,
    /**
     * Rows without another outcome end as `waiting` for good, and nobody looks at the drop again. `found` is where its files
     * were put away, unknown to this ledger.
     */
    end(
      drop: Drop,
      message: string,
      atMs: number,
      found?: { readonly folder: string; readonly file: string },
    ): void {
      inTransaction(db, () => {
        endRows.run(message, drop.seq);
        end.run(atMs, found?.folder ?? null, found?.file ?? null, drop.seq);
      });
    },
  };
}

/** See `openWaitingDrops`. */
export type WaitingDrops = ReturnType<typeof openWaitingDrops>;
