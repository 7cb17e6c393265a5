import type { ControlledMail, ControlledOrder } from '../../src/sandbox/control.ts';

type ItemOf = ControlledOrder['items'][number];

/** An order as a merchant would tell it, and each of its shipments, oldest first, with every number, mail and comment. */
export function orderInWords(order: ControlledOrder, mails: readonly ControlledMail[]): string[] {
  const lines = order.items.filter(({ parentItemId }) => parentItemId === null);
  const items = lines.map((line) => itemInWords(line, order)).join(', ');
  const view = order.storeId === 1 ? '' : ` of store view ${order.storeId}`;
  const shipments = order.shipments.map((shipment, at) => {
    const held = shipment.items.map(({ sku, qty }) => `${qty} x ${sku}`).join(', ');
    const told = mails.filter(({ shipmentId }) => shipmentId === shipment.entityId);
    const comments = shipment.comments.map((comment) => {
      const seen = shipment.visibleComments.includes(comment) ? 'the customer sees' : 'only the shop sees';
      return `comment that ${seen}: "${comment}"`;
    });
    return [
      `S${at + 1}: ${held}`,
      shipment.trackNumbers.join(' and ') || 'no number',
      ...(shipment.source === 'default' ? [] : [`from ${shipment.source}`]),
      ...comments,
      ...told.map((mail) => `mailed about ${mail.trackNumbers.join(' and ')}`),
    ].join('; ');
  });
  return [`${order.state}${view}: ${items}`, ...shipments];
}

function itemInWords(item: ItemOf, order: ControlledOrder): string {
  const toInvoice = order.state === 'canceled' ? 0 : item.qtyOrdered - item.qtyInvoiced - item.qtyCanceled;
  const counts = [
    [item.qtyShipped, 'shipped'],
    [item.qtyRefunded, 'refunded'],
    [item.qtyCanceled, 'canceled'],
    [toInvoice, 'not invoiced'],
  ] as const;
  const notes = counts.filter(([qty]) => qty > 0).map(([qty, what]) => `${qty} ${what}`);
  const kind = item.productType === 'simple' ? '' : `${item.productType} `;
  const parts = order.items
    .filter(({ parentItemId }) => parentItemId === item.itemId)
    .map((part) => itemInWords(part, order));
  const made = parts.length > 0 && item.productType === 'bundle' ? ` of [${parts.join(', ')}]` : '';
  return `${item.qtyOrdered} x ${kind}${item.sku}${made}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}
