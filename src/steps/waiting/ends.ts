import { join } from 'node:path';
import type { Drop } from '../../domain/drop.ts';
import { lookAt } from '../../intake/file-state.ts';
import { passed } from '../../runtime/step.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import type { WaitingPlaces } from './places.ts';

/** What a row ends with, for good, whose file somebody took out of `waiting/`. */
const TAKEN_AWAY =
  'somebody took its file out of the folder waiting, which ends the waiting; nothing more is done for this row';

/** How drops come to wait no more: their rows are done or failed, or somebody took the file away. */
export class WaitingEnds {
  readonly #places: WaitingPlaces;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  constructor(places: WaitingPlaces, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /**
   * Brings the file of a drop whose rows all have their outcome to `working/`, to be settled like any other; false
   * where somebody took it away, which ends the drop.
   * @throws FolderError where it cannot be moved: to be done again.
   */
  async takeOut(drop: Drop): Promise<boolean> {
    const { drops } = this.#parts.ledger;
    drops.markSettling(drop);
    passed('wait.ending');
    if (drop.settledAs === null && !(await this.#isInWorking(drop)) && !(await this.#move(drop))) {
      await this.endTaken(drop);
      return false;
    }
    this.#inboxes.left(drop);
    await this.#places.folderOf(drop).removeReport(drop.name, drop.id);
    passed('wait.ended');
    return true;
  }

  /** Ends the rows that wait for good: nobody looks at them any more. */
  async endTaken(drop: Drop): Promise<void> {
    const folder = this.#places.folderOf(drop);
    await folder.removeReport(drop.name, drop.id);
    const { drops, waiting } = this.#parts.ledger;
    waiting.end(drop, TAKEN_AWAY, this.#parts.clock.wallMs());
    this.#inboxes.left(drop);
    const rows = drops.countsOf(drop).waiting ?? 0;
    this.#parts.events.emit('drop.wait-ended', { ...factsOf(drop), rows, folder: folder.path });
  }

  /** False where it is gone. */
  async #move(drop: Drop): Promise<boolean> {
    const folder = this.#places.folderOf(drop);
    if (await folder.takeOut(drop.name, drop.id)) return true;
    // An earlier try may have taken it half-way.
    await folder.finishTakingOut((id) => this.#parts.ledger.drops.byId(id)?.name);
    if (await this.#isInWorking(drop)) return true;
    // Somebody may have put it back.
    return (await folder.has(drop.name)) && (await this.#move(drop));
  }

  async #isInWorking({ inbox, id, name }: Drop): Promise<boolean> {
    const { working } = this.#inboxes.of(inbox).config;
    return (await lookAt(join(working, id, name))) !== undefined;
  }
}
