import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Drop, dropId } from '../domain/drop.ts';
import { FolderError } from '../domain/failure.ts';
import { nextLookMs } from '../domain/waiting.ts';
import { errorCode } from '../intake/file-errors.ts';
import { lookAt } from '../intake/file-state.ts';
import { waitingName } from '../intake/names.ts';
import { writeWaitingFile, writeWaitingReport } from '../intake/report/waiting-file.ts';
import { WaitingFolder } from '../intake/waiting-folder.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { passed } from '../runtime/step.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOtherThanRead, type Reading, readingOf } from './reading.ts';

/** Hidden in the working folder of the drop that they come from; `settle` removes what a crash leaves of them. */
const FILE = '.waiting';
const REPORT = '.waiting-report';

/** What a row ends with, for good, whose file somebody took out of `waiting/`. */
const TAKEN_AWAY =
  'somebody took its file out of the folder waiting, which ends the waiting; nothing was written for this row';

/**
 * Rows that wait for what heals by itself. When a drop settles they become a drop of their own, whose file lies in
 * `waiting/`; it is looked at again on its schedule until no row of it waits, and then settles like any other.
 */
export class Waiting {
  readonly #inboxes: Inboxes;
  readonly #ledger: Ledger;
  readonly #parts: IntakeParts;
  readonly #onRest: () => void;
  readonly #folders: ReadonlyMap<string, WaitingFolder>;
  /** Drops whose report was said to be somebody else's. */
  readonly #saidKept = new Set<string>();

  /** `onRest` is told that a next look was set, which may be the first that comes. */
  constructor(inboxes: Inboxes, parts: IntakeParts, onRest: () => void) {
    this.#inboxes = inboxes;
    this.#ledger = parts.ledger;
    this.#parts = parts;
    this.#onRest = onRest;
    const folders = inboxes.all().map(({ config }) => {
      const { name, folder, working, waiting } = config;
      return [
        name,
        new WaitingFolder({ inbox: name, folder, working, waiting }, parts.access, parts.events),
      ] as const;
    });
    this.#folders = new Map(folders);
  }

