import type { Config } from '../config/config.ts';

/** What `run` begins with: a line a store and inbox, so that nobody finds out afterwards what it writes where. */
export function banner(config: Config): string[] {
  return [
    ...config.stores.flatMap(({ name, url, readOnly }) => [
      `store ${name}: ${url}, ${readOnly ? 'READ ONLY' : 'WRITING'}`,
      ...(isReadableOnItsWay(url)
        ? [`store ${name}: WARNING: sign-in and orders travel without encryption; use https`]
        : []),
    ]),
    ...config.inboxes.map(({ name, folder, store, createShipments }) => {
      const unshipped = createShipments
        ? 'orders without a shipment ARE SHIPPED'
        : 'orders without a shipment fail as no-shipment';
      return `inbox ${name}: ${folder} -> store ${store}; ${unshipped}; customers get no mail`;
    }),
  ];
}

/** Plain http is well on the machine itself, where nobody else listens (RFC 6890: 127.0.0.0/8 and ::1). */
function isReadableOnItsWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  return protocol === 'http:' && !isLoopback;
}
