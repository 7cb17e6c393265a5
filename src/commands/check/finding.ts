import type { Facts } from '../../domain/failure.ts';

/**
 * - `ok`: it is as it must be.
 * - `warning`: Trackdrop works, and somebody should know.
 * - `problem`: Trackdrop cannot do its work until somebody acts.
 * - `skipped`: nobody looked; the message says why.
 */
export type Result = 'ok' | 'warning' | 'problem' | 'skipped';

/** One thing that was looked at. */
export interface Finding {
  readonly result: Result;
  /** What was looked at, in a word or two. */
  readonly subject: string;
  /** In plain words; no secret. */
  readonly message: string;
  /** What a person can do; absent where nothing is to be done. */
  readonly hint?: string;
  /** For programs. */
  readonly facts?: Facts;
}

/**
 * What was found of one store, one inbox or the ledger; or of a configuration that cannot be used, and then of nothing
 * else.
 */
export interface Section {
  readonly about: 'configuration' | 'store' | 'inbox' | 'ledger';
  readonly name: string;
  /** What `run` does there. */
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** How many findings have this result. */
export function count(sections: readonly Section[], result: Result): number {
  return sections.flatMap(({ findings }) => findings).filter((finding) => finding.result === result).length;
}
