import type { DatabaseSync } from 'node:sqlite';
import { StoppedError } from '../domain/failure.ts';
import { BEAT_EVERY_MS, type LastBeat } from '../domain/lease.ts';
import type { StoreStanding } from '../domain/store-standing.ts';
import type { Clock } from '../runtime/clock.ts';
import { readOnly } from './existing.ts';

/** What a daemon is at work on. */
export interface SignOfLife {
  readonly activeDrops: number;
  /** Empty where a program wrote it that did not tell. */
  readonly stores: readonly StoreStanding[];
}

/** The last sign of life of the daemon that writes the ledger. */
export interface Heartbeat extends LastBeat, SignOfLife {}

/** Writes the sign of life, whoever gave the one before; see `Lease`. */
export function writeHeartbeat(db: DatabaseSync, beat: Heartbeat): void {
  db.prepare(
    `INSERT OR REPLACE INTO heartbeat (one, pid, host, instance, boot, at_ms, active_drops, stores)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    beat.pid,
    beat.host,
    beat.instance,
    beat.boot,
    beat.atMs,
    beat.activeDrops,
    JSON.stringify(beat.stores),
  );
}

/** Reads it from another process; undefined where no daemon has ever run on this ledger. */
export function readHeartbeat(ledgerFile: string): Heartbeat | undefined {
  return readOnly(ledgerFile, 'heartbeat', (db) => {
    // Every column there is: a ledger that an older program writes has fewer.
    const row = db.prepare('SELECT * FROM heartbeat').get();
    return (
      row && {
        pid: Number(row.pid),
        host: String(row.host),
        instance: String(row.instance ?? ''),
        boot: String(row.boot ?? ''),
        atMs: Number(row.at_ms),
        activeDrops: Number(row.active_drops),
        stores: row.stores === undefined ? [] : standingsIn(String(row.stores)),
      }
    );
  });
}

/** An older program tells otherwise which writes fail, or not at all: then nothing of them is known. */
function standingsIn(json: string): StoreStanding[] {
  const standings = JSON.parse(json) as StoreStanding[];
  return standings.map((each) => (Array.isArray(each.failingWrites) ? each : { ...each, failingWrites: [] }));
}

/**
 * Gives a sign of life now and every 5 s until disposed of. It comes from the same event loop as the work: a
 * daemon that hangs falls silent. A beat that fails is not the last one: `onFailure` hears of the first of a run
 * of failures, and again only after a beat that went well.
 */
export function startHeartbeat(
  beat: () => Promise<void>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): Disposable {
  const stop = new AbortController();
  const run = async () => {
    for (let isFailing = false; ; ) {
      try {
        await beat();
        isFailing = false;
      } catch (error) {
        if (stop.signal.aborted) throw new StoppedError();
        // StoppedError: the work was asked to stop while this waited for the ledger, and disposes of this at its end.
        const isBeside = isFailing || error instanceof StoppedError;
        if (!isBeside) onFailure(error);
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
