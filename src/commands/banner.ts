import type { Config } from '../config/config.ts';

/** What `run` begins with: a line a store and inbox, so that nobody finds out afterwards what it writes where. */
export function banner(config: Config): string[] {
  return [
    ...config.stores.map(({ name, url }) => `store ${name}: ${url}, WRITING`),
    ...config.inboxes.map(({ name, folder, store, createShipments }) => {
      const unshipped = createShipments
        ? 'orders without a shipment ARE SHIPPED'
        : 'orders without a shipment fail as no-shipment';
      return `inbox ${name}: ${folder} -> store ${store}; ${unshipped}; customers get no mail`;
    }),
  ];
}
