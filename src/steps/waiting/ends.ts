import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../../domain/drop.ts';
import { lookAt } from '../../intake/file-state.ts';
import { type FoundSettled, findSettled } from '../../intake/find-settled.ts';
import { passed } from '../../runtime/step.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import type { WaitingPlaces } from './places.ts';

/** What a row ends with that waits no more, and was not done here. */
const ENDED = {
  'taken-away':
    'somebody took its file out of the folder waiting, which ends the waiting; nothing more is done for this row',
  'put-away':
    'its file was put away after the copy was made from which this ledger was put back; see its report there',
  'read-again':
    'the file that this row came from was read again, since its writer had gone on with it; see the report of that one',
} as const;

/** How drops come to wait no more: their rows are done or failed, or somebody took the file away. */
export class WaitingEnds {
  readonly #places: WaitingPlaces;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;
  readonly #onEnded: () => Promise<void>;

  /** `onEnded` is told of each that ends without being settled. */
  constructor(places: WaitingPlaces, inboxes: Inboxes, parts: IntakeParts, onEnded: () => Promise<void>) {
    this.#onEnded = onEnded;
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
    if (drop.settledAs === null && !(await this.#bringToWorking(drop))) {
      await this.endTaken(drop);
      return false;
    }
    this.#inboxes.left(drop);
    await this.#places.folderOf(drop).reports.remove(drop.name, drop.id);
    passed('wait.ended');
    return true;
  }

  /** Ends the rows that wait for good: somebody took their file away, or it was put away unknown to this ledger. */
  async endTaken(drop: Drop): Promise<void> {
    await this.#places.folderOf(drop).reports.remove(drop.name, drop.id);
    const found = await findSettled(this.#inboxes.of(drop.inbox).config, drop, drop.claimedAtMs);
    await this.#end(drop, found === undefined ? 'taken-away' : 'put-away', found);
  }

  /** The same, for rows that another drop has too; their file is ours, and goes. */
  async endReadAgain(drop: Drop): Promise<void> {
    await this.#places.folderOf(drop).removeBoth(drop.name, drop.id);
    await this.#end(drop, 'read-again');
  }

  async #end(drop: Drop, why: keyof typeof ENDED, found?: FoundSettled): Promise<void> {
    const { drops, waiting, redone } = this.#parts.ledger;
    // What was done before is done, also for the failed rows of earlier files.
    for (const _ of redone.markInPages(drop)) await setImmediate();
    waiting.end(drop, ENDED[why], this.#parts.clock.wallMs(), found);
    this.#inboxes.left(drop);
    const rows = drops.countsOf(drop).waiting ?? 0;
    const folder = this.#places.folderOf(drop).path;
    this.#parts.events.emit('drop.wait-ended', { ...factsOf(drop), rows, folder, why });
    await this.#onEnded();
  }

  /** False where it is gone. */
  async #bringToWorking(drop: Drop): Promise<boolean> {
    const { name, id } = drop;
    const folder = this.#places.folderOf(drop);
    // First: an earlier try may have copied it there, and left what it was copied from.
    if ((await folder.moveTaken(name, id)) || (await this.#isInWorking(drop))) return true;
    if ((await folder.take(name, id)) !== undefined && (await folder.moveTaken(name, id))) return true;
    // Somebody may have put it back.
    return (await this.#places.isThere(drop)) && (await this.#bringToWorking(drop));
  }

  async #isInWorking({ inbox, id, name }: Drop): Promise<boolean> {
    const { working } = this.#inboxes.of(inbox).config;
    return (await lookAt(join(working, id, name))) !== undefined;
  }
}
