import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { Claims } from '../intake/claim.ts';
import { errorCode } from '../intake/file-errors.ts';
import { isFolder } from '../intake/file-state.ts';
import { reasonOf } from '../intake/folder-trouble.ts';
import { Mounts } from '../intake/mounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Access } from '../runtime/access.ts';
import type { Clock } from '../runtime/clock.ts';
import { factsOf } from './facts.ts';

/** What all work on files shares; `signal` ends every wait, with StoppedError. */
export interface IntakeParts {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Of what is put away. */
  readonly access: Access;
}

/** An inbox, and who takes files out of it. */
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

  /**
   * That `working/` is there while drops have their files in it: were it made again, it would look as if somebody had taken
   * them out.
   * @throws FolderError `working-gone`
   */
  async requireWorking(name: string, isInUse: () => boolean = () => true): Promise<void> {
    const { working } = this.of(name).config;
    if ((await isFolder(working)) || !isInUse()) return;
    throw new FolderError(
      'working-gone',
      `the folder ${working} is not there, and files of drops were in it`,
      {
        facts: { inbox: name, folder: working },
        hint: 'Put it back as it was, and all goes on; or make it empty, and those files are given up.',
      },
    );
  }

  get names(): readonly string[] {
    return [...this.#inboxes.keys()];
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

  /** What is in the way of a drop, with what to do about it. */
  reasonOf({ inbox }: Drop, error: Error): Promise<string> {
    const { folder, working, waiting, processed, failed } = this.of(inbox).config;
    return reasonOf(error, [folder, working, waiting, processed, failed]);
  }

  #isAnyOtherInWorking({ inbox, seq }: Drop): boolean {
    return this.#parts.ledger.drops
      .unsettled()
      .some((other) => other.inbox === inbox && other.seq !== seq && other.waitingSinceMs === null);
  }

  /**
   * Does again, once a rescan, what a folder or file does not allow at the moment; says so once, and when it is over.
   * @throws FolderError with `once`, after a few tries; whatever is no error of a folder or file.
   */
  async untilPossible<T>(drop: Drop, work: () => Promise<T>): Promise<T> {
    const { ledger, events, clock, signal } = this.#parts;
    for (let said = '', tries = 1; ; tries += 1) {
      try {
        // It may have stood still between two tries, and what they move may be another process's by then.
        ledger.lease.check();
        await this.requireMounts(drop.inbox);
        await this.requireWorking(drop.inbox, () => this.#isAnyOtherInWorking(drop));
        const result = await work();
        if (said !== '') events.emit('drop.unstuck', factsOf(drop));
        return result;
      } catch (error) {
        if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
        const message = await this.reasonOf(drop, error as Error);
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
