import type { Drop } from '../../domain/drop.ts';
import { DropVanishedError } from '../../domain/failure.ts';
import { lookAt } from '../../intake/file-state.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import { WaitingAtStart } from './at-start.ts';
import { WaitingEnds } from './ends.ts';
import { WaitingLooks } from './looks.ts';
import { Parting } from './parting.ts';
import { WaitingPlaces } from './places.ts';
import { type RoundFindings, WaitingRounds } from './rounds.ts';
import { Strangers } from './strangers.ts';

/**
 * Rows that wait for what heals by itself. When a drop settles they become a drop of their own, whose file lies in
 * `waiting/`; it is looked at again on its schedule until no row of it waits, and then settles like any other.
 */
export class Waiting {
  readonly looks: WaitingLooks;
  readonly atStart: WaitingAtStart;
  readonly rounds: WaitingRounds;
  readonly #places: WaitingPlaces;
  readonly #parting: Parting;
  readonly #ends: WaitingEnds;
  readonly #strangers: Strangers;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  /** `findings.onDue` is also told that a next look was set, which may be the first that comes. */
  constructor(inboxes: Inboxes, parts: IntakeParts, findings: RoundFindings) {
    this.#inboxes = inboxes;
    this.#parts = parts;
    const places = new WaitingPlaces(inboxes, parts, findings.onDue);
    const ends = new WaitingEnds(places, inboxes, parts, () => findings.onEnded());
    this.#places = places;
    this.#ends = ends;
    this.#parting = new Parting(places, inboxes, parts);
    this.looks = new WaitingLooks(places, ends, inboxes, parts);
    const strangers = new Strangers(places, inboxes, parts);
    this.#strangers = strangers;
    this.atStart = new WaitingAtStart({ places, ends, strangers }, inboxes, parts);
    this.rounds = new WaitingRounds({ places, strangers }, inboxes, parts, findings);
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
    if (!(await this.#places.isThere(current))) {
      await this.#ends.endTaken(current);
      return true;
    }
    if (waiting === 0) return !(await this.#ends.takeOut(current));
    await this.looks.rest(current);
    return true;
  }

  /**
   * To be asked before a drop is read: one that waits and whose file was taken away has ended, and is not to be read.
   * One that was found in `waiting/`, as a stranger, is brought to `working/`.
   * @throws DropVanishedError for the first; FolderError as `WaitingPlaces.isThere`; what the file system says.
   */
  async requireThere(drop: Drop): Promise<void> {
    await this.#strangers.bringToWorking(drop);
    if (drop.waitingSinceMs === null || (await this.#places.isThere(drop))) return;
    throw new DropVanishedError('drop-taken-away', `${drop.name} was taken out of the folder waiting`);
  }

  /** What came of reading the drop; where `requireThere` broke that off it is ended, without a row to push. */
  async unlessTaken(drop: Drop, reading: Promise<Drop>): Promise<Drop> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof DropVanishedError) || drop.waitingSinceMs === null) throw error;
      await this.#ends.endTaken(drop);
      return this.#parts.ledger.drops.current(drop);
    }
  }

  /** Ends a drop that waits, and whose file somebody took away. */
  endTaken(drop: Drop): Promise<void> {
    return this.#ends.endTaken(drop);
  }

  /** Whether somebody took away the file of a drop that waits: nothing is written for it any more. */
  async isTakenAway(drop: Drop): Promise<boolean> {
    return drop.waitingSinceMs !== null && (await lookAt(this.#inboxes.pathOf(drop))) === undefined;
  }
}
