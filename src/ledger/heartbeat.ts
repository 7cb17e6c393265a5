import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** The last sign of life of the daemon that writes the ledger. */
export interface Heartbeat {
  readonly pid: number;
  readonly host: string;
  /** Ms of the wall clock. */
  readonly atMs: number;
  readonly activeDrops: number;
}

/** Writes the sign of life. */
export function writeHeartbeat(db: DatabaseSync, beat: Heartbeat): void {
  db.prepare(
    `INSERT INTO heartbeat (one, pid, host, at_ms, active_drops) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET pid = excluded.pid, host = excluded.host, at_ms = excluded.at_ms,
       active_drops = excluded.active_drops`,
  ).run(beat.pid, beat.host, beat.atMs, beat.activeDrops);
}

/** Reads it from another process; undefined where no daemon has ever run on this ledger. */
export function readHeartbeat(ledgerFile: string): Heartbeat | undefined {
  if (!existsSync(ledgerFile)) return undefined;
  const db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 2_000 });
  try {
    const beat = db
      .prepare('SELECT pid, host, at_ms AS atMs, active_drops AS activeDrops FROM heartbeat')
      .get();
    return beat === undefined
      ? undefined
      : {
          pid: Number(beat.pid),
          host: String(beat.host),
          atMs: Number(beat.atMs),
          activeDrops: Number(beat.activeDrops),
        };
  } finally {
    db.close();
  }
}
