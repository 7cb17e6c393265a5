import { givenUp } from './given-up.ts';
import type { Order } from './order.ts';
import type { OrderCase } from './order-case.ts';
import { mayHaveLanded, nextLookAtMs, pauseAfter, type Verdict } from './situation.ts';
import { sourceAskedFor } from './source.ts';
import { endWish, type Wish } from './wish.ts';

/** The number does not stand: never tried, may land yet, refused, or to be tried again. */
export function judgeMissing(subject: OrderCase, wish: Wish): Verdict {
  const { order, writes } = subject;
  const { look, policy, patience } = subject.situation;
  const own = subject.writesOf(wish);
  const last = own.at(-1);
  if (!last) return { kind: 'plan' };

  if (last.state === 'refused') {
    const answeredAtMs = last.answeredAtMs ?? last.atMs;
    const doubtful =
      last.kind === 'ship' || writes.some((write) => mayHaveLanded(write) && write.state !== 'done');
    if (doubtful && look.atMs <= answeredAtMs) return { kind: 'wait', untilMs: answeredAtMs };
    // Somebody else may have shipped it meanwhile, and the number can go onto that shipment: the plan tells.
    if (last.kind === 'ship') return { kind: 'plan', refusal: last.message };
    return {
      kind: 'end',
      outcomes: endWish(wish, 'store-refused', last.message, { orderId: order.entityId }),
    };
  }
  if (mayHaveLanded(last)) {
    const untilMs = nextLookAtMs(last, { look, patience });
    if (untilMs !== undefined) return { kind: 'wait', untilMs };
  }
  if (last.state === 'unsent') {
    // It may have been answered at once, with a 401 say, and would be sent in a tight loop.
    const tries = own.length - 1 - own.findLastIndex(({ state }) => state !== 'unsent');
    const nextTryAtMs = last.atMs + pauseAfter(tries, patience);
    if (look.atMs < nextTryAtMs) return { kind: 'wait', untilMs: nextTryAtMs };
  }
  if (
    last.kind === 'ship' &&
    last.state === 'done' &&
    last.shipmentId !== null &&
    !shows(order, last.shipmentId)
  ) {
    const message = `the store said that it made a shipment (id ${last.shipmentId}), and does not show it; nothing is sent again, since a second one could not be taken back. Once the shop's people have looked at this order, drop the retry file again.`;
    return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, { orderId: order.entityId }) };
  }
  const counted = own.filter(({ counts, state }) => counts || state === 'done');
  if (counted.length >= patience.attempts) {
    const answer =
      last.state === 'done' ? 'the store said that it was done, and it does not show' : last.message;
    const from = last.kind === 'ship' ? sourceAskedFor(wish, policy) : '';
    const message = givenUp(`sent ${counted.length} times${from}, and the number does not stand`, answer);
    return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, { orderId: order.entityId }) };
  }
  return { kind: 'plan' };
}

function shows({ shipments }: Order, shipmentId: number): boolean {
  return shipments.some(({ entityId }) => entityId === shipmentId);
}