  /**
   * To be asked of each drop whose rows have their outcome, before its files are put away. True: they stay where they
   * are, since it waits on, or has ended.
   * @throws FolderError, or the file system's own error, where a folder cannot be used: to be done again.
   */
  async keepsBack(drop: Drop): Promise<boolean> {
    const counts = this.#ledger.drops.countsOf(drop);
    if (drop.waitingSinceMs === null) {
      if (counts.waiting !== undefined) await this.#part(drop);
      return false;
    }
    const current = this.#ledger.drops.current(drop);
    if (current.state === 'settling') return await this.#isOver(current);
    if (!(await this.#folderOf(current).has(current.name))) return this.#endTaken(current);
    if (counts.waiting === undefined) return await this.#isOver(current);
    await this.#rest(current);
    return true;
  }

  /** Whether somebody took away the file of a drop that waits: nothing is written for it any more. */
  async isTakenAway(drop: Drop): Promise<boolean> {
    if (drop.waitingSinceMs === null) return false;
    return (await lookAt(this.#inboxes.pathOf(drop))) === undefined;
  }

  // Parting.

  /** Makes the waiting rows a drop of their own, or ends what an earlier try began. */
  async #part(drop: Drop): Promise<void> {
    const { drops, waiting } = this.#ledger;
    const { waitsAs } = drops.current(drop);
    const known = waitsAs === null ? undefined : drops.byId(waitsAs);
    if (known !== undefined && (known.nextLookAtMs !== null || known.state !== 'waiting')) return;
    const from = drops.current(drop);
    const to = known ?? (await this.#enter(from));
    if (known !== undefined) await this.#write(from, undefined);
    passed('wait.parted');
    await this.#place(from, to, known !== undefined);
    const placed = drops.current(to);
    const reading = await this.#readingInPlace(placed);
    const nextLookAtMs = this.#nextLookMs(placed);
    waiting.rest(placed, placed.waitingSinceMs ?? placed.claimedAtMs, nextLookAtMs, JSON.stringify(reading));
    passed('wait.begun');
    this.#tell(drops.current(placed));
  }

  async #enter(from: Drop): Promise<Drop> {
    const { drops, waiting } = this.#ledger;
    const { clock } = this.#parts;
    const id = dropId(clock.wallMs(), clock.random());
    waiting.enter(from, id);
    const to = drops.byId(id);
    if (to === undefined) throw new Error('a drop that was entered is not in the ledger');
    try {
      const file = await this.#write(from, to);
      for (let copy = 1; ; copy += 1) {
        const name = await this.#folderOf(from).freeName(waitingName(from.name), copy);
        if (name === undefined || waiting.isNameTaken(to, name)) continue;
        waiting.part(from, to, { ...file, name });
        return drops.current(to);
      }
    } catch (error) {
      if (drops.current(from).waitsAs === null) drops.forget(to);
      throw error;
    }
  }

  /** Writes the file of the waiting rows beside the drop, and copies its rows to `to`. */
  async #write(from: Drop, to: Drop | undefined): Promise<{ bytes: number; layout: string }> {
    const { layout, format } = readingOf(from);
    if (layout === null) throw new Error('a drop that could not be read has rows that wait');
    const { waiting } = this.#ledger;
    const path = this.#inboxes.pathOf(from);
    const target = join(dirname(path), FILE);
    const pages = writeWaitingFile(
      { path, layout, format },
      waiting.records(from),
      target,
      this.#parts.signal,
    );
    let page = await pages.next();
    for (; !page.done; page = await pages.next()) {
      if (to !== undefined) waiting.copy(from, to, page.value);
      await setImmediate();
    }
    const state = await lookAt(target);
    if (state === undefined) throw new Error('a file that was written is not there');
    const reading: Reading = { layout: page.value, format, file: { ...state, inode: String(state.inode) } };
    return { bytes: state.bytes, layout: JSON.stringify(reading) };
  }

  async #place(from: Drop, to: Drop, wasBegun: boolean): Promise<void> {
    const { waiting, drops } = this.#ledger;
    const { signal } = this.#parts;
    const folder = this.#folderOf(to);
    const beside = dirname(this.#inboxes.pathOf(from));
    const sources = { file: join(beside, FILE), report: join(beside, REPORT) };
    const { layout } = readingOf(to);
    const rows = this.#ledger.rows;
    let isRerun = wasBegun;
    for (let copy = 0; ; copy += 1) {
      if (copy > 0) {
        const name = await folder.freeName(waitingName(from.name), copy);
        if (name === undefined || waiting.isNameTaken(to, name)) continue;
        waiting.rename(to, name);
      }
      const { name, id } = drops.current(to);
      await writeWaitingReport({ id, layout }, rows.ended(to), sources.report, signal);
      if (await folder.placeBoth(sources, name, { dropId: id, isRerun, signal })) return;
      isRerun = false;
    }
  }

  /** How it was read, with the state that its file has now that it lies in `waiting/`. */
  async #readingInPlace(drop: Drop): Promise<Reading> {
    const reading = readingOf(drop);
    const now = await lookAt(this.#folderOf(drop).pathOf(drop.name));
    // Another file system gives it another inode, and nothing else. One that is gone shows at the first look.
    if (now === undefined || reading.file === null) return reading;
    return { ...reading, file: { ...reading.file, inode: String(now.inode) } };
  }

  // Looking again.

  /** Of the next drop to come, ms from now; never more than its inbox's `every`, whatever was done to the clock. */
  delayMs(): number {
    const drop = this.#next();
    return drop === undefined ? Number.POSITIVE_INFINITY : this.#delayOf(drop);
  }

  /** Begins the look that is due, where one is: the drop is to be worked on like one that was claimed. */
  async takeDue(): Promise<Drop | undefined> {
    for (let drop = this.#next(); drop !== undefined && this.#delayOf(drop) === 0; drop = this.#next()) {
      const begun = await this.#beginLook(drop);
      if (begun !== undefined) return begun;
    }
    return undefined;
  }

  #next(): Drop | undefined {
    const [inbox] = this.#inboxes.all();
    const id = inbox && this.#ledger.waiting.nextOf(inbox.config.store);
    return id === undefined ? undefined : this.#ledger.drops.byId(id);
  }

  #delayOf({ inbox, nextLookAtMs }: Drop): number {
    const { everyMs } = this.#inboxes.of(inbox).config.waitFor;
    const delayMs = (nextLookAtMs ?? 0) - this.#parts.clock.wallMs();
    // The clock was set back: nobody meant to wait that long.
    return delayMs > everyMs ? 0 : Math.max(0, delayMs);
  }

