import type { Drop } from '../domain/drop.ts';
import { remarkOn, withRemark, withWaitingFile } from '../domain/remark.ts';
import { timesIn } from '../domain/waiting.ts';
import { ChosenNames } from '../intake/chosen-names.ts';
import { type Settled, settle } from '../intake/settle.ts';
import type { EndedRecord } from '../ledger/ended-records.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import type { Copies } from './copies.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { readingOf } from './reading.ts';
import { RedoneDrops } from './redone.ts';
import type { Waiting } from './waiting/waiting.ts';

/** Report, retry file, move. */
export function settleStep(
  inboxes: Inboxes,
  timezone: string,
  waiting: Waiting,
  copies: Copies,
  parts: IntakeParts,
): Pick<Steps<never, never>, 'settle'> & {
  /** Keeps the names that an interrupted settling has chosen; to be told of each leftover before any is settled. */
  keepNames(drop: Drop): void;
  /**
   * Moves drops out of `failed/` whose failed rows are all done; to be called when a drop ends without being settled.
   * `isFirst` once all names are kept, and before any drop is settled: until then nothing moves.
   */
  moveRedone(options?: { readonly isFirst: boolean }): Promise<void>;
} {
  const { drops, rows, sameContent, witnesses, beginnings } = parts.ledger;
  const times = timesIn(timezone);
  const { events, clock, signal, access } = parts;
  const chosenNames = new ChosenNames();
  let areNamesKept = false;
  const redone = new RedoneDrops(inboxes, chosenNames, { times, recordsOf }, parts);

  /** Where an interrupted settling meant to put the drop. */
  function chosenBy({ id, settledAs: file, settledIn: folder }: Drop): Settled | null {
    const chosen = file !== null && folder !== null ? { file, folder } : null;
    return chosen !== null && chosenNames.take(id, chosen) ? chosen : null;
  }

  function choose(drop: Drop, chosen: Settled): boolean {
    const isFree = chosenNames.take(drop.id, chosen);
    if (isFree) drops.chooseStem(drop, chosen.file, chosen.folder);
    return isFree;
  }

  /** What its report is written from. */
  function recordsOf(drop: Drop): Iterable<EndedRecord> {
    const { failure, waitsAs } = drops.current(drop);
    const waitsIn = waitsAs === null ? undefined : drops.byId(waitsAs)?.name;
    // The one line of a file that cannot be read is written without.
    return withRemark(withWaitingFile(rows.ended(drop), waitsIn), failure === null ? remarkOf(drop) : '');
  }

  function remarkOf(drop: Drop): string {
    const same = sameContent(drop);
    const grownFrom = witnesses.grownFrom(drop);
    const settled = grownFrom === undefined ? undefined : witnesses.settledFile(grownFrom);
    const before = beginnings.sentBefore(drop);
    return remarkOn({
      sameAs: same ? { name: same.name, came: times.inWords(same.claimedAtMs) } : null,
      follows: settled ? { settledAs: settled.file } : null,
      beganAs: before ? { name: before.name, came: times.inWords(before.claimedAtMs) } : null,
    });
  }

  return {
    keepNames: (drop) => void chosenBy(drop),
    async moveRedone({ isFirst } = { isFirst: false }) {
      areNamesKept ||= isFirst;
      if (areNamesKept) await redone.moveAll();
    },

    async settle(drop) {
      const { processed, failed } = inboxes.of(drop.inbox).config;
      const mayBeOther = !isPutAway(drops.current(drop));
      const isOther = () => copies.isOtherThanRead(drop);
      if (mayBeOther && (await copies.whileThere(drop, isOther))) {
        drops.markClaimed(drop);
        return drops.current(drop);
      }
      // What lies in `waiting/` is not missing from `working/`.
      const isElsewhere = drop.waitingSinceMs !== null;
      const keepsBack = () => waiting.keepsBack(drop);
      if (await (isElsewhere ? inboxes.untilPossible(drop, keepsBack) : copies.whileThere(drop, keepsBack)))
        return undefined;
      drops.markSettling(drop);
      passed('settle.begun');
      await redone.mark(drop);
      passed('redo.marked');
      const keepOriginalAs = copies.originalOf(drop);
      const settled = await copies.whileThere(drop, () => {
        const current = drops.current(drop);
        const { failure, id, name } = current;
        const { layout, format } = readingOf(current);
        const path = inboxes.pathOf(drop);
        return settle(
          { id, name, path, failure, chosen: chosenBy(current), layout, format, keepOriginalAs },
          recordsOf(drop),
          {
            processed,
            failed,
            timezone,
            nowMs: clock.wallMs(),
            access,
            onChosen: (chosen) => choose(drop, chosen),
          },
          signal,
        );
      });
      const counts = drops.countsOf(drop);
      passed('settle.cleared');
      await copies.settled(drop);
      passed('settle.marked');
      inboxes.left(drop);
      chosenNames.release(drop.id);
      events.emit('drop.settled', { ...factsOf(drop), ...settled, counts });
      await redone.moveAll();
      return undefined;
    },
  };
}

/**
 * Too late to read it again: its report may lie there already, its waiting rows wait by themselves, or its file is on
 * its way out of `waiting/`, perhaps as a copy, which is another file.
 */
function isPutAway({ settledAs, waitsAs, waitingSinceMs, state }: Drop): boolean {
  return settledAs !== null || waitsAs !== null || (waitingSinceMs !== null && state === 'settling');
}
