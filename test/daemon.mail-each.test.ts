import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import type { EventMap } from '../src/events.ts';
import type { Fault } from '../src/sandbox/faults.ts';
import type { OrderSeed } from '../src/sandbox/seed.ts';
import { RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const ORDER = '200000001';
const TWO_LINES = [
  { sku: 'MUG', qty: 2 },
  { sku: 'CUP', qty: 1 },
];
/** One that ships as a whole, and is named by its parts. */
const BOX = {
  sku: 'BOX',
  type: 'bundle',
  qty: 1,
  shipment: 'together',
  children: [
    { sku: 'MUG', qty: 1 },
    { sku: 'CUP', qty: 2 },
  ],
} as const;
const FROM_TWO_SOURCES = ['1Z1,MUG,2,berlin', '1Z2,CUP,1,default'];
const BY_PARTS = ['1Z1,MUG,1,', '1Z1,CUP,2,'];
const LOST: Fault = { kind: 'resetAfter' };

/** An order, its rows, and what its customer gets; each is written as `number,sku,quantity,source`. */
interface Case {
  readonly what: string;
  readonly inbox: Partial<InboxConfig>;
  readonly seed: OrderSeed;
  readonly rows: readonly string[];
  /** What becomes of a ship with this in its body, once. */
  readonly fault?: readonly [body: string, fault: Fault];
  /** How often the customer was mailed about each shipment. */
  readonly mails: readonly number[];
  /** How many ships were sent, refused ones too. */
  readonly ships: number;
}

const CASES: readonly Case[] = [
  {
    what: 'parcels from two sources are mailed about with their shipments, each by itself',
    inbox: { notify: 'shipment' },
    seed: { items: TWO_LINES },
    rows: FROM_TWO_SOURCES,
    mails: [1, 1],
    ships: 2,
  },
  {
    what: 'the same where the answer of the first shipment is lost, and a later look finds it',
    inbox: { notify: 'shipment' },
    seed: { items: TWO_LINES },
    rows: FROM_TWO_SOURCES,
    fault: ['1Z1', LOST],
    mails: [1, 1],
    ships: 2,
  },
  {
    what: 'the same once all their numbers stand, with notify: always',
    inbox: { notify: 'always' },
    seed: { items: TWO_LINES },
    rows: FROM_TWO_SOURCES,
    fault: ['1Z2', LOST],
    mails: [1, 1],
    ships: 2,
  },
  {
    what: 'a bundle that is refused in one form is mailed about as it ships in the other',
    inbox: { notify: 'shipment' },
    seed: { items: [BOX] },
    rows: BY_PARTS,
    mails: [1],
    ships: 2,
  },
  {
    what: 'the same with notify: always',
    inbox: { notify: 'always' },
    seed: { items: [BOX] },
    rows: BY_PARTS,
    mails: [1],
    ships: 2,
  },
  {
    what: 'numbers that go onto the first of several shipments are mailed about with that one alone',
    inbox: { notify: 'always', attach: 'first' },
    seed: { shipments: [{}, {}] },
    rows: ['1Z1,,,', '1Z2,,,'],
    mails: [1, 0],
    ships: 0,
  },
  {
    what: 'a number for a shipment that stands and one that ships the rest are mailed about by one mail each',
    inbox: { notify: 'always' },
    seed: { items: TWO_LINES, shipments: [{ items: [{ index: 0, qty: 2 }] }] },
    rows: ['1Z1,MUG,2,', '1Z2,CUP,1,'],
    mails: [1, 1],
    ships: 1,
  },
];

describe('A customer hears once of each shipment that got a number:', { concurrency: 4 }, () => {
  for (const { what, inbox, seed, rows, fault, mails, ships } of CASES) {
    it(what, async () => {
      await using daemon = await RunningDaemon.start({
        sandbox: { sources: ['default', 'berlin'] },
        inbox: { createShipments: true, ...inbox },
      });
      daemon.sandbox.addOrder({ incrementId: ORDER, ...seed });
      if (fault) {
        const [body, kind] = fault;
        daemon.sandbox.inject({ match: { path: '/ship$', body }, times: 1, fault: kind });
      }
      const header = 'order_number,tracking_number,sku,quantity,source_code';
      const content = [header, ...rows.map((each) => `${ORDER},${each}`), ''].join('\n');
      const { text } = await daemon.settle('day.csv', content);
      const [columns = [], ...cells] = cellsShown(text);
      const told = cells.map((each) => each[columns.indexOf('trackdrop_mail')]);
      assert.deepEqual(
        told,
        rows.map(() => 'mailed'),
        text,
      );
      assert.deepEqual(
        daemon.sandbox.shipments().map((shipment) => shipment.mails),
        mails,
      );
      const sent = daemon.seen.filter(({ name }) => name === 'write.sent');
      const kinds = sent.map(({ facts }) => (facts as EventMap['write.sent']).action.kind);
      assert.equal(kinds.filter((kind) => kind === 'ship').length, ships);
    });
  }
});