  async #beginLook(drop: Drop): Promise<Drop | undefined> {
    const { drops, waiting } = this.#ledger;
    const folder = this.#folderOf(drop);
    try {
      if (!(await folder.has(drop.name))) {
        await this.#endTaken(drop);
        return undefined;
      }
      const path = folder.pathOf(drop.name);
      this.#inboxes.liesAt(drop, path);
      if (await isOtherThanRead(drop, path)) drops.markClaimed(drop);
      else for (const _ of waiting.reopenInPages(drop)) await setImmediate();
      passed('wait.look-begun');
      return drops.current(drop);
    } catch (error) {
      if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
      this.#parts.events.emit('drop.stuck', { ...factsOf(drop), message: (error as Error).message });
      waiting.postpone(drop, this.#nextLookMs(drop));
      return undefined;
    }
  }

  async #rest(drop: Drop): Promise<void> {
    const { waiting, drops } = this.#ledger;
    await this.#report(drop);
    passed('wait.reported');
    const sinceMs = Math.min(drop.waitingSinceMs ?? drop.claimedAtMs, this.#parts.clock.wallMs());
    waiting.rest(drop, sinceMs, this.#nextLookMs(drop), JSON.stringify(readingOf(drop)));
    this.#tell(drops.current(drop));
  }

  /** Somebody may hold the report open, or have put something in its place: the rows do not wait for that. */
  async #report(drop: Drop): Promise<void> {
    const { layout } = readingOf(drop);
    const { rows } = this.#ledger;
    const say = (message: string) => {
      if (this.#saidKept.has(drop.id)) return;
      this.#saidKept.add(drop.id);
      this.#parts.events.emit('drop.report-kept', { ...factsOf(drop), message });
    };
    try {
      const source = { id: drop.id, layout };
      const isNew = await this.#folderOf(drop).replaceReport(
        drop.name,
        source,
        rows.ended(drop),
        this.#parts.signal,
      );
      if (isNew) this.#saidKept.delete(drop.id);
      else say('something else lies where it belongs');
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      say((error as Error).message);
    }
  }

  // The end.

  /** False once the file lies in `working/`, to be settled like any other; true where it was taken away before. */
  async #isOver(drop: Drop): Promise<boolean> {
    const { drops } = this.#ledger;
    const folder = this.#folderOf(drop);
    const inWorking = join(this.#inboxes.of(drop.inbox).config.working, drop.id, drop.name);
    drops.markSettling(drop);
    passed('wait.ending');
    if (drop.settledAs === null && (await lookAt(inWorking)) === undefined) {
      const path = await folder.takeOut(drop.name, drop.id);
      if (path === undefined && (await folder.has(drop.name)))
        throw new FolderError('waiting-unavailable', `${folder.pathOf(drop.name)} cannot be moved`);
      if (path === undefined) return await this.#endTaken(drop);
    }
    this.#inboxes.left(drop);
    await folder.removeReport(drop.name, drop.id);
    passed('wait.ended');
    return false;
  }

