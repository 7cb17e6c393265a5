import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read.ts';
import type { DropState } from '../domain/drop.ts';
import { TrackdropError } from '../domain/failure.ts';
import type { StoreStanding } from '../domain/store-standing.ts';
import type { WaitingCount } from '../ledger/count-waiting.ts';
import type { Heartbeat } from '../ledger/heartbeat.ts';
import type { NoticesOfKind } from '../ledger/notices.ts';
import type { Clock } from '../runtime/clock.ts';
import { printable, printableJson } from '../runtime/printable.ts';
import { zonedTime } from '../runtime/zoned-time.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { noticeLines } from './status/notice-lines.ts';

/**
 * Reads of a ledger that another process may be writing; each undefined where there is no ledger, and throwing
 * TrackdropError `ledger-unusable` where it cannot be read.
 */
interface StatusSources {
  readHeartbeat(ledgerFile: string): Heartbeat | undefined;
  /** Whether a process of this machine has the writer's lock. */
  isWriterLockHeld?(ledgerFile: string): boolean;
  countDrops?(ledgerFile: string): Readonly<Partial<Record<DropState, number>>> | undefined;
  countWaiting?(ledgerFile: string): WaitingCount | undefined;
  /** `most` of each kind, as they are now. */
  readNotices?(ledgerFile: string, most: number, nowMs: number): readonly NoticesOfKind[] | undefined;
}

/** What the command line asks for. */
export interface StatusOptions {
  readonly config: string | undefined;
  /**
   * Only whether the daemon is well: exit code 0 or 1, silent when it is. What a store does has no part in it: whoever
   * asks starts a daemon again that is not well, and no store is mended by that.
   */
  readonly health: boolean;
  readonly json: boolean;
}

/** An older heartbeat means that the daemon hangs or is gone; it beats several times in this time. */
const FRESH_FOR_MS = 30_000;

/** What the heartbeat tells of the daemon. */
interface DaemonHealth {
  readonly health: 'active' | 'stale' | 'none';
  /** Undefined where there is no heartbeat. */
  readonly ageMs: number | undefined;
}

/** `beat` is undefined where there is none. */
export function healthOf(beat: Heartbeat | undefined, clock: Clock): DaemonHealth {
  if (!beat) return { health: 'none', ageMs: undefined };
  // After the clock was set back a heartbeat may lie ahead a little: that is no fault of the daemon.
  const ageMs = Math.abs(clock.wallMs() - beat.atMs);
  return { health: ageMs < FRESH_FOR_MS ? 'active' : 'stale', ageMs };
}

/**
 * Says whether a daemon works on the data folder, what waits, how it stands with its stores, and what is wrong in the
 * folders. Exit code 0 when one does or when the question was not about
 * health, else 1.
 *
 * @throws ConfigError as `readConfig` does; TrackdropError `ledger-unusable`, which for a question about health
 * is an answer: 1.
 */
export async function statusCommand(
  options: StatusOptions,
  shell: Pick<Shell, 'env' | 'cwd' | 'stdout' | 'stderr'>,
  sources: StatusSources,
  clock: Clock,
): Promise<number> {
  const { config } = await readConfig({ file: options.config, env: shell.env, cwd: shell.cwd });
  try {
    return answer(options, shell, sources, clock, config);
  } catch (error) {
    const isAnswer = options.health && error instanceof TrackdropError && error.code === 'ledger-unusable';
    if (!isAnswer) throw error;
    shell.stderr.write(`No daemon can work here: ${error.message}\n`);
    return 1;
  }
}

