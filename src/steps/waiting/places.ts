import type { Drop } from '../../domain/drop.ts';
import { nextLookMs } from '../../domain/waiting.ts';
import { WaitingFolder } from '../../intake/waiting-folder.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';

/** Where the drops of one store wait, and until when: what everything about them asks. */
export class WaitingPlaces {
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;
  readonly #onRest: () => void;
  readonly #folders: ReadonlyMap<string, WaitingFolder>;

  /** `onRest` is told that a next look was set, which may be the first that comes. */
  constructor(inboxes: Inboxes, parts: IntakeParts, onRest: () => void) {
    this.#inboxes = inboxes;
    this.#parts = parts;
    this.#onRest = onRest;
    const folders = inboxes.all().map(({ config }) => {
      const { name, folder, working, waiting } = config;
      return [name, new WaitingFolder({ inbox: name, folder, working, waiting }, parts.access)] as const;
    });
    this.#folders = new Map(folders);
  }

  /** By the inbox's name. */
  get folders(): ReadonlyMap<string, WaitingFolder> {
    return this.#folders;
  }

  folderOf({ inbox }: Drop): WaitingFolder {
    const folder = this.#folders.get(inbox);
    if (folder === undefined) throw new Error(`no inbox ${inbox} is configured`);
    return folder;
  }

  /** When the drop is to be looked at after now, ms of the wall clock. */
  nextLookMs({ inbox, waitingSinceMs, claimedAtMs }: Drop): number {
    const limits = this.#inboxes.of(inbox).config.waitFor;
    return nextLookMs({
      limits,
      sinceMs: waitingSinceMs ?? claimedAtMs,
      nowMs: this.#parts.clock.wallMs(),
    });
  }

  /** Ms until the look that was set; 0 where it is due. */
  delayMs({ inbox, nextLookAtMs }: Drop): number {
    const { everyMs } = this.#inboxes.of(inbox).config.waitFor;
    const delayMs = (nextLookAtMs ?? 0) - this.#parts.clock.wallMs();
    // The clock was set back: nobody meant to wait that long.
    return delayMs > everyMs ? 0 : Math.max(0, delayMs);
  }

  /** Tells that the drop rests until its next look. */
  tellRest(drop: Drop): void {
    this.#parts.events.emit('drop.waiting', {
      ...factsOf(drop),
      rows: this.#parts.ledger.drops.countsOf(drop).waiting ?? 0,
      folder: this.folderOf(drop).path,
      nextLookAtMs: drop.nextLookAtMs ?? 0,
    });
    this.#onRest();
  }
}