  async #endTaken(drop: Drop): Promise<true> {
    const folder = this.#folderOf(drop);
    await folder.removeReport(drop.name, drop.id);
    const rows = this.#ledger.drops.countsOf(drop).waiting ?? 0;
    this.#ledger.waiting.end(drop, TAKEN_AWAY, this.#parts.clock.wallMs());
    this.#inboxes.left(drop);
    this.#parts.events.emit('drop.wait-ended', { ...factsOf(drop), rows, folder: folder.path });
    return true;
  }

  // The start.

  /** Ends the moves out of `waiting/` that an earlier process began; to be called before leftovers are looked for. */
  async finishMoves(nameOf: (dropId: string) => string | undefined): Promise<void> {
    for (const folder of this.#folders.values()) await folder.finishTakingOut(nameOf);
  }

  /**
   * What to do at the start with a drop that waits, or did when the process ended, and has no file in `working/`:
   * `none` where it rests, `resume` where its file lies in `waiting/` and a look was under way, `forget` where it never
   * came to wait. Undefined for a drop that has nothing to do with waiting.
   */
  async atStart(drop: Drop): Promise<'none' | 'resume' | 'forget' | undefined> {
    if (drop.waitingSinceMs === null || drop.settledAs !== null) return undefined;
    if (drop.nextLookAtMs === null) {
      return drop.state === 'waiting' && this.#ledger.waiting.hasParent(drop) ? 'none' : 'forget';
    }
    const folder = this.#folderOf(drop);
    if (drop.state === 'waiting') {
      if (this.#delayOf(drop) > 0) this.#tell(drop);
      return 'none';
    }
    if (!(await folder.has(drop.name))) {
      await this.#endTaken(drop);
      return 'none';
    }
    this.#inboxes.liesAt(drop, folder.pathOf(drop.name));
    return 'resume';
  }

  /** Claims files of waiting rows that the ledger does not know, so that none is lost with it. */
  async claimStrangers(
    enter: (inbox: string, id: string, name: string, bytes: number) => Drop,
  ): Promise<Drop[]> {
    const { drops } = this.#ledger;
    const { clock } = this.#parts;
    const claimed: Drop[] = [];
    for (const [inbox, folder] of this.#folders) {
      const known = drops.unsettled().filter((drop) => drop.inbox === inbox && drop.waitingSinceMs !== null);
      for (const { name, bytes } of await folder.strangers(new Set(known.map((drop) => drop.name)))) {
        const drop = enter(inbox, dropId(clock.wallMs(), clock.random()), name, bytes);
        const path = await folder.takeOut(name, drop.id);
        if (path === undefined) {
          drops.forget(drop);
          continue;
        }
        await folder.removeStrangersReport(name);
        this.#parts.events.emit('drop.claimed', { ...factsOf(drop), bytes });
        claimed.push(drop);
      }
    }
    return claimed;
  }

  #nextLookMs({ inbox, waitingSinceMs, claimedAtMs }: Drop): number {
    const limits = this.#inboxes.of(inbox).config.waitFor;
    const nowMs = this.#parts.clock.wallMs();
    return nextLookMs({ limits, sinceMs: waitingSinceMs ?? claimedAtMs, nowMs });
  }

  #tell(drop: Drop): void {
    const rows = this.#ledger.drops.countsOf(drop).waiting ?? 0;
    const folder = this.#folderOf(drop).path;
    this.#parts.events.emit('drop.waiting', {
      ...factsOf(drop),
      rows,
      folder,
      nextLookAtMs: drop.nextLookAtMs ?? 0,
    });
    this.#onRest();
  }

  #folderOf({ inbox }: Drop): WaitingFolder {
    const folder = this.#folders.get(inbox);
    if (folder === undefined) throw new Error(`no inbox ${inbox} is configured`);
    return folder;
  }
}
