import type { Policy } from '../domain/policy.ts';
import type { Checked } from './check.ts';
import type { OptionPath } from './options.ts';

/** What `shipments` of the inbox at this place says; what contradicts itself there becomes a problem of `checked`. */
export function decidePolicy(checked: Checked, at: number): Policy {
  const { value } = checked;
  const comment = value('inboxes[].shipments.comment', at) ?? null;
  const isVisible = value('inboxes[].shipments.commentVisible', at);
  const policy: Policy = {
    createShipments: value('inboxes[].shipments.create', at),
    onExisting: value('inboxes[].shipments.onExisting', at),
    attach: value('inboxes[].shipments.attach', at),
    onPartlyShipped: value('inboxes[].shipments.onPartlyShipped', at),
    storeView: value('inboxes[].shipments.storeView', at) ?? null,
    requirePaid: value('inboxes[].shipments.requirePaid', at),
    source: value('inboxes[].shipments.source', at) ?? null,
    notify: value('inboxes[].shipments.notify', at),
    comment: comment === null ? null : { text: comment, isVisible },
  };
  if (!policy.createShipments && !checked.isRefused('inboxes[].shipments.create', at)) {
    noteWithoutCreate(checked, at, policy);
  }
  if (isVisible && comment === null && !checked.isRefused('inboxes[].shipments.comment', at)) {
    checked.problem(
      'inboxes[].shipments.commentVisible',
      at,
      'found true, and no comment; expected a comment with it',
    );
  }
  return policy;
}

/** Where nothing is shipped these keys do nothing: somebody would wait for parcels and mails that never leave. */
function noteWithoutCreate(checked: Checked, at: number, policy: Policy): void {
  const note = (path: OptionPath, found: string, expected = '') =>
    checked.problem(
      path,
      at,
      `found ${found}, and create: false, so that no shipment is made; expected create: true with it${expected}`,
    );
  if (policy.onPartlyShipped === 'ship') note('inboxes[].shipments.onPartlyShipped', '"ship"');
  if (policy.notify === 'shipment') {
    const expected =
      ' (TRACKDROP_CREATE_SHIPMENTS), or always, which mails for shipments that are there as well';
    note('inboxes[].shipments.notify', '"shipment"', expected);
  }
  if (policy.source !== null) note('inboxes[].shipments.source', JSON.stringify(policy.source));
  if (policy.comment !== null) note('inboxes[].shipments.comment', 'a comment');
}
