import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../domain/drop.ts';
import { FolderError } from '../domain/failure.ts';
import { outcomeClass } from '../domain/outcome.ts';
import { goingOn } from '../domain/remark.ts';
import type { Times } from '../domain/waiting.ts';
import type { ChosenNames } from '../intake/chosen-names.ts';
import { errorCode } from '../intake/file-errors.ts';
import { lookAt } from '../intake/file-state.ts';
import { moveSettled } from '../intake/move-settled.ts';
import { settledNames, witnessName } from '../intake/names.ts';
import { dayOf, type Settled } from '../intake/settle.ts';
import { removeWitness } from '../intake/witness.ts';
import { quoted } from '../intake/wording.ts';
import type { EndedRecord } from '../ledger/ended-records.ts';
import type { Doing } from '../ledger/redone.ts';
import type { RedoneDrop } from '../ledger/redone-moves.ts';
import { passed } from '../runtime/step.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { readingOf } from './reading.ts';
import { parseWitness, type Witness, writeWitness } from './witness.ts';

/**
 * Takes drops out of `failed/` whose every failed row later drops have done. What cannot be moved at the moment, because
 * a spreadsheet holds it open say, is tried again when the next drop is settled, and at the next start.
 */
export class RedoneDrops {
  readonly #inboxes: Inboxes;
  readonly #chosenNames: ChosenNames;
  readonly #times: Times;
  readonly #recordsOf: (drop: Drop) => Iterable<EndedRecord>;
  readonly #parts: IntakeParts;
  /** What was said of a drop that cannot be moved, by its id. */
  readonly #said = new Map<string, string>();
  /** One after the other: two drops that are settled at once find the same ones. */
  #last: Promise<void> = Promise.resolve();

  /** `recordsOf` gives what the report of a drop was written from. */
  constructor(
    inboxes: Inboxes,
    chosenNames: ChosenNames,
    {
      times,
      recordsOf,
    }: { readonly times: Times; readonly recordsOf: (drop: Drop) => Iterable<EndedRecord> },
    parts: IntakeParts,
  ) {
    this.#inboxes = inboxes;
    this.#chosenNames = chosenNames;
    this.#times = times;
    this.#recordsOf = recordsOf;
    this.#parts = parts;
  }

  /**
   * Marks what the drop has done of earlier ones. To be called before its file leaves `working/`: a crash repeats it.
   */
  async mark(drop: Drop): Promise<void> {
    for (const _ of this.#parts.ledger.redone.markInPages(drop)) await setImmediate();
  }

  /** Moves the files of every drop whose failed rows are all marked. @throws StoppedError */
  moveAll(): Promise<void> {
    const next = this.#last.then(() => this.#moveWhatIsDue());
    // Whoever asked for it is told what went wrong; the next one starts anew.
    this.#last = next.catch(() => {});
    return next;
  }

  async #moveWhatIsDue(): Promise<void> {
    const { drops, redone } = this.#parts.ledger;
    for (const due of redone.due()) {
      const drop = drops.byId(due.id);
      // An inbox of another store, or one that is not configured any more.
      if (drop === undefined || !this.#inboxes.has(drop.inbox)) continue;
      try {
        await this.#moveOne(drop, due);
        if (this.#said.delete(drop.id)) this.#parts.events.emit('drop.unstuck', factsOf(drop));
      } catch (error) {
        if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
        this.#sayOnce(drop, (error as Error).message);
      }
    }
  }

  async #moveOne(drop: Drop, { move }: RedoneDrop): Promise<void> {
    const { redone, witnesses } = this.#parts.ledger;
    const from = { folder: drop.settledIn ?? '', file: drop.settledAs ?? '' };
    const original = join(from.folder, witnessName(drop.id, from.file));
    const keepOriginalAs = witnesses.lookingAt(drop) && original;
    const { access, signal } = this.#parts;
    const { layout } = readingOf(drop);
    const doers = new Map<string, number>();
    const rows = {
      before: () => this.#recordsOf(drop),
      after: () => this.#withDoings(drop, doers),
    };
    const tryAt = async (to: Settled, isRerun: boolean) => {
      if (!this.#chosenNames.take(drop.id, to)) return false;
      redone.choose(drop, to);
      passed('redo.chosen');
      const moving = { id: drop.id, layout, from, keepOriginalAs };
      return await moveSettled(moving, rows, { ...to, access, isRerun }, signal);
    };
    let to = move;
    if (to === null || !(await tryAt(to, true))) {
      const folder = this.#todaysFolder(drop);
      let copy = 1;
      do to = { folder, file: settledNames(from.file, copy++).drop };
      while (!(await tryAt(to, false)));
    }
    passed('redo.moved');
    await this.#markMoved(drop, to, original);
    this.#chosenNames.release(drop.id);
    const inTurn = [...doers].sort(([, oneAtMs], [, otherAtMs]) => oneAtMs - otherAtMs);
    const by = inTurn.map(([name]) => name);
    const isThere = (await lookAt(join(to.folder, to.file))) !== undefined;
    this.#parts.events.emit('drop.redone', { ...factsOf(drop), ...to, isThere, by });
  }

  /** Where a copy went there, whoever looks at the file goes on with the original, in which its writer is heard. */
  async #markMoved(drop: Drop, to: Settled, original: string): Promise<void> {
    const { ledger } = this.#parts;
    const isKept = (await lookAt(original)) !== undefined;
    let isLookedAt = false;
    await ledger.together(() => {
      const looking = isKept ? ledger.witnesses.lookingAt(drop) : undefined;
      isLookedAt = looking !== undefined;
      if (looking !== undefined) {
        const witness: Witness = { ...parseWitness(looking.witness), at: original };
        ledger.witnesses.keep(looking, writeWitness(witness));
      }
      ledger.redone.markMoved(drop, to);
    });
    // Its time was over meanwhile.
    if (isKept && !isLookedAt) await removeWitness(original);
  }

  #todaysFolder({ inbox }: Drop): string {
    const { processed } = this.#inboxes.of(inbox).config;
    return `${processed}/${dayOf({ timezone: this.#times.timezone, nowMs: this.#parts.clock.wallMs() })}`;
  }

  /** Keeps the names of the files that did a row, and when they came, in `doers`. */
  *#withDoings(drop: Drop, doers: Map<string, number>): Generator<EndedRecord> {
    const { redone } = this.#parts.ledger;
    for (const record of this.#recordsOf(drop)) {
      const isFailed = outcomeClass(record.outcome) === 'failed';
      const doings = isFailed ? redone.doingsOf(drop, record.line) : [];
      for (const { name, claimedAtMs } of doings) doers.set(name, claimedAtMs);
      const words = doings.map((doing) => this.#inWords(doing));
      yield words.length === 0 ? record : { ...record, message: goingOn(record.message, ...words) };
    }
  }

  /** Nothing in it changes later: a report that is written again after a crash must be the same. */
  #inWords({ name, line, claimedAtMs }: Doing): string {
    const { inWords, timezone } = this.#times;
    return `done by line ${line} of ${quoted(name)}, which came at ${inWords(claimedAtMs)} (${timezone})`;
  }

  #sayOnce(drop: Drop, message: string): void {
    if (this.#said.get(drop.id) === message) return;
    this.#said.set(drop.id, message);
    const why = `every failed row of it is done, and its files cannot be moved to processed: ${message}`;
    this.#parts.events.emit('drop.stuck', { ...factsOf(drop), message: why });
  }
}
