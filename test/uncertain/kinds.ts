import type { OrderSeed } from '../../src/sandbox/seed.ts';

/** A write whose fate is lost, and how it comes to be. */
export interface Kind {
  readonly name: 'track' | 'ship' | 'partial ship';
  /** Path of its request, as a regular expression. */
  readonly path: string;
  /** The order; `open` pieces of it are left to ship where that matters. */
  order(open: number): OrderSeed;
  /** The drop that asks for it. */
  file(orderNumber: string): string;
  /** Pieces that the drop has shipped when all is well. */
  readonly pieces: number;
}

/** The number of every drop here. */
export const NUMBER = '1Z999AA10123456784';

const TRACK: Kind = {
  name: 'track',
  path: '/shipment/track$',
  order: () => ({ items: [{ sku: 'MUG', qty: 2 }], shipments: [{}] }),
  file: (order) => `order_number,tracking_number\n${order},${NUMBER}\n`,
  pieces: 0,
};

const SHIP: Kind = {
  name: 'ship',
  path: '/ship$',
  order: () => ({ items: [{ sku: 'MUG', qty: 2 }] }),
  file: (order) => `order_number,tracking_number\n${order},${NUMBER}\n`,
  pieces: 2,
};

/** Two mugs of an order of which one was shipped before. */
const PARTIAL: Kind = {
  name: 'partial ship',
  path: '/ship$',
  order: (open) => ({
    items: [{ sku: 'MUG', qty: open + 1 }, { sku: 'CUP' }],
    shipments: [{ items: [{ index: 0, qty: 1 }], tracks: [{ number: 'BEFORE' }] }],
  }),
  file: (order) => `order_number,tracking_number,sku,quantity\n${order},${NUMBER},MUG,2\n`,
  pieces: 2,
};

export const KINDS = [TRACK, SHIP, PARTIAL] as const;
