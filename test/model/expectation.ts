/** A row as it stands in a file. */
export interface ModelRow {
  readonly order: string;
  /** Empty where the row has none. */
  readonly number: string;
  /** Its number can stand: the row has one, and the shop has the order. */
  readonly isGood: boolean;
}

/** A file that was put into the inbox. */
export interface ModelFile {
  readonly bytes: Buffer;
  readonly rows: readonly ModelRow[];
  /**
   * The part that lay there while its writer rested; null where it came whole. The part may have been taken for the file,
   * and then lies somewhere as well, or the whole file a second time in its place.
   */
  readonly part: Buffer | null;
}

/** What must have come of all that was done, once everything works again and nothing is left to do. */
export class Expectation {
  readonly #files = new Set<ModelFile>();

  add(file: ModelFile): void {
    this.#files.add(file);
  }

  /** Somebody took the file out of the inbox before it was claimed. */
  remove(file: ModelFile): void {
    this.#files.delete(file);
  }

  get files(): readonly ModelFile[] {
    return [...this.#files];
  }

  /** `order number` of each number that must stand, once; no other may. */
  get standing(): ReadonlySet<string> {
    const good = this.files.flatMap(({ rows }) => rows.filter(({ isGood }) => isGood));
    return new Set(good.map(({ order, number }) => `${order} ${number}`));
  }
}
