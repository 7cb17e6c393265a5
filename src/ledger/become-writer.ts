import { TrackdropError, UsageError } from '../domain/failure.ts';
import { type Holder, type LastBeat, mayFollow } from '../domain/lease.ts';
import type { Clock } from '../runtime/clock.ts';
import { readHeartbeat } from './heartbeat.ts';
import type { Ledger } from './ledger.ts';
import { takeWriterLock } from './lock.ts';
import { asideIfDamaged, type OpeningTold, openOrBegin } from './open-or-begin.ts';
import type { Room } from './room.ts';

/** Who wants to write the ledger, and what becomes of it meanwhile. */
interface WriterParts {
  readonly own: Holder;
  readonly clock: Clock;
  readonly room: Room;
  readonly signal: AbortSignal;
  /** Is refused instead of standing by for a daemon that works. */
  readonly once: boolean;
  /** Told once, with who writes the ledger. */
  readonly onStandby: (holder: string) => void;
  readonly told: OpeningTold;
}

/** The ledger of which this process is the writer, with its lock; both are given back when it is disposed of. */
interface OwnLedger extends Disposable {
  readonly ledger: Ledger;
  /** What ended the work: a ledger that proves to be damaged is set aside before the lock is given back. */
  failed(error: unknown): void;
}

/** How often a daemon that stands by asks whether the active one is gone. */
const ASK_EVERY_MS = 1_000;

/**
 * Waits until no other process writes the ledger, on this machine by the kernel's lock, elsewhere by the beats; then
 * opens it and makes it this process's own.
 * @throws UsageError `another-daemon` with `once`; StoppedError when the signal fires first; see `openOrBegin`.
 */
export async function becomeWriter(ledgerFile: string, parts: WriterParts): Promise<OwnLedger> {
  const { own, clock, room } = parts;
  const standBy = standingBy(ledgerFile, parts);
  for (;;) {
    using held = new DisposableStack();
    const lock = await room.until(() => takeWriterLock(ledgerFile));
    if (!lock) {
      await standBy(lastBeat(ledgerFile));
      continue;
    }
    held.use(lock);
    const aside = held.use(asideIfDamaged(ledgerFile, parts));
    const seen = await untilStill(ledgerFile, standBy, parts);
    const ledger = held.use(await room.until(() => openOrBegin(ledgerFile, parts)));
    if (!(await room.until(() => ledger.lease.take(own, seen, clock)))) {
      // Its beat may be one that could not be read just now: to try again at once could go on for ever.
      await standBy(lastBeat(ledgerFile));
      continue;
    }
    const all = held.move();
    return { ledger, failed: aside.failed, [Symbol.dispose]: () => all.dispose() };
  }
}

type StandBy = (beat: LastBeat | undefined) => Promise<void>;

function standingBy(ledgerFile: string, { once, clock, signal, onStandby }: WriterParts): StandBy {
  let isSaid = false;
  return async (beat) => {
    const holder = beat ? `process ${beat.pid} on ${beat.host}` : 'another process';
    if (once) {
      throw new UsageError('another-daemon', `${holder} is working on this data folder`, {
        facts: { ledger: ledgerFile },
        hint: 'Drop the files into the inbox: the daemon that is active takes them.',
      });
    }
    if (!isSaid) onStandby(holder);
    isSaid = true;
    await clock.sleep(ASK_EVERY_MS, signal);
  };
}

/** Waits, with this machine's lock in hand, for a writer elsewhere to fall silent; returns its last beat. */
async function untilStill(
  ledgerFile: string,
  standBy: StandBy,
  { own, clock }: WriterParts,
): Promise<LastBeat | undefined> {
  let beat = lastBeat(ledgerFile);
  for (let sinceMs = clock.nowMs(); beat; ) {
    if (mayFollow(beat, own, clock.wallMs(), clock.nowMs() - sinceMs)) return beat;
    await standBy(beat);
    const next = lastBeat(ledgerFile);
    if (next?.instance !== beat.instance || next.atMs !== beat.atMs) sinceMs = clock.nowMs();
    beat = next;
  }
  return undefined;
}

/** None of a ledger that cannot be read: to open it tells what is wrong with it. */
function lastBeat(ledgerFile: string): LastBeat | undefined {
  try {
    return readHeartbeat(ledgerFile);
  } catch (error) {
    if (error instanceof TrackdropError && error.code === 'ledger-unusable') return undefined;
    throw error;
  }
}
