import type { OrderSeed } from '../../src/sandbox/seed.ts';

/** How an order lies in the shop before anything is dropped. */
export interface CargoOrder {
  readonly number: string;
  readonly state: 'shipped' | 'open' | 'canceled' | 'holded' | 'virtual';
  /** It comes into the shop after files have named it; until then their rows wait. */
  readonly isLate: boolean;
  /** Numbers that stand on it before. */
  readonly before: readonly string[];
}

/** The order as the shop is to have it. */
export function seedOf({ number, state, before }: CargoOrder): OrderSeed {
  switch (state) {
    case 'shipped':
      return {
        incrementId: number,
        shipments: [{ tracks: before.map((trackNumber) => ({ number: trackNumber })) }],
      };
    case 'open':
      return { incrementId: number };
    case 'canceled':
    case 'holded':
      return { incrementId: number, state };
    case 'virtual':
      return { incrementId: number, items: [{ type: 'virtual' }] };
  }
}
