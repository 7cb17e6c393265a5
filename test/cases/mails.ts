import type { Chapter } from './merchant-case.ts';

/** What the customer gets to read. */
export const MAILS: Chapter = {
  title: 'Mails and comments',
  cases: [
    {
      says: 'With notify: never no customer is mailed.',
      orders: [{ incrementId: '100000054', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nnotify: never',
      files: [
        {
          rows: ['order_number,tracking_number', '100000054,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1, emails: 0 },
    },
    {
      says: 'With notify: shipment the shop mails with the new shipment, about all its numbers, and not for a later one.',
      orders: [{ incrementId: '100000055', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nnotify: shipment',
      files: [
        {
          rows: ['order_number,tracking_number', '100000055,1Z1', '100000055,1Z2'],
          report: [
            '2 shipped, mailed: shipment created with this number',
            '3 shipped, mailed: shipment created with this number',
          ],
        },
        {
          rows: ['order_number,tracking_number', '100000055,1Z3'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1 and 1Z2 and 1Z3; mailed about 1Z1 and 1Z2'],
      requests: { ship: 1, track: 1, emails: 0 },
    },
    {
      says: 'With notify: always the customer is mailed once for each file and shipment, after all its numbers stand.',
      orders: [{ incrementId: '100000056', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nnotify: always',
      files: [
        {
          rows: ['order_number,tracking_number', '100000056,1Z1', '100000056,1Z2'],
          report: [
            '2 shipped, mailed: shipment created with this number',
            '3 shipped, mailed: shipment created with this number',
          ],
        },
        {
          rows: ['order_number,tracking_number', '100000056,1Z3', '100000056,1Z4'],
          report: [
            '2 tracked, mailed: number added to the shipment',
            '3 tracked, mailed: number added to the shipment',
          ],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped)',
        'S1: 2 x MUG; 1Z1 and 1Z2 and 1Z3 and 1Z4; mailed about 1Z1 and 1Z2; mailed about 1Z1 and 1Z2 and 1Z3 and 1Z4',
      ],
      requests: { ship: 1, track: 2, emails: 2 },
    },
    {
      says: 'For a number that stood there already nobody is mailed.',
      orders: [
        {
          incrementId: '100000057',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      settings: 'create: true\nnotify: always',
      files: [
        {
          rows: ['order_number,tracking_number', '100000057,OLD1'],
          report: ['2 already-tracked: the number stands on shipment S1 already'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1'],
      requests: { emails: 0 },
    },
    {
      says: 'A comment tells of each number, for the shop alone.',
      orders: [{ incrementId: '100000058', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\ncomment: "{carrier} {number} of {drop}"',
      files: [
        {
          rows: ['order_number,tracking_number,carrier', '100000058,1Z1,UPS', '100000058,1Z2,UPS'],
          report: [
            '2 shipped: shipment created with this number',
            '3 shipped: shipment created with this number',
          ],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped)',
        'S1: 2 x MUG; 1Z1 and 1Z2; comment that only the shop sees: "UPS 1Z1 of 100000058-0.csv\nUPS 1Z2 of 100000058-0.csv"',
      ],
      requests: { ship: 1 },
    },
    {
      says: "With commentVisible: true the customer sees it, and {link} is the carrier's page of the number.",
      orders: [{ incrementId: '100000059', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nnotify: shipment\ncomment: "Your parcel: {link}"\ncommentVisible: true',
      profile:
        'carriers:\n  map:\n    - says: [UPS]\n      code: ups\n      title: UPS\n      link: https://ups.example/{number}',
      files: [
        {
          rows: ['order_number,tracking_number,carrier', '100000059,1Z1,UPS'],
          report: ['2 shipped, mailed: shipment created with this number'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped)',
        'S1: 2 x MUG; 1Z1; comment that the customer sees: "Your parcel: https://ups.example/1Z1"; mailed about 1Z1',
      ],
      requests: { ship: 1, emails: 0 },
    },
    {
      says: 'A file that comes again mails nobody again.',
      orders: [{ incrementId: '100000072', items: [{ sku: 'MUG' }] }],
      settings: 'create: true\nnotify: always',
      files: [
        {
          rows: ['order_number,tracking_number', '100000072,1Z1'],
          report: ['2 shipped, mailed: shipment created with this number'],
        },
        {
          rows: ['order_number,tracking_number', '100000072,1Z1'],
          report: ['2 already-tracked: the number stands on shipment S1 already'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1; mailed about 1Z1'],
      requests: { ship: 1, emails: 1 },
    },
    {
      says: 'Where the answer is lost the shipment is looked for, and made and mailed once.',
      orders: [{ incrementId: '100000073', items: [{ sku: 'MUG' }] }],
      settings: 'create: true\nnotify: shipment',
      loses: 'answer',
      files: [
        {
          rows: ['order_number,tracking_number', '100000073,1Z1'],
          report: [
            "2 shipped, mailed: shipment created with this number; the store's answer was lost, the number was found there",
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1; mailed about 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'Where it cannot be known whether the shop was asked, the shipment is made later without a mail, and the row says so.',
      orders: [{ incrementId: '100000074', items: [{ sku: 'MUG' }] }],
      settings: 'create: true\nnotify: shipment',
      loses: 'request',
      files: [
        {
          rows: ['order_number,tracking_number', '100000074,1Z1'],
          report: [
            '2 shipped, mail unknown: shipment created with this number; whether the customer was mailed is not known: the connection was cut before a whole answer came',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 2 },
    },
  ],
};
