import type { Drop } from '../../domain/drop.ts';
import { FolderError } from '../../domain/failure.ts';
import { errorCode } from '../../intake/file-errors.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import type { WaitingEnds } from './ends.ts';
import type { WaitingPlaces } from './places.ts';
import type { EnterClaim, Strangers } from './strangers.ts';

/** What the start has to do with for drops that wait. */
interface WaitingAtStartParts {
  readonly places: WaitingPlaces;
  readonly ends: WaitingEnds;
  readonly strangers: Strangers;
}

/** What an earlier process left of drops that wait. */
export class WaitingAtStart {
  readonly #places: WaitingPlaces;
  readonly #ends: WaitingEnds;
  readonly #strangers: Strangers;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  constructor({ places, ends, strangers }: WaitingAtStartParts, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#ends = ends;
    this.#strangers = strangers;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /** Ends moves out of `waiting/` that were begun; to be called before it is looked what lies in `working/`. */
  async finishMoves(): Promise<void> {
    const { drops } = this.#parts.ledger;
    const isOver = (id: string) => drops.byId(id)?.state === 'settled';
    for (const folder of this.#places.folders.values())
      await folder.moveAllTaken((id) => drops.byId(id)?.name, isOver);
  }

  /**
   * What to do with a drop that is not settled and has no file in `working/`: `leave` it where it rests, `resume` a look
   * that was under way, `forget` it where it never came to wait. Undefined for a drop that has nothing to do with
   * waiting, or is about to be put away.
   */
  async verdictOn(drop: Drop): Promise<'leave' | 'resume' | 'forget' | undefined> {
    if (drop.waitingSinceMs === null || drop.settledAs !== null) return undefined;
    if (drop.nextLookAtMs === null) {
      // Its file comes when the drop is settled whose rows they were; without that one it never does.
      return drop.state === 'waiting' && this.#parts.ledger.waiting.hasParent(drop) ? 'leave' : 'forget';
    }
    if (drop.state === 'waiting') {
      if (this.#places.delayMs(drop) > 0) this.#places.tellRest(drop);
      return 'leave';
    }
    if (await this.#isTakenAway(drop)) {
      await this.#ends.endTaken(drop);
      return 'leave';
    }
    this.#inboxes.liesAt(drop, this.#places.folderOf(drop).pathOf(drop.name));
    return 'resume';
  }

  /** Claims files of waiting rows that the ledger does not know, so that none is lost with a ledger that is lost. */
  async claimStrangers(enter: EnterClaim): Promise<readonly Drop[]> {
    const claimed: Drop[] = [];
    for (const inbox of this.#inboxes.names) {
      for await (const drop of this.#strangers.claimAll(inbox, enter)) claimed.push(drop);
    }
    return claimed;
  }

  /** A folder that cannot be used now is said, and waited for, where the drop is worked on. */
  async #isTakenAway(drop: Drop): Promise<boolean> {
    try {
      return !(await this.#places.isThere(drop));
    } catch (error) {
      if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
      return false;
    }
  }
}
