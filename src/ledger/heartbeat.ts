import type { DatabaseSync } from 'node:sqlite';
import { StoppedError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';
import { readOnly } from './read-only.ts';

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
  return readOnly(ledgerFile, 'heartbeat', (db) => {
    const beat = db
      .prepare('SELECT pid, host, at_ms AS atMs, active_drops AS activeDrops FROM heartbeat')
      .get();
    return beat && { ...(beat as unknown as Heartbeat) };
  });
}

/** Young enough for a health check that allows 30 s, with a few beats to spare. */
const BEAT_EVERY_MS = 5_000;

/**
 * Gives a sign of life now and every 5 s until disposed of. It comes from the same event loop as the work: a
 * daemon that hangs falls silent. A beat that fails is not the last one: `onFailure` hears of the first of a run
 * of failures, and again only after a beat that went well.
 */
export function startHeartbeat(
  beat: (atMs: number) => void,
  clock: Clock,
  onFailure: (error: unknown) => void,
): Disposable {
  const stop = new AbortController();
  const run = async () => {
    for (let isFailing = false; ; ) {
      try {
        beat(clock.wallMs());
        isFailing = false;
      } catch (error) {
        if (!isFailing) onFailure(error);
        isFailing = true;
      }
      await clock.sleep(BEAT_EVERY_MS, stop.signal);
    }
  };
  run().catch((error: unknown) => {
    if (!(error instanceof StoppedError)) onFailure(error);
  });
  return { [Symbol.dispose]: () => stop.abort() };
}
