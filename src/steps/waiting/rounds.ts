import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../../domain/drop.ts';
import { FolderError } from '../../domain/failure.ts';
import { errorCode } from '../../intake/file-errors.ts';
import type { Inbox, Inboxes, IntakeParts } from '../inboxes.ts';
import { Misnamed } from './misnamed.ts';
import type { WaitingPlaces } from './places.ts';
import type { EnterClaim, Strangers } from './strangers.ts';

/** What a round finds. */
export interface RoundFindings {
  /** Some drop is to be looked at now. */
  onDue(): void;
  /** A drop ended whose rows may have done those of earlier ones. */
  onEnded(): Promise<void>;
  /** A file that is a drop of its own. */
  onStranger(drop: Drop): void;
}

/**
 * Goes through the folders of waiting rows between the looks. Each rescan one listing tells which files were taken away,
 * and their drops are looked at at once; each `waitFor.every` files are claimed that belong to no drop, and named where
 * nobody claims them.
 */
export class WaitingRounds {
  readonly #places: WaitingPlaces;
  readonly #strangers: Strangers;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;
  readonly #findings: RoundFindings;
  readonly #misnamed: Misnamed;
  /** By inbox, ms of the steady clock. */
  readonly #strangersAtMs = new Map<string, number>();

  constructor(
    { places, strangers }: { readonly places: WaitingPlaces; readonly strangers: Strangers },
    inboxes: Inboxes,
    parts: IntakeParts,
    findings: RoundFindings,
  ) {
    this.#places = places;
    this.#strangers = strangers;
    this.#inboxes = inboxes;
    this.#parts = parts;
    this.#findings = findings;
    this.#misnamed = new Misnamed(places, parts);
  }

  /** Once each rescan until the signal fires. @throws StoppedError */
  async watch(): Promise<void> {
    const { ledger, clock, signal } = this.#parts;
    const everyMs = Math.min(...this.#inboxes.all().map(({ config }) => config.rescanEveryMs));
    // A store that no inbox feeds.
    if (everyMs === Number.POSITIVE_INFINITY) return;
    for (;;) {
      await clock.sleep(everyMs, signal);
      for (const inbox of this.#inboxes.all()) await ledger.whenWritable(() => this.#goThrough(inbox));
    }
  }

  async #goThrough({ config }: Inbox): Promise<void> {
    const { ledger, clock } = this.#parts;
    // The files of a process that another one has followed are that one's.
    ledger.lease.check();
    try {
      await this.#bringForwardTaken(config.name);
      const nowMs = clock.nowMs();
      if (nowMs < (this.#strangersAtMs.get(config.name) ?? 0)) return;
      this.#strangersAtMs.set(config.name, nowMs + config.waitFor.everyMs);
      await this.#takeStrangers(config);
    } catch (error) {
      // Each drop says so at its own look, where there is any.
      if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
    }
  }

  /** Whether they were taken away is for the look to say. */
  async #bringForwardTaken(inbox: string): Promise<void> {
    const { ledger, clock } = this.#parts;
    if (ledger.waiting.resting(inbox).length === 0) return;
    const names = new Set(await this.#places.folderNamed(inbox).names());
    for (const { id, name } of ledger.waiting.resting(inbox)) {
      if (names.has(name)) continue;
      await setImmediate();
      // It may have come to rest after the listing, or be looked at by now.
      const drop = ledger.drops.byId(id);
      if (drop?.state !== 'waiting' || (await this.#places.isThere(drop))) continue;
      ledger.waiting.postpone(drop, clock.wallMs());
      this.#findings.onDue();
    }
  }

  async #takeStrangers({ name: inbox, store }: Inbox['config']): Promise<void> {
    const { ledger, clock } = this.#parts;
    await this.#inboxes.requireMounts(inbox);
    const enter: EnterClaim = (_, id, name, bytes) =>
      ledger.drops.begin({ id, inbox, store, name, bytes, claimedAtMs: clock.wallMs() });
    for await (const drop of this.#strangers.claimSteady(inbox, enter)) this.#findings.onStranger(drop);
    await this.#misnamed.look(inbox);
  }
}
