import type { Entry } from './entries.ts';
import { foldedName } from './name-pattern.ts';
import { splitExtension } from './names.ts';

const PLACEHOLDER = /\{(name|stem)\}/;

/** True for every name that a done-file may have, whether the file that it would speak for is there or not. */
export function doneFileMatcher(pattern: string): (name: string) => boolean {
  const [before = '', , after = ''] = foldedName(pattern).split(/\{(NAME|STEM)\}/);
  return (name) => {
    const folded = foldedName(name);
    const isLonger = folded.length > before.length + after.length;
    return isLonger && folded.startsWith(before) && folded.endsWith(after);
  };
}

/** The name of a file's done-file, as the pattern writes it. */
export function doneFileName(pattern: string, name: string): string {
  return pattern.replace(PLACEHOLDER, (_, which) => (which === 'name' ? name : splitExtension(name).stem));
}

/**
 * Which done-file in a folder speaks for which file: the one that is named just so, or else one whose name differs in
 * case only, unless it is just so that of another file.
 */
export class DoneFiles {
  readonly #pattern: string;
  readonly #byName = new Map<string, Entry>();
  readonly #byFold = new Map<string, Entry[]>();
  readonly #speaksFor = new Map<Entry, Entry[]>();
  readonly #ofFile = new Map<Entry, Entry>();

  /** `files` are those that wait for one; `doneFiles` those that `doneFileMatcher` lets through. */
  constructor(pattern: string, files: readonly Entry[], doneFiles: readonly Entry[]) {
    this.#pattern = pattern;
    for (const done of doneFiles) {
      this.#byName.set(done.name, done);
      const fold = foldedName(done.name);
      this.#byFold.set(fold, [...(this.#byFold.get(fold) ?? []), done]);
    }
    const exact = new Set(files.map(({ name }) => doneFileName(pattern, name)));
    for (const file of files) {
      const done = this.#find(file.name, exact);
      if (done === undefined) continue;
      this.#ofFile.set(file, done);
      this.#speaksFor.set(done, [...(this.#speaksFor.get(done) ?? []), file]);
    }
  }

  /** Undefined where there is none. */
  of(file: Entry): Entry | undefined {
    return this.#ofFile.get(file);
  }

  /** The files for which it speaks; none where it lies there alone. */
  spokenForBy(done: Entry): readonly Entry[] {
    return this.#speaksFor.get(done) ?? [];
  }

  #find(name: string, exact: ReadonlySet<string>): Entry | undefined {
    const wanted = doneFileName(this.#pattern, name);
    return (
      this.#byName.get(wanted) ?? this.#byFold.get(foldedName(wanted))?.find((done) => !exact.has(done.name))
    );
  }
}
