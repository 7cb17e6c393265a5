import type { DatabaseSync } from 'node:sqlite';
import { NOTICE_KINDS, type Notice, type NoticeKey, type NoticeKind } from '../domain/notice.ts';
import { readOnly } from './existing.ts';
import { type TakenAwayDrop, takenAwaySince } from './taken-away.ts';
import { prepareChange } from './transaction.ts';

/** The table of what is wrong at the moment. */
export interface Notices {
  /** Once more it has the latest message, and since when stays. */
  say(notice: Notice): void;
  clear(key: NoticeKey): void;
  clearAll(): void;
}

/** The notices, for the one who writes the ledger. `readNotices` is for all others. */
export function openNotices(db: DatabaseSync): Notices {
  const say = prepareChange(
    db,
    `INSERT INTO notices (kind, inbox, name, message, since_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, inbox, name) DO UPDATE SET message = excluded.message`,
  );
  const clear = prepareChange(db, 'DELETE FROM notices WHERE kind = ? AND inbox = ? AND name = ?');
  const clearAll = prepareChange(db, 'DELETE FROM notices');
  return {
    say: ({ kind, inbox, name, message, sinceMs }) =>
      void say.run(kind, inbox, name, message, Math.round(sinceMs)),
    clear: ({ kind, inbox, name }) => void clear.run(kind, inbox, name),
    clearAll: () => void clearAll.run(),
  };
}

/** Those of one kind in a ledger. */
export interface NoticesOfKind {
  readonly kind: NoticeKind;
  /** All there are. */
  readonly count: number;
  /** The newest, newest first: `most` of them at most. */
  readonly newest: readonly Notice[];
}

/** So long a drop is told of whose file was taken away, unless a file of its name comes sooner: 7 days. */
const TAKEN_TOLD_MS = 7 * 24 * 60 * 60_000;

/**
 * By kind, the gravest first; kinds of which there are none are left out. Drops whose file was taken away are told by what is
 * on record of them: nobody has to be there to say it, or to take it back. Otherwise as `readOnly`.
 */
export function readNotices(ledgerFile: string, most: number, nowMs: number): NoticesOfKind[] | undefined {
  return readOnly(ledgerFile, 'notices', (db) => {
    const counted = db.prepare('SELECT count(*) AS n FROM notices WHERE kind = ?');
    const newest = db.prepare(
      'SELECT * FROM notices WHERE kind = ? ORDER BY since_ms DESC, inbox, name LIMIT ?',
    );
    return NOTICE_KINDS.flatMap((kind): NoticesOfKind[] => {
      if (kind === 'drop-taken') {
        const taken = takenAwaySince(db, nowMs - TAKEN_TOLD_MS);
        const told = taken.slice(0, most).map(takenInWords);
        return taken.length === 0 ? [] : [{ kind, count: taken.length, newest: told }];
      }
      const count = Number(counted.get(kind)?.n);
      return count === 0 ? [] : [{ kind, count, newest: newest.all(kind, most).map(noticeOf) }];
    });
  });
}

function takenInWords({ inbox, path, endedAtMs, rows, gaveUp }: TakenAwayDrop): Notice {
  const left =
    gaveUp === 0
      ? 'all its rows had their outcome by then'
      : `${gaveUp} of its ${rows === 1 ? '1 row' : `${rows} rows`} gave up; drop the file again to have them done`;
  const message = `${left}; trackdrop find tells of each order`;
  return { kind: 'drop-taken', inbox, name: path, message, sinceMs: endedAtMs };
}

function noticeOf(row: Record<string, unknown>): Notice {
  return {
    kind: row.kind as NoticeKind,
    inbox: String(row.inbox),
    name: String(row.name),
    message: String(row.message),
    sinceMs: Number(row.since_ms),
  };
}
