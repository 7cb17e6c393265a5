/**
 * By which files the rows of a drop came. The rows of most drops came by its own file. Those that waited, a file that is
 * read again since its writer went on, a report or a retry file that was dropped again: they came by the file that had
 * them first. Those of an upload that broke off and is sent again came by both. One rule follows for every number: it is
 * of the file by which it came, whichever drop wrote it, and which file came first is a matter of their places in the
 * ledger. A clock may be set back.
 */
export interface Coming {
  /** Of the drop; see Drop. */
  readonly seq: number;
  /** Seqs of the drops by whose own files its rows came, at least one; `UNKNOWN_FILE` among them for rows of which nothing tells. */
  readonly files: readonly number[];
}

/**
 * A file that came before the drop, and is on no record: rows that are by their file's name or columns those of another
 * one, which a lost ledger knew, or a person made them so. No drop has this seq.
 */
export const UNKNOWN_FILE = 0;

/** Some rows of both came by one file. */
export function shareFile(one: Coming, other: Coming): boolean {
  return one.files.some((file) => file !== UNKNOWN_FILE && other.files.includes(file));
}

/** Every file of `one` is certain to have come before every file of `other`. */
export function cameBefore(one: Coming, other: Coming): boolean {
  return lastFileOf(one) < firstFileOf(other);
}

/** The earliest that may be meant. */
export function firstFileOf({ files }: Coming): number {
  return Math.min(...files);
}

/** The latest that may be meant. */
function lastFileOf({ seq, files }: Coming): number {
  return Math.max(...files.map((file) => (file === UNKNOWN_FILE ? seq : file)));
}
