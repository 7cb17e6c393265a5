import type { DatabaseSync } from 'node:sqlite';
import { NOTICE_KINDS, type Notice, type NoticeKey, type NoticeKind } from '../domain/notice.ts';
import { readOnly } from './existing.ts';
import { prepareChange } from './transaction.ts';

/** The table of what is wrong at the moment. */
export interface Notices {
  /** Once more it has the latest message, and since when stays. */
  say(notice: Notice): void;
  clear(key: NoticeKey): void;
  clearAll(): void;
}

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

/** By kind, the gravest first; kinds of which there are none are left out. Otherwise as `readOnly`. */
export function readNotices(ledgerFile: string, most: number): NoticesOfKind[] | undefined {
  return readOnly(ledgerFile, 'notices', (db) => {
    const counted = db.prepare('SELECT count(*) AS n FROM notices WHERE kind = ?');
    const newest = db.prepare(
      'SELECT * FROM notices WHERE kind = ? ORDER BY since_ms DESC, inbox, name LIMIT ?',
    );
    return NOTICE_KINDS.flatMap((kind) => {
      const count = Number(counted.get(kind)?.n);
      return count === 0 ? [] : [{ kind, count, newest: newest.all(kind, most).map(noticeOf) }];
    });
  });
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
