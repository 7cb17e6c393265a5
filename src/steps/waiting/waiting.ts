import type { Drop } from '../../domain/drop.ts';
import { lookAt } from '../../intake/file-state.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import { WaitingAtStart } from './at-start.ts';
import { WaitingEnds } from './ends.ts';
import { WaitingLooks } from './looks.ts';
import { Parting } from './parting.ts';
import { WaitingPlaces } from './places.ts';

/**
 * Rows that wait for what heals by itself. When a drop settles they become a drop of their own, whose file lies in
 * `waiting/`; it is looked at again on its schedule until no row of it waits, and then settles like any other.
 */
export class Waiting {
  readonly looks: WaitingLooks;
  readonly atStart: WaitingAtStart;
  readonly #places: WaitingPlaces;
  readonly #parting: Parting;
  readonly #ends: WaitingEnds;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  /** `onRest` is told that a next look was set, which may be the first that comes. */
  constructor(inboxes: Inboxes, parts: IntakeParts, onRest: () => void) {
    this.#inboxes = inboxes;
    this.#parts = parts;
    this.#places = new WaitingPlaces(inboxes, parts, onRest);
    this.#parting = new Parting(this.#places, inboxes, parts);
    this.#ends = new WaitingEnds(this.#places, inboxes, parts);
    this.looks = new WaitingLooks(this.#places, this.#ends, inboxes, parts);
    this.atStart = new WaitingAtStart(this.#places, this.#ends, inboxes, parts);
  }

  /**
   * To be asked of each drop whose rows have their outcome, before its files are put away. True: they are not, since it
   * waits on, or has ended without them.
   * @throws FolderError, or the file system's own error, where a folder cannot be used: to be done again.
   */
  async keepsBack(drop: Drop): Promise<boolean> {
    const { drops } = this.#parts.ledger;
    const { waiting = 0 } = drops.countsOf(drop);
    if (drop.waitingSinceMs === null) {
      if (waiting > 0) await this.#parting.part(drop);
      return false;
    }
    const current = drops.current(drop);
    if (current.state === 'settling') return !(await this.#ends.takeOut(current));
    if (!(await this.#places.folderOf(current).has(current.name))) {
      await this.#ends.endTaken(current);
      return true;
    }
    if (waiting === 0) return !(await this.#ends.takeOut(current));
    await this.looks.rest(current);
    return true;
  }

  /** Whether somebody took away the file of a drop that waits: nothing is written for it any more. */
  async isTakenAway(drop: Drop): Promise<boolean> {
    return drop.waitingSinceMs !== null && (await lookAt(this.#inboxes.pathOf(drop))) === undefined;
  }
}
