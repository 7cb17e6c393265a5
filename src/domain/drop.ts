/**
 * The life of a drop:
 *
 *     claimed -> ready -> settling -> settled
 *        ^---------'  (the file changed after the claim: read again)
 *
 *     waiting <-> ready -> settling -> settled   (rows of an earlier drop that heal by themselves)
 *
 * - `claimed`: ours; its rows are not, or not all, in the ledger.
 * - `ready`: every record is in the ledger; rows are being looked up and pushed.
 * - `settling`: every row has its outcome; report, retry file and move are under way.
 * - `waiting`: its file lies in `waiting/`, and its rows are looked at again at `nextLookAtMs`.
 * - `settled`: its files lie in `processed/` or `failed/`.
 */
export type DropState = 'claimed' | 'ready' | 'settling' | 'waiting' | 'settled';

/** A file from the moment it is claimed. */
export interface Drop {
  /** Position in the order of claims; grows, never used twice in one ledger. */
  readonly seq: number;
  /** Names the folder in `working/`; digits, lower-case letters and `-` only. */
  readonly id: string;
  readonly inbox: string;
  readonly store: string;
  /** The name under which the file lay in the inbox. */
  readonly name: string;
  readonly state: DropState;
  /** Of the file when it was claimed. */
  readonly bytes: number;
  readonly claimedAtMs: number;
  /** How the file was read (header, encoding), as intake wrote it; null before it was. */
  readonly layout: string | null;
  /** Why the file as a whole could not be read, in words for a person; null where it could. */
  readonly failure: { readonly message: string; readonly line: number } | null;
  /** The name that the settled files share, once it is chosen (the drop's, or with a suffix). */
  readonly settledAs: string | null;
  /** The folder of the settled files, once it is chosen. */
  readonly settledIn: string | null;
  /** Writes of it may have been sent that are on no record, by a process whose last commits were lost. */
  readonly isDoubtful: boolean;
  /** When the file was claimed whose rows wait here, ms of the wall clock; null for a drop of the inbox itself. */
  readonly waitingSinceMs: number | null;
  /** When its rows are looked at again; null until its file lies in `waiting/`. */
  readonly nextLookAtMs: number | null;
  /** The id of the drop that its waiting rows became; null while it has none. */
  readonly waitsAs: string | null;
}

const CHANCES = 36 ** 6;

/**
 * A name for a drop that sorts by time and is its own for all practical purposes, even when the ledger was lost
 * and `working/` still holds older ones: `20261122-062233-k3f9q1`. Where `isTaken`, it is the next one that is free.
 * @param random from 0 to below 1
 */
export function dropId(atMs: number, random: number, isTaken: (id: string) => boolean = () => false): string {
  const [day = '', time = ''] = new Date(atMs).toISOString().split('T');
  for (let chance = Math.floor(random * CHANCES); ; chance = (chance + 1) % CHANCES) {
    const digits = chance.toString(36).padStart(6, '0');
    const id = `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${digits}`;
    if (!isTaken(id)) return id;
  }
}

/**
 * When the id was made, ms of the wall clock, cut to a second: known even when the ledger was lost. NaN for another
 * text.
 */
export function dropIdAtMs(id: string): number {
  return Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Whether a text is one that `dropId` can have made. */
export function isDropId(text: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-z]{6}$/.test(text);
}
