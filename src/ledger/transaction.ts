import type {
  DatabaseSync,
  SQLInputValue,
  SQLOutputValue,
  StatementResultingChanges,
  StatementSync,
} from 'node:sqlite';

/**
 * Runs `work` in one transaction: all of it is kept, or nothing. Not reentrant.
 * @throws what the connection's guard throws; see `guardTransactions`.
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  const { begin, commit } = boundsOf(db);
  begin.run();
  try {
    guards.get(db)?.();
    const result = work();
    commit.run();
    return result;
  } catch (error) {
    // SQLite takes some of them back by itself, such as one that finds the disk full; a second time would throw
    // in the place of the cause.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * From now on `guard` is asked in each transaction of the connection, before anything is changed there: the lock is held by
 * then, so that what it finds still holds when the transaction is committed. What it throws ends that.
 */
export function guardTransactions(db: DatabaseSync, guard: () => void): void {
  guards.set(db, guard);
}

/** A statement that changes the ledger. */
interface Change {
  run(...values: readonly SQLInputValue[]): StatementResultingChanges;
  /** With what it returns of the rows that it changed. */
  all(...values: readonly SQLInputValue[]): Record<string, SQLOutputValue>[];
}

/** Outside of a transaction it runs in one of its own: by itself it would be kept without the guard being asked. */
export function prepareChange(db: DatabaseSync, sql: string): Change {
  const statement = db.prepare(sql);
  return {
    run: (...values) =>
      db.isTransaction ? statement.run(...values) : inTransaction(db, () => statement.run(...values)),
    all: (...values) =>
      db.isTransaction ? statement.all(...values) : inTransaction(db, () => statement.all(...values)),
  };
}

const guards = new WeakMap<DatabaseSync, () => void>();
/** Prepared once: each write of a drop needs them. */
const bounds = new WeakMap<DatabaseSync, Readonly<Record<'begin' | 'commit', StatementSync>>>();

function boundsOf(db: DatabaseSync): Readonly<Record<'begin' | 'commit', StatementSync>> {
  const known = bounds.get(db);
  if (known) return known;
  const prepared = { begin: db.prepare('BEGIN IMMEDIATE'), commit: db.prepare('COMMIT') };
  bounds.set(db, prepared);
  return prepared;
}
