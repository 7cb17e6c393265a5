import { type Drop, dropId } from '../../domain/drop.ts';
import { FolderError } from '../../domain/failure.ts';
import { errorCode } from '../../intake/file-errors.ts';
import { type FileState, isSameState } from '../../intake/file-state.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import { shown } from './misnamed.ts';
import type { WaitingPlaces } from './places.ts';

const HINT =
  'Make sure that it may be renamed, and what lies under the name of its report be read and removed.';

/** Enters a claimed file in the ledger. */
export type EnterClaim = (inbox: string, id: string, name: string, bytes: number) => Drop;

/**
 * Files in `waiting/` that bear a name of waiting rows and belong to no drop: what is left of a ledger that was lost, a
 * file that was taken away and put back, or got another name. They are claimed like those of an inbox.
 */
export class Strangers {
  readonly #places: WaitingPlaces;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;
  /** Seqs of drops whose file has a name of ours, and is still in `waiting/`. */
  readonly #taken = new Set<number>();
  /** What was said of those that cannot be taken, by inbox and name. */
  readonly #said = new Map<string, Map<string, string>>();
  /** As they were at the last look, by inbox. */
  readonly #seen = new Map<string, ReadonlyMap<string, FileState>>();

  constructor(places: WaitingPlaces, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /**
   * Claims all of one inbox, and gives each as soon as it is. One that cannot be taken is said, and keeps no other
   * waiting.
   * @throws what the file system says of the folder
   */
  async *claimAll(inbox: string, enter: EnterClaim): AsyncGenerator<Drop> {
    yield* this.#claim(inbox, await this.#find(inbox), enter);
  }

  /** The same, of those that are as they were at the last look: somebody may be writing the others. */
  async *claimSteady(inbox: string, enter: EnterClaim): AsyncGenerator<Drop> {
    const before = this.#seen.get(inbox);
    const found = await this.#find(inbox);
    this.#seen.set(inbox, found);
    const steady = [...found].filter(([name, state]) => {
      const last = before?.get(name);
      return last !== undefined && isSameState(last, state);
    });
    yield* this.#claim(inbox, new Map(steady), enter);
  }

  /**
   * What the file of a drop that was claimed here has to go through before it is read.
   * @throws what the file system says
   */
  async bringToWorking(drop: Drop): Promise<void> {
    if (!this.#taken.has(drop.seq)) return;
    await this.#places.folderOf(drop).moveTaken(drop.name, drop.id);
    this.#taken.delete(drop.seq);
    this.#inboxes.left(drop);
  }

  async #find(inbox: string): Promise<ReadonlyMap<string, FileState>> {
    const folder = this.#places.folderNamed(inbox);
    const names = await folder.namesIfAny();
    // Asked for after the listing: a file of ours is in the ledger before it lies there.
    const waiting = this.#parts.ledger.drops.unsettled().filter((drop) => drop.waitingSinceMs !== null);
    const known = waiting.filter((drop) => drop.inbox === inbox).map(({ name }) => name);
    const found = await folder.strangers(names, new Set(known));
    this.#clear(inbox, found);
    return found;
  }

  async *#claim(
    inbox: string,
    files: ReadonlyMap<string, FileState>,
    enter: EnterClaim,
  ): AsyncGenerator<Drop> {
    for (const [name, { bytes }] of files) {
      const drop = await this.#claimOne(inbox, name, bytes, enter).catch((error: unknown) => {
        if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
        this.#say(inbox, name, (error as Error).message);
      });
      if (drop !== undefined) yield drop;
    }
  }

  /** Undefined where it is gone. */
  async #claimOne(inbox: string, name: string, bytes: number, enter: EnterClaim): Promise<Drop | undefined> {
    const { ledger, clock, events } = this.#parts;
    const folder = this.#places.folderNamed(inbox);
    // First: nobody would look for it once its file is gone.
    await folder.reports.removeStrangers(name);
    const drop = enter(inbox, dropId(clock.wallMs(), clock.random(), ledger.drops.has), name, bytes);
    let taken: string | undefined;
    try {
      taken = await folder.take(name, drop.id);
    } finally {
      if (taken === undefined) ledger.drops.forget(drop);
    }
    if (taken === undefined) return undefined;
    this.#taken.add(drop.seq);
    this.#inboxes.liesAt(drop, taken);
    events.emit('drop.claimed', { ...factsOf(drop), bytes });
    return drop;
  }

  #say(inbox: string, name: string, message: string): void {
    const said = this.#said.get(inbox) ?? new Map<string, string>();
    this.#said.set(inbox, said);
    if (said.get(name) === message) return;
    said.set(name, message);
    this.#parts.events.emit('file.stuck', { inbox, name: shown(name), message, hint: HINT });
  }

  /** What was said of a file holds no more once that is gone, or taken. */
  #clear(inbox: string, found: ReadonlyMap<string, FileState>): void {
    const said = this.#said.get(inbox) ?? new Map<string, string>();
    for (const name of said.keys()) {
      if (found.has(name)) continue;
      said.delete(name);
      this.#parts.events.emit('file.cleared', { inbox, name: shown(name) });
    }
  }
}
