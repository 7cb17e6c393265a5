import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { DropVanishedError, FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { Claims } from '../intake/claim.ts';
import { errorCode } from '../intake/file-errors.ts';
import { lookAt } from '../intake/file-state.ts';
import { Mounts } from '../intake/mounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Access } from '../runtime/access.ts';
import type { Clock } from '../runtime/clock.ts';
import { factsOf } from './facts.ts';

export interface IntakeParts {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Of what is put away. */
  readonly access: Access;
}

export interface Inbox {
  readonly config: InboxConfig;
  readonly claims: Claims;
}

/** With `once` nobody stays to see a folder come back: this long it may hiccup. */
const ONCE_TRIES = 3;

/** The inboxes of one store, and where the files of their drops lie meanwhile. */
export class Inboxes {
  readonly #inboxes: ReadonlyMap<string, Inbox>;
  readonly #parts: IntakeParts;
  readonly #mostTries: number;
  readonly #mounts = new Map<string, Mounts>();
  /** Where a file's name in `working/` is not its own, as after a claim whose true name was lost. */
  readonly #paths = new Map<number, string>();

  constructor(configs: readonly InboxConfig[], once: boolean, parts: IntakeParts) {
    this.#parts = parts;
    this.#mostTries = once ? ONCE_TRIES : Number.POSITIVE_INFINITY;
    this.#inboxes = new Map(
      configs.map((config) => {
        return [config.name, { config, claims: new Claims({ ...config, inbox: config.name }, parts.events) }];
      }),
    );
  }

  all(): readonly Inbox[] {
    return [...this.#inboxes.values()];
  }

  /** Remembers what is mounted on the way to the folders: from now on each must stay so. */
  async rememberMounts(): Promise<void> {
    for (const { config } of this.all()) {
      const { folder, working, waiting, processed, failed } = config;
      this.#mounts.set(config.name, await Mounts.on([folder, working, waiting, processed, failed]));
    }
  }

  /** Of all its folders, or of the one. @throws FolderError `mount-gone` */
  async requireMounts(name: string, to?: string): Promise<void> {
    await this.#mounts.get(name)?.require(to);
  }

  has(name: string): boolean {
    return this.#inboxes.has(name);
  }

  of(name: string): Inbox {
    const inbox = this.#inboxes.get(name);
    if (!inbox) throw new Error(`no inbox ${name} is configured`);
    return inbox;
  }

  pathOf(drop: Drop): string {
    return this.#paths.get(drop.seq) ?? join(this.of(drop.inbox).config.working, drop.id, drop.name);
  }

  liesAt(drop: Drop, path: string): void {
    this.#paths.set(drop.seq, path);
  }

  left(drop: Drop): void {
    this.#paths.delete(drop.seq);
  }

  /**
   * Does again, once a rescan, what a folder or file does not allow at the moment; says so once, and when it is over.
   * @throws FolderError with `once`, after a few tries.
   */
  async untilPossible<T>(drop: Drop, work: () => Promise<T>): Promise<T> {
    return await this.#untilPossible(drop, work, async () => false);
  }

  /**
   * The same for work on a claimed file, which never becomes possible once that was taken away.
   * @throws DropVanishedError
   */
  async whileThere<T>(drop: Drop, work: () => Promise<T>): Promise<T> {
    return await this.#untilPossible(drop, work, () => this.#isVanished(drop));
  }

  /** Its file is neither in `working/` nor where it was to go, and all that was mounted is. */
  async #isVanished(drop: Drop): Promise<boolean> {
    const { drops, witnesses } = this.#parts.ledger;
    const { settledAs, settledIn, waitingSinceMs } = drops.current(drop);
    // Those have a file elsewhere, and others who look after it.
    if (waitingSinceMs !== null || witnesses.of(drop) !== null) return false;
    const chosen = settledAs !== null && settledIn !== null ? [join(settledIn, settledAs)] : [];
    try {
      for (const path of [this.pathOf(drop), ...chosen]) {
        if ((await lookAt(path)) !== undefined) return false;
      }
      await this.requireMounts(drop.inbox);
      return true;
    } catch (error) {
      if (error instanceof FolderError || errorCode(error) !== undefined) return false;
      throw error;
    }
  }

  async #untilPossible<T>(
    drop: Drop,
    work: () => Promise<T>,
    isVanished: () => Promise<boolean>,
  ): Promise<T> {
    const { ledger, events, clock, signal } = this.#parts;
    for (let said = '', tries = 1; ; tries += 1) {
      try {
        // It may have stood still between two tries, and what they move may be another process's by then.
        ledger.lease.check();
        await this.requireMounts(drop.inbox);
        const result = await work();
        if (said !== '') events.emit('drop.unstuck', factsOf(drop));
        return result;
      } catch (error) {
        if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
        const { message } = error as Error;
        if (await isVanished()) throw new DropVanishedError('drop-vanished', message, { cause: error });
        if (message !== said) events.emit('drop.stuck', { ...factsOf(drop), message });
        said = message;
        if (tries >= this.#mostTries) throw stuck(drop, error as Error);
        await clock.sleep(this.of(drop.inbox).config.rescanEveryMs, signal);
      }
    }
  }
}

function stuck({ id, inbox, name }: Drop, error: Error): FolderError {
  if (error instanceof FolderError) return error;
  return new FolderError('drop-stuck', `${name} cannot be worked on: ${error.message}`, {
    facts: { drop: id, inbox },
    hint: 'Make sure that the file and the folders can be read and written; the next run goes on with it.',
    cause: error,
  });
}
