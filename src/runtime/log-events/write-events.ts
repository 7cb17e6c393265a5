import { type Action, numbersOf } from '../../domain/write.ts';
import type { Tellings } from './telling.ts';

/** What is asked of a store, and written to it. */
export const WRITE_EVENTS: Tellings<'orders' | 'write'> = {
  'orders.looked-up': {
    level: 'debug',
    say: ({ store, orders, tookMs }) => `${orders} orders looked up in ${store} in ${Math.round(tookMs)} ms`,
  },
  'write.sent': {
    level: 'debug',
    say: ({ action }) => `Sending: ${actionInWords(action)}`,
    carry: ({ action, ...rest }) => ({ ...rest, ...factsOf(action) }),
  },
  'write.answered': {
    level: 'debug',
    say: ({ action, answer, tookMs }) => {
      const message = 'message' in answer ? `: ${answer.message}` : '';
      return `${actionInWords(action)}: ${answer.kind}${message}, after ${Math.round(tookMs)} ms`;
    },
    carry: ({ action, answer: { kind, ...answer }, ...rest }) => ({
      ...rest,
      ...factsOf(action),
      answer: kind,
      ...answer,
    }),
  },
};

function actionInWords(action: Action): string {
  switch (action.kind) {
    case 'track':
      return `track ${action.trackingNumber} on shipment ${action.shipmentId}`;
    case 'ship':
      return `shipment of order ${action.orderId} with ${numbersOf(action).join(', ')}`;
    case 'untrack':
      return `take back track ${action.trackId} (${action.trackingNumber})`;
    case 'mail':
      return `mail about shipment ${action.shipmentId} with ${numbersOf(action).join(', ')}`;
    default:
      return action satisfies never;
  }
}

function factsOf(action: Action): Readonly<Record<string, unknown>> {
  const shipmentId = action.kind === 'ship' ? undefined : action.shipmentId;
  const trackingNumber = numbersOf(action).join(', ');
  return { action: action.kind, orderId: action.orderId, shipmentId, trackingNumber };
}
