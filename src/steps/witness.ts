import { join } from 'node:path';
import { type FileState, isSameState } from '../intake/file-state.ts';
import type { Witnesses } from '../ledger/witnesses.ts';

/**
 * The file that a drop's writer may still hold. A renamed file keeps its writer, and so does one that lies in
 * `processed/` or `failed/` by now; where the drop is read from a copy, or a copy of it was put away, the original is kept
 * for this.
 */
export interface Witness {
  /** A path of its own, or the settled file of a drop (its seq), wherever that lies by now. */
  readonly at: string | number;
  /** The file when it was read, or copied for that; null where that is not known. */
  readonly state: StoredState | null;
}

/** JSON has no bigint. */
type StoredState = Omit<FileState, 'inode'> & { readonly inode: string };

/** The state as the ledger keeps it. */
export function stored({ bytes, mtimeMs, inode }: FileState): StoredState {
  return { bytes, mtimeMs, inode: String(inode) };
}

/** Reads what `writeWitness` wrote; the column holds nothing else. */
export function parseWitness(text: string): Witness {
  return JSON.parse(text);
}

/** The witness as text, for the column of that name. */
export function writeWitness(witness: Witness): string {
  return JSON.stringify(witness);
}

/** Where it lies now; undefined where the drop whose settled file it is was forgotten. */
export function placeOf({ at }: Witness, witnesses: Witnesses): string | undefined {
  if (typeof at === 'string') return at;
  const settled = witnesses.settledFile(at);
  return settled && join(settled.folder, settled.file);
}

/**
 * How a witness stands: `other` where another file has the settled one's name, which its writer does not hold. A name of
 * ours nobody gives to another file; but a share that is mounted again may give the file another inode.
 */
export type Standing = 'gone' | 'other' | 'same' | 'changed';

/**
 * Compares a witness with what lies there now; `now` is undefined where nothing does. One whose state is not known
 * counts as changed.
 */
export function standingOf({ at, state }: Witness, now: FileState | undefined): Standing {
  if (now === undefined) return 'gone';
  if (state === null) return 'changed';
  const before = { ...state, inode: BigInt(state.inode) };
  if (before.inode !== now.inode && typeof at === 'number') return 'other';
  return isSameState(before, now) ? 'same' : 'changed';
}