function answer(
  options: StatusOptions,
  shell: Pick<Shell, 'stdout' | 'stderr'>,
  sources: StatusSources,
  clock: Clock,
  { ledger, timezone }: Pick<Config, 'ledger' | 'timezone'>,
): number {
  const time = zonedTime(timezone);
  const beat = sources.readHeartbeat(ledger);
  const { health, ageMs } = healthOf(beat, clock);
  // A daemon that cannot write gives no sign of life, and is there all the same.
  const isHeld = health !== 'active' && (sources.isWriterLockHeld?.(ledger) ?? false);
  const exitCode = !options.health || health === 'active' ? EXIT.done : 1;
  if (options.json) {
    const found = {
      health,
      ageMs,
      isSilent: isHeld,
      ...forPrograms(beat),
      ...foundIn(ledger, options, sources, clock),
      ledger,
    };
    shell.stdout.write(`${printableJson(found)}\n`);
    return exitCode;
  }
  const line = healthInWords({ health, ageMs }, beat, ledger, isHeld);
  if (options.health) {
    if (health !== 'active') shell.stderr.write(`${line}\n`);
    return exitCode;
  }
  shell.stdout.write(`${line}\n`);
  const { drops, waiting, notices } = foundIn(ledger, options, sources, clock);
  for (const [state, count] of Object.entries(drops ?? {})) {
    shell.stdout.write(`  ${state.padEnd(9)} ${count}\n`);
  }
  if (waiting && waiting.drops > 0) shell.stdout.write(`${waitingInWords(waiting, time)}\n`);
  // Of a daemon that is gone they are old.
  for (const standing of health === 'active' ? (beat?.stores ?? []) : []) {
    for (const each of storeInWords(standing, time)) shell.stdout.write(`${printable(each)}\n`);
  }
  for (const line of noticeLines(notices ?? [], time)) shell.stdout.write(`${line}\n`);
  return exitCode;
}

/** Who holds the lease is told by process and host. */
function forPrograms(beat: Heartbeat | undefined) {
  if (!beat) return {};
  const { pid, host, atMs, activeDrops, stores } = beat;
  return { pid, host, atMs, activeDrops, stores };
}

/** Notices of one kind that are shown; of the others there is the number. */
const MOST_NOTICES = 10;

function foundIn(ledger: string, { health }: StatusOptions, sources: StatusSources, clock: Clock) {
  // Whoever asks about health asks every few seconds, and is told nothing of it.
  if (health) return {};
  return {
    drops: sources.countDrops?.(ledger),
    waiting: sources.countWaiting?.(ledger),
    notices: sources.readNotices?.(ledger, MOST_NOTICES, clock.wallMs()),
  };
}

type TellTime = (atMs: number) => string;

function waitingInWords({ drops, rows, nextLookAtMs }: WaitingCount, time: TellTime): string {
  const next = nextLookAtMs === null ? '' : `; the next look is at ${time(nextLookAtMs)}`;
  return `waiting: ${rows === 1 ? '1 row' : `${rows} rows`} in ${drops === 1 ? '1 file' : `${drops} files`}${next}`;
}

/** One sentence of it. `isHeld`: a process has the writer's lock. */
export function healthInWords(
  { health, ageMs }: DaemonHealth,
  beat: Heartbeat | undefined,
  ledger: string,
  isHeld = false,
): string {
  if (isHeld) {
    const last = ageMs === undefined ? '' : ` for ${Math.round(ageMs / 1000)} s`;
    return `A daemon is there, and has given no sign of life${last}: it cannot write ${ledger}, has just begun, or hangs; its log says which`;
  }
  if (!beat || ageMs === undefined) return `No daemon is active: there is no heartbeat in ${ledger}`;
  const seconds = Math.round(ageMs / 1000);
  const who = `process ${beat.pid} on ${beat.host}`;
  if (health === 'stale') return `No daemon is active: ${who} was last heard of ${seconds} s ago`;
  const files = beat.activeDrops === 1 ? '1 file' : `${beat.activeDrops} files`;
  return `Active: ${who}, heard of ${seconds} s ago, working on ${files}`;
}

/** A line for how it stands with a store, and one for each right that is missing. */
function storeInWords(
  { store, state, sinceMs, why, missingRights, failingWrites }: StoreStanding,
  time: TellTime,
): string[] {
  const since = sinceMs === null ? '' : ` since ${time(sinceMs)}`;
  return [
    `store ${store}: ${STATES[state]}${since}${why && `: ${why}`}`,
    ...missingRights.map(
      (missing) =>
        `store ${store}: ${missing.right} is missing since ${time(missing.sinceMs)}: ${missing.why}`,
    ),
    ...failingWrites.map((failing) => `store ${store}: since ${time(failing.sinceMs)} ${failing.why}`),
  ];
}

const STATES: Readonly<Record<StoreStanding['state'], string>> = {
  up: 'up',
  down: 'down',
  refused: 'refuses the credentials',
};
