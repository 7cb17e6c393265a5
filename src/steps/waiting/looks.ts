import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../../domain/drop.ts';
import { FolderError } from '../../domain/failure.ts';
import { errorCode } from '../../intake/file-errors.ts';
import type { WaitingDrop } from '../../ledger/waiting-orders.ts';
import { passed } from '../../runtime/step.ts';
import { factsOf } from '../facts.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import { isOtherThanRead, isOutdated, readingOf } from '../reading.ts';
import type { Schedule } from '../returning.ts';
import { dueInTurn } from './due.ts';
import type { WaitingEnds } from './ends.ts';
import type { WaitingPlaces } from './places.ts';

/** Looks at drops that wait: when the next one is due, how it begins, and how the drop comes to rest again. */
export class WaitingLooks implements Schedule {
  readonly #places: WaitingPlaces;
  readonly #ends: WaitingEnds;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;
  /** Their rows have no outcome any more, and nobody works on them yet. */
  readonly #begun: Drop[] = [];
  /** Drops of which it was said that nobody can look at them; that they ended is said otherwise. */
  readonly #stuck = new Set<string>();
  /** What was said of a report that cannot be renewed, by drop. */
  readonly #saidKept = new Map<string, string>();

  constructor(places: WaitingPlaces, ends: WaitingEnds, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#ends = ends;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  delayMs(): number {
    const drop = this.#next();
    return drop === undefined ? Number.POSITIVE_INFINITY : this.#places.delayMs(drop);
  }

  /** Its rows have no outcome any more: it is worked on like a drop that was claimed. */
  async takeDue(): Promise<Drop | undefined> {
    const { ledger } = this.#parts;
    if (this.#begun.length === 0) {
      await ledger.whenWritable(() => {
        ledger.lease.check();
        return this.#beginDue();
      });
    }
    return this.#begun.shift();
  }

  /** All of them before the first is worked on: one that has come to rest again would be due again with the next. */
  async #beginDue(): Promise<void> {
    const { waitingOrders, drops } = this.#parts.ledger;
    if (this.delayMs() > 0) return;
    const isDue = (drop: WaitingDrop) => this.#places.delayMs(drop) === 0;
    for (const { id } of await dueInTurn(waitingOrders, this.#inboxes.names, isDue)) {
      const drop = drops.byId(id);
      const begun = drop?.state === 'waiting' ? await this.#begin(drop) : undefined;
      if (begun) this.#begun.push(begun);
    }
  }

  /** Renews the report, and leaves the drop until its next look. */
  async rest(drop: Drop): Promise<void> {
    await this.#renewReport(drop);
    passed('wait.reported');
    const nowMs = this.#parts.clock.wallMs();
    // The clock was set back since the claim: the wait would have no end.
    const sinceMs = Math.min(drop.waitingSinceMs ?? drop.claimedAtMs, nowMs);
    await this.#places.rest(drop, sinceMs, readingOf(drop));
  }

  #next(): Drop | undefined {
    const id = this.#parts.ledger.waiting.nextOf(this.#inboxes.names);
    return id === undefined ? undefined : this.#parts.ledger.drops.byId(id);
  }

  async #begin(drop: Drop): Promise<Drop | undefined> {
    const { drops, waiting } = this.#parts.ledger;
    try {
      if (!(await this.#places.isThere(drop))) {
        await this.#ends.endTaken(drop);
        return undefined;
      }
      const path = this.#places.folderOf(drop).pathOf(drop.name);
      const isOther = await isOtherThanRead(drop, path);
      if (!isOther && waiting.isReadAgain(drop)) {
        await this.#ends.endReadAgain(drop);
        return undefined;
      }
      if (this.#stuck.delete(drop.id)) this.#parts.events.emit('drop.unstuck', factsOf(drop));
      this.#inboxes.liesAt(drop, path);
      if (isOther || isOutdated(drop)) drops.markClaimed(drop);
      else for (const _ of waiting.reopenInPages(drop)) await setImmediate();
      passed('wait.look-begun');
      return drops.current(drop);
    } catch (error) {
      if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
      this.#stuck.add(drop.id);
      this.#parts.events.emit('drop.stuck', {
        ...factsOf(drop),
        message: await this.#inboxes.reasonOf(drop, error as Error),
      });
      waiting.postpone(drop, this.#places.nextLookMs(drop));
      return undefined;
    }
  }

  /** Somebody may hold the report open, or have put something in its place: the rows do not wait for that. */
  async #renewReport(drop: Drop): Promise<void> {
    const { ledger, signal } = this.#parts;
    const folder = this.#places.folderOf(drop);
    const source = { id: drop.id, layout: readingOf(drop).layout };
    try {
      const isRenewed = await folder.reports.replace(drop.name, source, ledger.rows.ended(drop), signal);
      if (isRenewed) this.#saidKept.delete(drop.id);
      else this.#sayKept(drop, 'something else lies under its name');
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.#sayKept(drop, (error as Error).message);
    }
  }

  #sayKept(drop: Drop, message: string): void {
    if (this.#saidKept.get(drop.id) === message) return;
    this.#saidKept.set(drop.id, message);
    this.#parts.events.emit('drop.report-kept', { ...factsOf(drop), message });
  }
}
