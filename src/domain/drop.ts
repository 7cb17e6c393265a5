import type { OutcomeCounts } from './outcome.ts';

/**
 * The life of a drop:
 *
 *     claimed -> ready -> settling -> settled
 *        ^---------'  (the file changed after the claim: read again)
 *
 * - `claimed`: ours; its rows are not, or not all, in the ledger.
 * - `ready`: every record is in the ledger; rows are being looked up and pushed.
 * - `settling`: every row has its outcome; report, retry file and move are under way.
 * - `settled`: its files lie in `processed/` or `failed/`.
 */
export type DropState = 'claimed' | 'ready' | 'settling' | 'settled';

/** A file from the moment it is claimed. */
export interface Drop {
  /** Position in the order of claims; grows, never used twice in one ledger. */
  readonly seq: number;
  /** Names the folder in `working/`; letters, digits and `-` only. */
  readonly id: string;
  readonly inbox: string;
  /** The name under which the file lay in the inbox. */
  readonly name: string;
  readonly state: DropState;
  readonly claimedAtMs: number;
  /** Why the file as a whole could not be read, in words for a person; null where it could. */
  readonly failure: string | null;
  readonly counts: OutcomeCounts;
  /** The name that the settled files share, once it is chosen (the drop's, or with a suffix). */
  readonly settledAs: string | null;
  /** The folder of the settled file, once it is chosen. */
  readonly settledIn: string | null;
}
