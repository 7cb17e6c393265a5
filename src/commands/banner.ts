import type { Config, InboxConfig, StoreConfig } from '../config/config.ts';

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
    ...config.inboxes.map(inboxLine).map(info),
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

/** By which profile files are read, what becomes of orders without a shipment, and whether customers hear of it. */
export function inboxLine({ name, folder, store, profiles, createShipments }: InboxConfig): string {
  const unshipped = createShipments
    ? 'orders without a shipment ARE SHIPPED'
    : 'orders without a shipment fail as no-shipment';
  const profile = `profile ${profiles.fixed?.name ?? 'auto'}`;
  return `inbox ${name}: ${folder} -> store ${store}; ${profile}; ${unshipped}; customers get no mail`;
}

/** What is wrong with plain http. */
export const READABLE = 'sign-in and orders travel without encryption';

/** Plain http is well on the machine itself, where nobody else listens (RFC 6890: 127.0.0.0/8 and ::1). */
export function isReadableOnItsWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  return protocol === 'http:' && !isLoopback;
}
