/** What a report says of a file as a whole, beside each of its rows; empty where there is nothing to say. */
interface FileRemarks {
  /** An earlier file of the same content, and when it came, in words. */
  readonly sameAs: { readonly name: string; readonly came: string } | null;
  /** An earlier part of this very file that was put away before its writer went on, and under which name. */
  readonly follows: { readonly settledAs: string } | null;
  /** An upload that broke off, whose bytes this file begins with, and when it came, in words. */
  readonly beganAs: { readonly name: string; readonly came: string } | null;
}

/** In a sentence without its full stop, to follow another one; empty where there is nothing to say. */
export function remarkOn({ sameAs, follows, beganAs }: FileRemarks): string {
  return [
    ...(sameAs === null ? [] : [`same content as ${sameAs.name} of ${sameAs.came}`]),
    ...(follows === null
      ? []
      : [`read again, since the file changed after it was put away as ${follows.settledAs}`]),
    ...(beganAs === null
      ? []
      : [
          `begins with all of ${beganAs.name} of ${beganAs.came}, which ended in the middle of a line, and goes on`,
        ]),
  ].join('; ');
}

/** Adds a remark to what is said of each row. */
export function* withRemark<Said extends { readonly message: string }>(
  rows: Iterable<Said>,
  remark: string,
): Generator<Said> {
  for (const row of rows) {
    yield remark === '' ? row : { ...row, message: goingOn(row.message, remark) };
  }
}

/** A message, which may be a sentence with its full stop, and what is said after it. */
export function goingOn(message: string, ...words: readonly string[]): string {
  return [message.replace(/\.$/, ''), ...words].filter((each) => each !== '').join('; ');
}

/** Says of each row that waits in which file it does, where that is known. */
export function* withWaitingFile<Said extends { readonly outcome: string; readonly message: string }>(
  rows: Iterable<Said>,
  file: string | undefined,
): Generator<Said> {
  for (const row of rows) {
    yield file === undefined || row.outcome !== 'waiting'
      ? row
      : { ...row, message: goingOn(row.message, `it waits in ${file} in the folder waiting`) };
  }
}
