import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { DropVanishedError, FolderError } from '../domain/failure.ts';
import { errorCode } from '../intake/file-errors.ts';
import { type FileState, lookAt } from '../intake/file-state.ts';
import { witnessName } from '../intake/names.ts';
import { whenSteady } from '../intake/steady.ts';
import { copyInto, witnessesIn } from '../intake/witness.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOtherThanRead, readingOf } from './reading.ts';
import { parseWitness, placeOf, standingOf, stored, type Witness, writeWitness } from './witness.ts';

/** Enters a drop that the ledger does not know. */
type EnterDrop = (inbox: InboxConfig, id: string, name: string, bytes: number) => Drop;

/** Drops that are read from a copy, of a file that its writer may still hold. */
export class Copies {
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  constructor(inboxes: Inboxes, parts: IntakeParts) {
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /**
   * To be called once a claimed file lies in `working/`: where it was copied there the original is looked after from
   * now on. `file` is it as it was listed, and when its copy was begun.
   */
  async claimed(drop: Drop, file: FileState): Promise<void> {
    const at = join(this.#inboxes.of(drop.inbox).config.folder, witnessName(drop.id, drop.name));
    if ((await lookAt(at)) !== undefined) await this.keep(drop, { at, state: stored(file) });
  }

  /**
   * Originals of which their drops know nothing: the process ended just after the copy, or the ledger was lost. They lie in
   * the inboxes, or in `working/` where a copy was put away. `nameOf` gives the true name of a drop that is not settled, as the
   * ledger has it or its file in `working/`.
   */
  async adopt(nameOf: (dropId: string) => string | undefined, enter: EnterDrop): Promise<void> {
    const { drops, witnesses } = this.#parts.ledger;
    // Of a drop whose writer went on the later reading has it, which has another id.
    const known = witnesses.paths();
    for (const { config, claims } of this.#inboxes.all()) {
      const emptied = (await claims.dropIds()).inWorking.filter((id) => nameOf(id) === undefined);
      for (const folder of [config.folder, ...emptied.map((id) => join(config.working, id))]) {
        for (const { dropId, name, path } of await witnessesIn(folder)) {
          if (known.has(path)) continue;
          const drop = drops.byId(dropId) ?? enter(config, dropId, nameOf(dropId) ?? name, 0);
          if (witnesses.of(drop) === null) await this.keep(drop, { at: path, state: null });
        }
      }
    }
  }

  /** True where the drop's file, or the one that it was copied from, is another than what was read. */
  async isOtherThanRead(drop: Drop): Promise<boolean> {
    const current = this.#parts.ledger.drops.current(drop);
    if (await isOtherThanRead(current, this.#inboxes.pathOf(drop))) return true;
    return await this.isWitnessChanged(drop);
  }

  /** True where somebody wrote to the drop's witness since it was copied. */
  async isWitnessChanged(drop: Drop): Promise<boolean> {
    const found = this.#witnessOf(drop);
    return found !== undefined && standingOf(found.witness, await lookAt(found.path)) === 'changed';
  }

  /** True where nobody knows how the drop's witness was when it was copied: its process ended just then. */
  isWitnessUnknown(drop: Drop): boolean {
    return this.#witnessOf(drop)?.witness.state === null;
  }

  /** Resolves once it is in the ledger. */
  async keep(drop: { readonly seq: number }, witness: Witness): Promise<void> {
    const { ledger } = this.#parts;
    await ledger.together(() => ledger.witnesses.keep(drop, writeWitness(witness)));
  }

  /** Copies the witness into `working/`, in place of what was copied before. False: there is nothing to copy. */
  async renew(drop: Drop): Promise<boolean> {
    const copied = await this.#copy(drop);
    if (copied !== undefined) await this.keep(drop, copied);
    return copied !== undefined;
  }

  /** The same when its writer has come to rest; a drop that has no witness stays as it is. @throws StoppedError */
  async renewWhenSteady(drop: Drop): Promise<boolean> {
    const found = this.#witnessOf(drop);
    if (found === undefined || (await lookAt(found.path)) === undefined) return false;
    await whenSteady(found.path, this.#inboxes.of(drop.inbox).config, this.#parts);
    return await this.renew(drop);
  }

  /**
   * Does work on a claimed file as `Inboxes.untilPossible` does, until it is known that somebody took the file away, and no
   * original of it is left.
   * @throws DropVanishedError
   */
  async whileThere<T>(drop: Drop, work: () => Promise<T>): Promise<T> {
    return await this.#inboxes.untilPossible(drop, async () => {
      try {
        return await work();
      } catch (error) {
        if (!(await this.#isMissing(drop, error))) throw error;
        // As what was read it is still compared with the original: somebody may have gone on with that.
        if ((await this.#copy(drop)) !== undefined) return await work();
        throw new DropVanishedError('drop-vanished', (error as Error).message, { cause: error });
      }
    });
  }

  /** Where `settle` is to leave the original, should a copy of it be put away; a drop that is a copy needs none. */
  originalOf(drop: Drop): string | undefined {
    if (this.#parts.ledger.witnesses.of(drop) !== null || drop.waitingSinceMs !== null) return undefined;
    return join(dirname(this.#inboxes.pathOf(drop)), witnessName(drop.id, drop.name));
  }

  /** Marks a drop whose files are put away; from now on the file is looked after that its writer may still hold. */
  async settled(drop: Drop): Promise<void> {
    const { ledger, clock } = this.#parts;
    const witness = await this.#witnessAfter(drop);
    await ledger.together(() => {
      if (witness !== null) ledger.witnesses.keep(drop, writeWitness(witness));
      ledger.drops.markSettled(drop, clock.wallMs());
    });
  }

  /** Null where the drop has one already, or has no writer. */
  async #witnessAfter(drop: Drop): Promise<Witness | null> {
    const original = this.originalOf(drop);
    const { file } = readingOf(this.#parts.ledger.drops.current(drop));
    if (original === undefined || file === null) return null;
    const isKept = (await lookAt(original)) !== undefined;
    return { at: isKept ? original : drop.seq, state: file };
  }

  /** Returns the witness as it was when it was copied; undefined where there is none. */
  async #copy(drop: Drop): Promise<Witness | undefined> {
    const found = this.#witnessOf(drop);
    if (found === undefined) return undefined;
    const { witness, path } = found;
    const standing = standingOf(witness, await lookAt(path));
    if (standing === 'gone' || standing === 'other') return undefined;
    const target = this.#inboxes.pathOf(drop);
    await mkdir(dirname(target), { recursive: true });
    const state = await copyInto(path, target);
    return state && { at: witness.at, state: stored(state) };
  }

  /**
   * Whether the drop's file is neither in `working/` nor where it was to go, and the folder is there as are all mounts. Of a
   * drop that has its file in `waiting/` that folder tells.
   * @throws FolderError where one of these is not: then nobody took anything.
   */
  async #isMissing(drop: Drop, error: unknown): Promise<boolean> {
    if (!(error instanceof FolderError) && errorCode(error) === undefined) return false;
    const { settledAs, settledIn, waitingSinceMs, state } = this.#parts.ledger.drops.current(drop);
    if (waitingSinceMs !== null && state !== 'settling') return false;
    const chosen = settledAs !== null && settledIn !== null ? [join(settledIn, settledAs)] : [];
    try {
      for (const path of [this.#inboxes.pathOf(drop), ...chosen]) {
        if ((await lookAt(path)) !== undefined) return false;
      }
    } catch (trouble) {
      if (errorCode(trouble) === undefined) throw trouble;
      return false;
    }
    await this.#inboxes.requireMounts(drop.inbox);
    await this.#inboxes.requireWorking(drop.inbox);
    return true;
  }

  #witnessOf(drop: Drop): { readonly witness: Witness; readonly path: string } | undefined {
    const { witnesses } = this.#parts.ledger;
    const text = witnesses.of(drop);
    if (text === null) return undefined;
    const witness = parseWitness(text);
    const path = placeOf(witness, witnesses);
    return path === undefined ? undefined : { witness, path };
  }
}
