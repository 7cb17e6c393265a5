import type { Config, InboxConfig, StoreConfig } from '../config/config.ts';
import type { Policy } from '../domain/policy.ts';
import { policyDoubts } from './policy-doubts.ts';

/** A line of the log. */
export interface BannerLine {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

/** What `run` begins with: a line a store and inbox, so that nobody finds out afterwards what it writes where. */
export function banner(config: Config): BannerLine[] {
  return [
    ...config.stores.flatMap((store) => [
      info(storeLine(store)),
      ...(isReadableOnItsWay(store.url) ? [warning(`store ${store.name}: ${READABLE}; use https`)] : []),
    ]),
    ...config.inboxes.flatMap((inbox) => [
      info(inboxLine(inbox)),
      ...policyDoubts(inbox).map(({ message }) => warning(`inbox ${inbox.name}: ${message}`)),
    ]),
  ];
}

function info(text: string): BannerLine {
  return { level: 'info', text };
}

function warning(text: string): BannerLine {
  return { level: 'warn', text };
}

/** Where a store is, and whether it is written to. */
export function storeLine({ name, url, readOnly }: StoreConfig): string {
  return `store ${name}: ${url}, ${readOnly ? 'READ ONLY' : 'WRITING'}`;
}

/**
 * By which profile files are read, whose orders are meant, what is shipped and from where, what becomes of numbers and
 * shipments that are there, and whether customers hear of it.
 */
export function inboxLine({ name, folder, store, profiles, ...policy }: InboxConfig): string {
  const parts = [
    `inbox ${name}: ${folder} -> store ${store}`,
    `profile ${profiles.fixed?.name ?? 'auto'}`,
    ...(policy.storeView === null ? [] : [`only orders of store view ${policy.storeView}`]),
    shippingWords(policy),
    ...standingWords(policy),
    ...commentWords(policy),
    MAIL_WORDS[policy.notify],
  ];
  return parts.join('; ');
}

function shippingWords({ createShipments, onPartlyShipped, requirePaid, source }: Policy): string {
  if (!createShipments) return 'orders without a shipment fail as no-shipment';
  const which = onPartlyShipped === 'ship' ? ', and what is open of partly shipped ones,' : '';
  const when = requirePaid ? ' once they are paid' : '';
  const from = source === null ? '' : ` from source ${source}`;
  return `orders without a shipment${which} ARE SHIPPED${from}${when}`;
}

/** Nothing of what is plain: the number goes onto a shipment, beside others. */
function standingWords({ onExisting, attach }: Policy): string[] {
  return [
    ...(onExisting === 'add' ? [] : [EXISTING_WORDS[onExisting]]),
    ...(attach === 'refuse' ? ['rows for which nothing tells one of several shipments FAIL'] : []),
  ];
}

const EXISTING_WORDS: Readonly<Record<Exclude<Policy['onExisting'], 'add'>, string>> = {
  fill: 'shipments with another number get none',
  replace: 'other numbers on a shipment ARE TAKEN AWAY once the new one stands',
  skip: 'shipments with another number are left as they are',
};

function commentWords({ comment }: Policy): string[] {
  if (comment === null) return [];
  return [`new shipments have a comment that customers ${comment.isVisible ? 'SEE' : 'do not see'}`];
}

const MAIL_WORDS: Readonly<Record<Policy['notify'], string>> = {
  never: 'customers get no mail',
  shipment: 'customers ARE MAILED with each new shipment',
  always: 'customers ARE MAILED once for each shipment that a file puts numbers on',
};

/** What is wrong with plain http. */
export const READABLE = 'sign-in and orders travel without encryption';

/** Plain http is well on the machine itself, where nobody else listens (RFC 6890: 127.0.0.0/8 and ::1). */
export function isReadableOnItsWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  return protocol === 'http:' && !isLoopback;
}
