import type { Drop } from '../domain/drop.ts';
import { ChosenNames } from '../intake/chosen-names.ts';
import { type Settled, settle } from '../intake/settle.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOtherThanRead, readingOf } from './reading.ts';

/** Report, retry file, move. */
export function settleStep(
  inboxes: Inboxes,
  timezone: string,
  { ledger: { drops, rows }, events, clock, signal, access }: IntakeParts,
): Pick<Steps<never, never>, 'settle'> & {
  /** Keeps the names that an interrupted settling has chosen; to be told of each leftover before any is settled. */
  keepNames(drop: Drop): void;
} {
  const chosenNames = new ChosenNames();

  /** Where an interrupted settling meant to put the drop. */
  function chosenBy(drop: Drop): Settled | null {
    const { settledAs: file, settledIn: folder } = drops.current(drop);
    const chosen = file !== null && folder !== null ? { file, folder } : null;
    return chosen !== null && chosenNames.take(drop.id, chosen) ? chosen : null;
  }

  function choose(drop: Drop, chosen: Settled): boolean {
    const isFree = chosenNames.take(drop.id, chosen);
    if (isFree) drops.chooseStem(drop, chosen.file, chosen.folder);
    return isFree;
  }

  return {
    keepNames: (drop) => void chosenBy(drop),

    async settle(drop) {
      const { processed, failed } = inboxes.of(drop.inbox).config;
      // Too late once names are chosen: its report may lie there already.
      const mayBeOther = drops.current(drop).settledAs === null;
      const isOther = () => isOtherThanRead(drops.current(drop), inboxes.pathOf(drop));
      if (mayBeOther && (await inboxes.untilPossible(drop, isOther))) {
        drops.markClaimed(drop);
        return drops.current(drop);
      }
      drops.markSettling(drop);
      passed('settle.begun');
      const settled = await inboxes.untilPossible(drop, () => {
        const { failure, id, name, ...current } = drops.current(drop);
        const { layout, format } = readingOf(current);
        const path = inboxes.pathOf(drop);
        return settle(
          { id, name, path, failure, chosen: chosenBy(drop), layout, format },
          rows.ended(drop),
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
      drops.markSettled(drop, clock.wallMs());
      passed('settle.marked');
      inboxes.left(drop);
      chosenNames.release(drop.id);
      events.emit('drop.settled', { ...factsOf(drop), ...settled, counts });
      return undefined;
    },
  };
}
