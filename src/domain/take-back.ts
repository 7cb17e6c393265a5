import { pauseAfter, type Situation } from './situation.ts';
import type { Write } from './write.ts';

/** Whether a track that stands is to be deleted now, later, or no more. */
export type TakeBack =
  | { readonly kind: 'now' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'given-up'; readonly tries: number; readonly answer: string };

/** As often as attempts are allowed, and no faster than uncertain writes are looked for. */
export function whenToTakeBack(
  trackId: number,
  writes: readonly Write[],
  { look, patience }: Pick<Situation, 'look' | 'patience'>,
): TakeBack {
  const tries = writes.filter((write) => write.kind === 'untrack' && write.trackId === trackId);
  const last = tries.at(-1);
  if (!last) return { kind: 'now' };
  const counted = tries.filter(({ counts, state }) => counts || state === 'refused' || state === 'done');
  if (counted.length >= patience.attempts) {
    const answer = last.state === 'done' ? 'the store said that it is gone, and it stands' : last.message;
    return { kind: 'given-up', tries: counted.length, answer };
  }
  const nextTryAtMs = last.atMs + pauseAfter(tries.length, patience);
  return look.atMs < nextTryAtMs ? { kind: 'wait', untilMs: nextTryAtMs } : { kind: 'now' };
}
