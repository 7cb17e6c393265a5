import { closeSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { TrackdropError, UsageError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import { stampOf } from '../runtime/utc.ts';
import { SCHEMA_STEPS, SCHEMA_VERSION } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { dropViews, keepViews } from './views.ts';

/** A ledger of an older program that was brought up to date. */
export interface Migrated {
  readonly fromVersion: number;
  readonly toVersion: number;
  /** The ledger as it was; see `copiesOf`. */
  readonly copy: string;
}

/** What bringing a ledger up to date found. */
export interface Brought {
  /** There was nothing in the file. */
  readonly isNew: boolean;
  /** Null where it was up to date, or new. */
  readonly migrated: Migrated | null;
}

/** Of the copies that migrations leave: to go back by one release, and by one more where that one is bad too. */
const COPIES_KEPT = 2;

/**
 * Takes the steps of the schema that a ledger has not taken, as one transaction. An older ledger is copied before, to
 * `<file>.before-<version>-<time>`, by SQLite itself: the program that wrote it cannot read it any more afterwards.
 * @throws UsageError `ledger-too-new`; TrackdropError `ledger-not-copied`, with nothing changed; what SQLite throws.
 */
export function bringUpToDate(db: DatabaseSync, file: string, clock: Clock): Brought {
  const version = versionOf(db);
  refuseNewer(version, file);
  if (version === SCHEMA_VERSION) {
    keepViews(db);
    return { isNew: false, migrated: null };
  }
  if (version === 0) refuseForeign(db, file);
  const copy = version === 0 ? null : copyBefore(db, file, clock);
  if (copy !== null) passed('ledger.copied');
  inTransaction(db, () => {
    // A table that is made anew takes its old name only where no view is in the way.
    dropViews(db);
    for (const step of SCHEMA_STEPS.slice(version)) db.exec(step);
    const nowMs = clock.wallMs();
    db.prepare(
      `INSERT OR IGNORE INTO ledger_facts (one, begun_at_ms, doubted_at_ms)
       SELECT 1, coalesce(min(claimed_at_ms), ?), ? FROM drops`,
    ).run(nowMs, version === 0 ? nowMs : null);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
  keepViews(db);
  if (copy === null) return { isNew: true, migrated: null };
  passed('ledger.migrated');
  for (const older of copiesOf(file).slice(0, -COPIES_KEPT)) rmSync(older);
  return { isNew: false, migrated: { fromVersion: version, toVersion: SCHEMA_VERSION, copy } };
}

/** Of the schema; 0 in a file that holds none yet. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** @throws UsageError `ledger-too-new` */
export function refuseNewer(version: number, file: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new UsageError(
    'ledger-too-new',
    `the ledger ${file} was written by a newer Trackdrop (schema ${version}, this one knows ${SCHEMA_VERSION})`,
    {
      facts: { file, version, known: SCHEMA_VERSION },
      hint: `Run the newer version again; or put the copy back that it left when it first came (${basename(file)}.before-...); or move the ledger away: Magento knows what stands.`,
    },
  );
}

/**
 * For whoever reads a ledger without bringing it up to date.
 * @throws UsageError `ledger-too-new` or `ledger-too-old`
 */
export function refuseOtherVersion(db: DatabaseSync, file: string): void {
  const version = versionOf(db);
  refuseNewer(version, file);
  if (version === SCHEMA_VERSION) return;
  throw new UsageError('ledger-too-old', `the ledger ${file} is of an older Trackdrop (schema ${version})`, {
    facts: { file, version, known: SCHEMA_VERSION },
    hint: 'Start trackdrop run once: it brings the ledger up to date.',
  });
}

/** Our tables have never stood in a file without a version: these are somebody else's. */
function refuseForeign(db: DatabaseSync, file: string): void {
  const [first] = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1`).all();
  if (first === undefined) return;
  throw new UsageError(
    'ledger-foreign',
    `${file} is the database of another program: it has a table ${first.name}`,
    {
      facts: { file },
      hint: 'Set ledger to a path of its own.',
    },
  );
}

/** Copies of a ledger from before its migrations, the oldest first. */
function copiesOf(file: string): string[] {
  const pattern = /\.before-\d+-(\d{8}T\d{6}Z)$/;
  const timeOf = (name: string) => pattern.exec(name)?.[1] ?? '';
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.before-`) && pattern.test(name))
    .sort((one, other) => timeOf(one).localeCompare(timeOf(other)) || one.localeCompare(other))
    .map((name) => join(dirname(file), name));
}

function copyBefore(db: DatabaseSync, file: string, clock: Clock): string {
  const copy = `${file}.before-${SCHEMA_VERSION}-${stampOf(clock.wallMs())}`;
  try {
    // Not there already, or SQLite could take it for its own: it only refuses one that holds something.
    closeSync(openSync(copy, 'wx', 0o640));
    db.prepare('VACUUM INTO ?').run(copy);
    for (const path of [copy, dirname(copy)]) flush(path);
    return copy;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      rmSync(copy, { force: true });
    throw new TrackdropError(
      'ledger-not-copied',
      `the ledger is of an older Trackdrop, and cannot be copied before it is changed: ${why}`,
      {
        facts: { file, copy },
        hint: `Make room for a second ${basename(file)} beside it; nothing was changed.`,
        cause: error,
      },
    );
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
