import type { RowOutcome } from './outcome.ts';
import type { Row } from './row.ts';
import { endWish, wishesOf } from './wish.ts';

/**
 * Why a row alone ends as `gave-up`, in sentences that whoever looks into `failed/` can act on. `what` was tried and
 * failed each time; `answer` is the last word about it.
 */
export function givenUp(what: string, answer: string): string {
  const said = answer.replace(/[.\s]+$/, '');
  return `${what}, while the shop answered everything else. Last of all: ${said}. Once the shop's people have looked at this order, drop the retry file again.`;
}

/**
 * The ends of an order's rows of which nobody can tell any more what stands, nor, where `mayHaveMailed`, whether the shop was
 * asked to mail about them.
 */
export function endUnseen(rows: readonly Row[], message: string, mayHaveMailed: boolean): RowOutcome[] {
  const ends = wishesOf(rows).flatMap((wish) => endWish(wish, 'gave-up', message));
  return mayHaveMailed ? ends.map((end) => ({ ...end, mail: 'unknown' })) : ends;
}
