import type { Drop } from '../../domain/drop.ts';
import { nextLookMs } from '../../domain/waiting.ts';
import { WaitingFolder } from '../../intake/waiting-folder.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import type { Reading } from '../reading.ts';

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
    return this.folderNamed(inbox);
  }

  folderNamed(inbox: string): WaitingFolder {
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
  delayMs({ inbox, nextLookAtMs }: Pick<Drop, 'inbox' | 'nextLookAtMs'>): number {
    const { everyMs } = this.#inboxes.of(inbox).config.waitFor;
    const delayMs = (nextLookAtMs ?? 0) - this.#parts.clock.wallMs();
    // The clock was set back: nobody meant to wait that long.
    return delayMs > everyMs ? 0 : Math.max(0, delayMs);
  }

  /**
   * Whether the drop's file lies in `waiting/`; false where somebody took it away.
   * @throws FolderError where nobody can tell: the folder is gone, or its mount, or another one is in its place.
   */
  async isThere(drop: Drop): Promise<boolean> {
    if (await this.folderOf(drop).has(drop.name, this.#parts.ledger.waiting.restsIn(drop))) return true;
    await this.#inboxes.requireMounts(drop.inbox);
    return false;
  }

  /** Leaves the drop in `waiting/` until its next look, as it was read last. */
  async rest(drop: Drop, sinceMs: number, reading: Reading): Promise<void> {
    const { waiting, drops } = this.#parts.ledger;
    // Somebody may have put another folder there just now: the drop does not rest in that one.
    const restsIn = (await this.folderOf(drop).identityWith(drop.name)) ?? waiting.restsIn(drop);
    const nextLookAtMs = this.nextLookMs(drop);
    waiting.rest(drop, { sinceMs, nextLookAtMs, layout: JSON.stringify(reading), restsIn });
    this.tellRest(drops.current(drop));
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
