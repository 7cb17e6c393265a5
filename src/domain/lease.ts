import { TrackdropError } from './failure.ts';

/** Which process a sign of life is of. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /**
   * Random, of this one process: two containers on one machine may both be process 1. Empty where a program did not
   * tell.
   */
  readonly instance: string;
  /** Of this start of the machine, the same in all its containers; empty where the system does not tell. */
  readonly boot: string;
}

/** The sign of life that another process left. */
export interface LastBeat extends Holder {
  /** Ms of that machine's wall clock. */
  readonly atMs: number;
}

/** Young enough for a health check that allows 30 s, with a few beats to spare. */
export const BEAT_EVERY_MS = 5_000;
/** A writer that gave no sign of life for so long may have been followed by another one. */
export const LEASE_MS = 15_000;
/** Two machines' clocks differ by less; a store refuses signed requests of one that is further out. */
const CLOCKS_APART_MS = 60_000;

/**
 * Whether a beat is of another start of this or another machine, for all that is known. Of a system that does not tell
 * its starts, processes on one host count as of one machine.
 */
function isElsewhere(beat: LastBeat, own: Holder): boolean {
  return beat.boot !== '' && own.boot !== '' ? beat.boot !== own.boot : beat.host !== own.host;
}

/**
 * Whether commits may be missing that the writer of this beat made. A killed process loses none; a machine that lost its power may
 * have, and so may one whose disk was handed on. Where starts cannot be told apart, each may have been one.
 */
export function mayHaveLostCommits(beat: LastBeat, own: Holder): boolean {
  return beat.boot === '' || beat.boot !== own.boot;
}

/**
 * Whether a file that lies in an inbox may have been taken out of it before, by a writer whose last commits were lost at
 * `doubtedAtMs` or before: the disk may have lost the move with them. It has not where it came since, by its ctime, which no
 * uploader sets. A clock that a power cut put back shows by a ctime that is still to come.
 */
export function mayBeTakenBefore(ctimeMs: number, doubtedAtMs: number, nowMs: number): boolean {
  return ctimeMs < doubtedAtMs || ctimeMs > nowMs;
}

/**
 * Whether a process that has this machine's lock may begin. The lock tells all of this machine; a beat from elsewhere
 * must have stood still for the lease. Its age by the clocks alone tells only where it is beyond what clocks differ by: one
 * that lies ahead, or a moment ago, is watched.
 * @param unchangedMs for how long this process has seen this very beat, by its own steady clock
 */
export function mayFollow(beat: LastBeat, own: Holder, wallMs: number, unchangedMs: number): boolean {
  return (
    !isElsewhere(beat, own) || wallMs - beat.atMs >= LEASE_MS + CLOCKS_APART_MS || unchangedMs >= LEASE_MS
  );
}

/** Another process writes the ledger now: this one must not write any more, neither here nor to a store. */
export class LeaseLostError extends TrackdropError {
  constructor(file: string, now: string) {
    super('lease-lost', `the ledger ${file} ${now}; this process stops and writes nothing more`, {
      facts: { file },
      hint: 'It stood still for too long, or the data folder was given to another daemon. Start it again: it then stands by until the other one ends.',
    });
  }
}
