import { type Drop, dropId } from '../domain/drop.ts';
import { UnreadableDropError } from '../domain/failure.ts';
import { contentOf } from '../intake/content-hash.ts';
import { errorCode } from '../intake/file-errors.ts';
import { lookAt } from '../intake/file-state.ts';
import { whenSteady } from '../intake/steady.ts';
import { removeWitness } from '../intake/witness.ts';
import type { WitnessedDrop } from '../ledger/witnesses.ts';
import { passed } from '../runtime/step.ts';
import { TaskGroup } from '../runtime/task-group.ts';
import type { Copies } from './copies.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { parseWitness, placeOf, standingOf, stored, type Witness, writeWitness } from './witness.ts';

/**
 * So long after a drop was settled its writer is heard; a last look comes when that is over, be it at the next start.
 */
export const HEARD_FOR_MS = 10 * 60_000;
/** In one go; where more were settled within that time they take turns. */
const LOOKS_AT_A_TIME = 500;

/**
 * Looks after files that were put away while their writers may still hold them. One that its writer went on with
 * becomes a drop of its own once it lies still: the same name, the whole content. Rows that are done stay done, and
 * what is new is pushed.
 *
 * What lies where at the end: the settled file of the first drop may be the writer's own, and then holds all that
 * was written, while its report tells of the part that was there when it was read; file and report of the last drop are
 * both whole. A change that leaves the content as it was (a time that an uploader sets at the end) makes no drop. A
 * person who saves the settled file in place within the time cannot be told from a writer: it is read again as well,
 * once for each content.
 */
export class WritersThatGoOn {
  readonly #inboxes: Inboxes;
  readonly #copies: Copies;
  readonly #parts: IntakeParts;
  readonly #onGrown: (drop: Drop) => void;
  /** Seqs of drops whose file is waited for to lie still. */
  readonly #growing = new Set<number>();
  /** The last one that was looked at in the present round. */
  #cursor = 0;

  /** For the inboxes of one store; `onGrown` is told of each new one, whose file lies in `working/`. */
  constructor(inboxes: Inboxes, copies: Copies, parts: IntakeParts, onGrown: (drop: Drop) => void) {
    this.#inboxes = inboxes;
    this.#copies = copies;
    this.#parts = parts;
    this.#onGrown = onGrown;
  }

  /** Looks once each rescan until the signal fires. @throws StoppedError */
  async watch(): Promise<void> {
    const tasks = new TaskGroup();
    tasks.add(this.#lookAgainAndAgain(tasks));
    await tasks.ended();
  }

  /** Looks at each once, and waits for those that have changed to lie still. @throws StoppedError */
  async lookOnce(): Promise<void> {
    const tasks = new TaskGroup();
    tasks.add(this.#lookAtAll(tasks));
    await tasks.ended();
  }

  async #lookAtAll(tasks: TaskGroup): Promise<void> {
    do {
      await this.#lookAtSome(tasks);
    } while (this.#cursor > 0);
  }

  async #lookAgainAndAgain(tasks: TaskGroup): Promise<void> {
    const { clock, signal } = this.#parts;
    const everyMs = Math.min(...this.#inboxes.all().map(({ config }) => config.rescanEveryMs));
    // A store that no inbox feeds.
    if (everyMs === Number.POSITIVE_INFINITY) return;
    for (;;) {
      await this.#lookAtSome(tasks);
      await clock.sleep(everyMs, signal);
    }
  }

  async #lookAtSome(tasks: TaskGroup): Promise<void> {
    const { ledger } = this.#parts;
    // The files of a process that another one has followed are that one's.
    ledger.lease.check();
    const store = this.#inboxes.all()[0]?.config.store ?? '';
    const some = ledger.witnesses.after(store, this.#cursor, LOOKS_AT_A_TIME);
    this.#cursor = some.length < LOOKS_AT_A_TIME ? 0 : (some.at(-1)?.seq ?? 0);
    const resting = some.filter(({ seq }) => !this.#growing.has(seq));
    const over = await Promise.all(
      resting.map(async (drop) => ((await this.#look(drop, tasks)) ? [] : [drop])),
    );
    if (over.flat().length === 0) return;
    await ledger.together(() => {
      for (const drop of over.flat()) ledger.witnesses.keep(drop, null);
    });
  }

  /** False once nobody needs to look again. */
  async #look(drop: WitnessedDrop, tasks: TaskGroup): Promise<boolean> {
    const { ledger, clock } = this.#parts;
    const witness = parseWitness(drop.witness);
    const path = placeOf(witness, ledger.witnesses);
    if (path === undefined) return false;
    try {
      const isOver = Math.abs(clock.wallMs() - drop.settledAtMs) >= HEARD_FOR_MS;
      const standing = standingOf(witness, await lookAt(path));
      if (standing === 'changed') {
        const current = ledger.drops.byId(drop.id);
        // Its inbox feeds another store now, or none.
        if (current === undefined || !this.#inboxes.has(current.inbox)) return !isOver;
        this.#growing.add(drop.seq);
        tasks.add(
          this.#takeWhenSteady(drop, current, witness, path).finally(() => this.#growing.delete(drop.seq)),
        );
        return true;
      }
      // Gone for a moment only, it may be, with the mount on which it lies.
      if (!isOver && standing !== 'other') return true;
      if (typeof witness.at === 'string' && standing === 'same') await removeWitness(path);
      return false;
    } catch (error) {
      // A folder that cannot be read at the moment: looked at again at the next rescan.
      if (errorCode(error) === undefined) throw error;
      return true;
    }
  }

  async #takeWhenSteady(drop: WitnessedDrop, current: Drop, witness: Witness, path: string): Promise<void> {
    try {
      await whenSteady(path, this.#inboxes.of(current.inbox).config, this.#parts);
      const state = await lookAt(path);
      if (state === undefined || standingOf(witness, state) !== 'changed') return;
      const content = await contentOf(path);
      if (content === undefined) return;
      if (content.sha256 === drop.sha256) await this.#copies.keep(drop, { ...witness, state: stored(state) });
      else await this.#take(drop, current, { at: witness.at, state: stored(state) }, state.bytes);
    } catch (error) {
      if (errorCode(error) === undefined && !(error instanceof UnreadableDropError)) throw error;
    }
  }

  async #take(drop: WitnessedDrop, current: Drop, witness: Witness, bytes: number): Promise<void> {
    const { ledger, clock, events } = this.#parts;
    const { inbox, store, name } = current;
    const id = dropId(clock.wallMs(), clock.random(), ledger.drops.has);
    const facts = { id, inbox, store, name, bytes, claimedAtMs: clock.wallMs() };
    await ledger.together(() => ledger.witnesses.reread(drop, facts, writeWitness(witness)));
    passed('grow.entered');
    const grown = ledger.drops.byId(id);
    if (grown === undefined) throw new Error('a drop that was entered is not in the ledger');
    if (!(await this.#inboxes.untilPossible(grown, () => this.#copies.renew(grown)))) {
      await ledger.together(() => ledger.drops.forget(grown));
      return;
    }
    passed('grow.copied');
    events.emit('drop.grown', { ...factsOf(grown), earlier: drop.id });
    this.#onGrown(grown);
  }
}
