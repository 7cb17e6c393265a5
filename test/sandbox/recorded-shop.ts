import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { ItemSeed, OrderSeed } from '../../src/sandbox/seed.ts';

/** Orders of the recorded shop; all of them up to here existed. */
const LAST_ORDER = 1904;
/** Item ids of orders that no recording asks about start above all recorded ones. */
const UNRECORDED_ITEMS = 100_000;

function simple(number: number, more: Omit<ItemSeed, 'sku' | 'name'> = {}): ItemSeed {
  return { sku: `lab-s0${number}`, name: `Lab simple ${number}`, price: 5 + number, ...more };
}

function fiveSimple(firstItemId?: number): ItemSeed[] {
  return [1, 2, 3, 4, 5].map((number) =>
    simple(number, firstItemId === undefined ? {} : { itemId: firstItemId + number - 1 }),
  );
}

/** A bundle of two simple items; ids count on from the parent's. */
function bundle(sku: string, shipment: 'together' | 'separately', parentItemId: number): ItemSeed {
  const children = [simple(1, { itemId: parentItemId + 1 }), simple(2, { itemId: parentItemId + 2 })];
  return { itemId: parentItemId, sku, type: 'bundle', shipment, children };
}

function configurable(parentItemId: number): ItemSeed {
  const child: ItemSeed = { itemId: parentItemId + 1, sku: 'lab-c-S', type: 'simple' };
  return { itemId: parentItemId, sku: 'lab-c-S', type: 'configurable', children: [child] };
}

/** The orders that the recordings name by id, as they stood before. */
const ORDERS: readonly OrderSeed[] = [
  { entityId: 648, items: [simple(1, { itemId: 667 })] },
  { entityId: 681, items: [simple(1, { itemId: 700 })] },
  // Two carts that were ordered at the same time got their numbers crosswise.
  { entityId: 714, incrementId: '000000715', items: [simple(1)] },
  { entityId: 715, incrementId: '000000714', items: [simple(1)] },
  { entityId: 1848, items: [simple(1, { itemId: 1867 })] },
  { entityId: 1849, items: fiveSimple(1868) },
  { entityId: 1850, items: [simple(1, { itemId: 1873, qty: 5 })] },
  { entityId: 1851, state: 'new', invoiced: false, items: [simple(1)] },
  { entityId: 1852, items: [simple(1, { itemId: 1875 })], shipments: [{ entityId: 6 }] },
  {
    entityId: 1853,
    items: [simple(1, { itemId: 1876 })],
    shipments: [
      {
        entityId: 7,
        tracks: [{ entityId: 2, number: 'EXISTING-000001853', carrier: 'dhl', title: 'DHL' }],
      },
    ],
  },
  {
    entityId: 1854,
    items: [simple(1, { itemId: 1877 }), simple(2, { itemId: 1878 })],
    shipments: [
      { entityId: 8, items: [{ index: 0 }] },
      { entityId: 9, items: [{ index: 1 }] },
    ],
  },
  {
    entityId: 1855,
    items: [simple(1, { itemId: 1879 }), simple(2, { itemId: 1880 }), simple(3, { itemId: 1881 })],
    shipments: [{ entityId: 10, items: [{ index: 0 }, { index: 1 }] }],
  },
  { entityId: 1856, state: 'canceled', items: [simple(1)] },
  { entityId: 1857, state: 'holded', items: [simple(1)] },
  { entityId: 1858, items: [{ type: 'virtual' }] },
  { entityId: 1859, items: [{ type: 'virtual' }, simple(2)] },
  { entityId: 1860, state: 'payment_review', items: [simple(1)] },
  { entityId: 1861, state: 'pending_payment', invoiced: false, items: [simple(1)] },
  { entityId: 1862, state: 'closed', items: [simple(1)] },
  { entityId: 1863, items: [simple(1, { qtyRefunded: 1 }), ...fiveSimple().slice(1)] },
  { entityId: 1864, items: [configurable(200_000)] },
  { entityId: 1865, items: [bundle('lab-bundle-sep', 'separately', 200_010)] },
  { entityId: 1866, items: [bundle('lab-bundle-tog', 'together', 200_020)] },
  { entityId: 1868, items: [simple(1, { itemId: 1906 })] },
  { entityId: 1869, items: [simple(1, { itemId: 1911, qty: 5 })] },
  {
    entityId: 1871,
    items: [simple(1)],
    // Two later tracks, so that the next one gets the id that the recordings go on to use.
    shipments: [
      {
        entityId: 11,
        tracks: [
          { entityId: 3, number: 'LATER-3' },
          { entityId: 4, number: 'LATER-4' },
        ],
      },
    ],
  },
  { entityId: 1875, state: 'canceled', items: [simple(1, { itemId: 1922 })] },
  { entityId: 1876, state: 'holded', items: [simple(1, { itemId: 1923 })] },
  { entityId: 1877, items: [{ type: 'virtual', itemId: 1924 }] },
  { entityId: 1883, items: [configurable(1935)] },
  { entityId: 1884, items: [bundle('lab-bundle-sep', 'separately', 1937)] },
  { entityId: 1885, items: [bundle('lab-bundle-tog', 'together', 1940)] },
  { entityId: 1886, items: [simple(1, { itemId: 1944 })] },
  { entityId: 1888, items: [simple(1, { itemId: 1949, qty: 5 })] },
  { entityId: 1890, items: [simple(1)], shipments: [{ entityId: 16 }] },
];

/** The admin users that the recordings sign in as; their passwords were taken out of the recordings. */
export const ADMINS = {
  labadmin: { username: 'labadmin', password: 'right-Pass1' },
  lockme: { username: 'lockme', password: 'right-Pass2' },
};

/** Fills a sandbox with the shop as it was recorded; every order that is not told of is a simple, paid one. */
export function seedRecordedShop(sandbox: Sandbox): void {
  for (const admin of Object.values(ADMINS)) sandbox.addAdmin(admin);
  const named = new Map(ORDERS.map((order) => [order.entityId, order]));
  for (let entityId = 1; entityId <= LAST_ORDER; entityId++) {
    sandbox.addOrder(
      named.get(entityId) ?? { entityId, items: [simple(1, { itemId: UNRECORDED_ITEMS + entityId })] },
    );
  }
}
