import { type Drop, dropId } from '../../domain/drop.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import type { WaitingEnds } from './ends.ts';
import type { WaitingPlaces } from './places.ts';

/** Enters a claimed file in the ledger. */
export type EnterClaim = (inbox: string, id: string, name: string, bytes: number) => Drop;

/** What an earlier process left of drops that wait. */
export class WaitingAtStart {
  readonly #places: WaitingPlaces;
  readonly #ends: WaitingEnds;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  constructor(places: WaitingPlaces, ends: WaitingEnds, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#ends = ends;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /** Ends moves out of `waiting/` that were begun; to be called before it is looked what lies in `working/`. */
  async finishMoves(): Promise<void> {
    const { drops } = this.#parts.ledger;
    for (const folder of this.#places.folders.values())
      await folder.finishTakingOut((id) => drops.byId(id)?.name);
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
    const folder = this.#places.folderOf(drop);
    if (!(await folder.has(drop.name))) {
      await this.#ends.endTaken(drop);
      return 'leave';
    }
    this.#inboxes.liesAt(drop, folder.pathOf(drop.name));
    return 'resume';
  }

  /** Claims files of waiting rows that the ledger does not know, so that none is lost with a ledger that is lost. */
  async claimStrangers(enter: EnterClaim): Promise<Drop[]> {
    const { drops } = this.#parts.ledger;
    const { clock, events } = this.#parts;
    const waiting = drops.unsettled().filter(({ waitingSinceMs }) => waitingSinceMs !== null);
    const claimed: Drop[] = [];
    for (const [inbox, folder] of this.#places.folders) {
      const known = new Set(waiting.filter((drop) => drop.inbox === inbox).map(({ name }) => name));
      for (const { name, bytes } of await folder.strangers(known)) {
        const drop = enter(inbox, dropId(clock.wallMs(), clock.random()), name, bytes);
        if (!(await folder.takeOut(name, drop.id))) {
          drops.forget(drop);
          continue;
        }
        await folder.removeStrangersReport(name);
        events.emit('drop.claimed', { ...factsOf(drop), bytes });
        claimed.push(drop);
      }
    }
    return claimed;
  }
}
