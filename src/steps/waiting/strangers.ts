import { type Drop, dropId } from '../../domain/drop.ts';
import { type FileState, isSameState } from '../../intake/file-state.ts';
import { factsOf } from '../facts.ts';
import type { IntakeParts } from '../inboxes.ts';
import type { WaitingPlaces } from './places.ts';

/** Enters a claimed file in the ledger. */
export type EnterClaim = (inbox: string, id: string, name: string, bytes: number) => Drop;

/**
 * Files in `waiting/` that bear a name of waiting rows and belong to no drop: what is left of a ledger that was lost, a
 * file that was taken away and put back, or got another name. They are claimed like those of an inbox.
 */
export class Strangers {
  readonly #places: WaitingPlaces;
  readonly #parts: IntakeParts;
  /** As they were at the last look, by inbox. */
  readonly #seen = new Map<string, ReadonlyMap<string, FileState>>();

  constructor(places: WaitingPlaces, parts: IntakeParts) {
    this.#places = places;
    this.#parts = parts;
  }

  /** Claims all of one inbox. @throws whatever the file system says */
  async claimAll(inbox: string, enter: EnterClaim): Promise<readonly Drop[]> {
    return await this.#claim(inbox, await this.#find(inbox), enter);
  }

  /**
   * Claims those of one inbox that are as they were at the last look: somebody may be writing the others.
   * @throws as above
   */
  async claimSteady(inbox: string, enter: EnterClaim): Promise<readonly Drop[]> {
    const before = this.#seen.get(inbox);
    const found = await this.#find(inbox);
    this.#seen.set(inbox, found);
    const steady = [...found].filter(([name, state]) => {
      const last = before?.get(name);
      return last !== undefined && isSameState(last, state);
    });
    return await this.#claim(inbox, new Map(steady), enter);
  }

  async #find(inbox: string): Promise<ReadonlyMap<string, FileState>> {
    const folder = this.#places.folderNamed(inbox);
    const names = await folder.namesIfAny();
    // Asked for after the listing: a file of ours is in the ledger before it lies there.
    const waiting = this.#parts.ledger.drops.unsettled().filter((drop) => drop.waitingSinceMs !== null);
    const known = waiting.filter((drop) => drop.inbox === inbox).map(({ name }) => name);
    return await folder.strangers(names, new Set(known));
  }

  async #claim(
    inbox: string,
    files: ReadonlyMap<string, FileState>,
    enter: EnterClaim,
  ): Promise<readonly Drop[]> {
    const { ledger, clock, events } = this.#parts;
    const folder = this.#places.folderNamed(inbox);
    const claimed: Drop[] = [];
    for (const [name, { bytes }] of files) {
      // First: nobody would look for it once its file is gone.
      await folder.reports.removeStrangers(name);
      const drop = enter(inbox, dropId(clock.wallMs(), clock.random(), ledger.drops.has), name, bytes);
      if (!(await folder.takeOut(name, drop.id))) {
        ledger.drops.forget(drop);
        continue;
      }
      events.emit('drop.claimed', { ...factsOf(drop), bytes });
      claimed.push(drop);
    }
    return claimed;
  }
}
