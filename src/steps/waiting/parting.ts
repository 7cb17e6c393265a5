import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Drop, dropId } from '../../domain/drop.ts';
import { lookAt } from '../../intake/file-state.ts';
import { waitingName } from '../../intake/names.ts';
import { writeWaitingFile, writeWaitingReport } from '../../intake/report/waiting-file.ts';
import type { WaitingFile } from '../../ledger/waiting-drops.ts';
import { passed } from '../../runtime/step.ts';
import type { Inboxes, IntakeParts } from '../inboxes.ts';
import { type Reading, readingOf } from '../reading.ts';
import type { WaitingPlaces } from './places.ts';

/** Hidden in the working folder of the drop that they come from; `settle` removes what a crash leaves of them. */
const FILE = '.waiting';
const REPORT = '.waiting-report';

/**
 * Makes the waiting rows of a drop a drop of their own: its file is written beside the old one's, then the ledger knows
 * of it, as one with the old one's `waitsAs`, then file and report come into `waiting/`, then it has its first look.
 * Interrupted between any two of these it is done again from there, since the old drop is settled only afterwards.
 */
export class Parting {
  readonly #places: WaitingPlaces;
  readonly #inboxes: Inboxes;
  readonly #parts: IntakeParts;

  constructor(places: WaitingPlaces, inboxes: Inboxes, parts: IntakeParts) {
    this.#places = places;
    this.#inboxes = inboxes;
    this.#parts = parts;
  }

  /** @throws whatever the file system says: to be done again. StoppedError when the signal fires. */
  async part(drop: Drop): Promise<void> {
    const { drops } = this.#parts.ledger;
    const from = drops.current(drop);
    const known = from.waitsAs === null ? undefined : drops.byId(from.waitsAs);
    if (known !== undefined && (known.nextLookAtMs !== null || known.state !== 'waiting')) return;
    if (known !== undefined) await this.#write(from, undefined);
    const to = known ?? (await this.#enter(from));
    passed('wait.parted');
    await this.#place(from, to, known !== undefined);
    const placed = drops.current(to);
    const sinceMs = placed.waitingSinceMs ?? placed.claimedAtMs;
    await this.#places.rest(placed, sinceMs, await this.#readingInPlace(placed));
    passed('wait.begun');
  }

  async #enter(from: Drop): Promise<Drop> {
    const { drops, waiting } = this.#parts.ledger;
    const { clock } = this.#parts;
    const id = dropId(clock.wallMs(), clock.random(), drops.has);
    waiting.enter(from, id);
    const to = drops.byId(id);
    if (to === undefined) throw new Error(`the drop ${id} was entered and is not in the ledger`);
    try {
      const file = await this.#write(from, to);
      for (let copy = 1; ; copy += 1) {
        const name = await this.#places.folderOf(from).freeName(waitingName(from.name), copy);
        if (name === undefined || waiting.isNameTaken(to, name)) continue;
        waiting.part(from, to, { ...file, name });
        return drops.current(to);
      }
    } catch (error) {
      drops.forget(to);
      throw error;
    }
  }

  /**
   * Writes the file of the waiting rows beside the old one, and copies the rows to `to`, where they are not there yet.
   */
  async #write(from: Drop, to: Drop | undefined): Promise<Omit<WaitingFile, 'name'>> {
    const { layout, format } = readingOf(from);
    if (layout === null) throw new Error('a drop that could not be read has rows that wait');
    const { waiting } = this.#parts.ledger;
    const path = this.#inboxes.pathOf(from);
    const target = join(dirname(path), FILE);
    const source = { path, layout, format };
    const pages = writeWaitingFile(source, waiting.records(from), target, this.#parts.signal);
    let page = await pages.next();
    for (; !page.done; page = await pages.next()) {
      if (to !== undefined) waiting.copy(from, to, page.value);
      await setImmediate();
    }
    const state = await lookAt(target);
    if (state === undefined) throw new Error(`${target} was written and is not there`);
    const file = { bytes: state.bytes, mtimeMs: state.mtimeMs, inode: String(state.inode) };
    const reading: Reading = { layout: page.value, format, file };
    return { bytes: state.bytes, layout: JSON.stringify(reading) };
  }

  async #place(from: Drop, to: Drop, wasBegun: boolean): Promise<void> {
    const { waiting, drops, rows } = this.#parts.ledger;
    const { signal } = this.#parts;
    const folder = this.#places.folderOf(to);
    const beside = dirname(this.#inboxes.pathOf(from));
    const sources = { file: join(beside, FILE), report: join(beside, REPORT) };
    const { layout } = readingOf(to);
    for (let copy = 0; ; copy += 1) {
      if (copy > 0) {
        const name = await folder.freeName(waitingName(from.name), copy);
        if (name === undefined || waiting.isNameTaken(to, name)) continue;
        waiting.rename(to, name);
      }
      const { name, id } = drops.current(to);
      await writeWaitingReport({ id, layout }, rows.ended(to), sources.report, signal);
      const isRerun = wasBegun && copy === 0;
      if (await folder.placeBoth(sources, name, { dropId: id, isRerun, signal })) return;
    }
  }

  /** How it was read, with the state that its file has now that it lies in `waiting/`. */
  async #readingInPlace(drop: Drop): Promise<Reading> {
    const reading = readingOf(drop);
    const now = await lookAt(this.#places.folderOf(drop).pathOf(drop.name));
    // Another file system gives it another inode, and nothing else. One that is gone shows at the first look.
    if (now === undefined || reading.file === null) return reading;
    return { ...reading, file: { ...reading.file, inode: String(now.inode) } };
  }
}
