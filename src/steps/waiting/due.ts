import { setImmediate } from 'node:timers/promises';
import type { WaitingDrop, WaitingOrders } from '../../ledger/waiting-orders.ts';

/**
 * Waiting drops to be looked at now, in the order of their claims: those that are due, and each earlier one that waits for an
 * order of one of these. Else the number of a later file would be written first, and under an `onExisting` other than `add`
 * the earlier one's would be left out, or take its place, by which timer strikes first.
 */
export async function dueInTurn(
  orders: WaitingOrders,
  inboxes: readonly string[],
  isDue: (drop: WaitingDrop) => boolean,
): Promise<readonly WaitingDrop[]> {
  const inTurn = orders.inTurn(inboxes);
  const due = new Set(inTurn.filter(isDue));
  const places = new Map(inTurn.map(({ seq }, place) => [seq, place]));
  for (const drop of due) {
    const earlier = inTurn.slice(0, places.get(drop.seq));
    if (earlier.every((each) => due.has(each))) continue;
    for (const page of orders.sharingInPages(drop.seq)) {
      const seqs = new Set(page);
      for (const each of earlier) if (seqs.has(each.seq)) due.add(each);
      await setImmediate();
    }
  }
  return inTurn.filter((drop) => due.has(drop));
}
