import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Write } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, situation, track } from './orders.ts';

function stepFor(
  rows: readonly Row[],
  with_: Partial<Policy> = {},
  subject: Order = TWO_LINES,
  { ended = [] as readonly Row[], writes = [] as readonly Write[], atMs = 0 } = {},
) {
  const look = { orders: [subject], atMs };
  return nextStep(situation({ look, rows, endedRows: ended, writes, policy: policy(with_) }));
}

/** As `ship 1Z1, 1Z2 from north` and `2: item-mismatch`. */
function become(...given: Parameters<typeof stepFor>): readonly string[] {
  const { outcomes, actions } = stepFor(...given);
  return [
    ...outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
    ...actions.map(({ action, wishes }) => {
      const numbers = wishes.map((wish) => wish.rows[0].trackingNumber).join(', ');
      return `${action.kind} ${numbers}${action.kind === 'ship' ? ` from ${action.source}` : ''}`;
    }),
  ];
}

/** Two mugs (line 11) and two cups (line 12). */
const TWO_LINES = order({
  items: [item({ itemId: 11, sku: 'MUG', qtyOrdered: 2 }), item({ itemId: 12, sku: 'CUP', qtyOrdered: 2 })],
});
const of = (line: number, number: string, sku: string, quantity: number, source: string | null) =>
  row(line, number, { item: { sku, quantity }, source });

describe('A new shipment', () => {
  it("is taken from the source that the row names, else the inbox, else from the shop's default", () => {
    assert.deepEqual(become([row(2, '1Z1', { source: 'north' })], { source: 'south' }), [
      'ship 1Z1 from north',
    ]);
    assert.deepEqual(become([row(2, '1Z1')], { source: 'south' }), ['ship 1Z1 from south']);
    assert.deepEqual(become([row(2, '1Z1')]), ['ship 1Z1 from null']);
  });

  it('takes all parcels of one source, in whatever case and with blanks behind it', () => {
    const rows = [row(2, '1Z1', { source: 'north' }), row(3, '1Z2', { source: 'NORTH ' })];
    assert.deepEqual(become(rows), ['ship 1Z1, 1Z2 from north']);
  });

  it("takes parcels that name the shop's default source along with those that name none", () => {
    const rows = [row(2, '1Z1'), row(3, '1Z2', { source: 'default' })];
    assert.deepEqual(become(rows), ['ship 1Z1, 1Z2 from null']);
  });
});

describe('Parcels of one order from two sources', () => {
  const rows = [
    of(2, '1Z1', 'MUG', 2, 'north'),
    of(3, '1Z2', 'CUP', 1, 'south'),
    of(4, '1Z3', 'CUP', 1, null),
  ];

  it('get a shipment for each source, one after the other, each from a look that shows the one before', () => {
    assert.deepEqual(become(rows, { source: 'south' }), ['ship 1Z1 from north']);
    const shippedNorth = order({
      items: [
        item({ itemId: 11, sku: 'MUG', qtyOrdered: 2, qtyShipped: 2 }),
        item({ itemId: 12, sku: 'CUP', qtyOrdered: 2 }),
      ],
      shipments: [{ ...shipment(7, track(70, '1Z1')), items: [{ orderItemId: 11, qty: 2 }] }],
    });
    const ended = rows.slice(0, 1);
    assert.deepEqual(become(rows.slice(1), { source: 'south' }, shippedNorth, { ended }), [
      'ship 1Z2, 1Z3 from south',
    ]);
  });

  it('hold in all no more than is open, which is seen before the first one goes out', () => {
    const tooMany = [...rows, of(5, '1Z4', 'CUP', 1, 'east')];
    assert.deepEqual(become(tooMany, { source: 'south' }), ['5: item-mismatch', 'ship 1Z1 from north']);
  });

  it('must say what they hold: one that does not ends as item-mismatch, the others are shipped', () => {
    const mixed = [of(2, '1Z1', 'MUG', 2, 'north'), row(3, '1Z2', { source: 'south' })];
    assert.deepEqual(become(mixed), ['3: item-mismatch', 'ship 1Z1 from north']);
    const [end] = stepFor(mixed).outcomes;
    assert.match(
      end?.message ?? '',
      /several sources, north and south, so each must say what it holds \(columns\.sku/,
    );
    // It would be shipped as all that is left by a look that shows the others gone.
    for (const onExisting of ['fill', 'skip', 'replace'] as const)
      assert.deepEqual(become(mixed, { onExisting }), ['3: item-mismatch', 'ship 1Z1 from north']);
    const silent = [row(2, '1Z1', { source: 'north' }), row(3, '1Z2')];
    assert.deepEqual(become(silent), ['2: item-mismatch', '3: item-mismatch']);
    assert.match(stepFor(silent).outcomes[0]?.message ?? '', /north and the shop's default/);
  });

  it('may not share a bundle that ships as a whole: its parts end as item-mismatch', () => {
    const bundled = order({
      items: [
        item({ itemId: 11, sku: 'SET', productType: 'bundle', qtyOrdered: 2, qtyShipped: 1 }),
        item({ itemId: 12, parentItemId: 11, sku: 'MUG', qtyOrdered: 2 }),
        item({ itemId: 13, parentItemId: 11, sku: 'CUP', qtyOrdered: 2 }),
      ],
      // Shows that the bundle ships as a whole.
      shipments: [shipment(7, track(70, 'OLD'))],
    });
    const torn = [of(2, '1Z1', 'MUG', 1, 'north'), of(3, '1Z2', 'CUP', 1, 'south')];
    const [first, ...rest] = become(torn, {}, bundled);
    assert.equal(first, '2: item-mismatch');
    assert.deepEqual(rest, ['3: item-mismatch']);
    const from = (...sources: readonly (string | null)[]) =>
      become(
        torn.map((each, at) => ({ ...each, source: sources[at] ?? null })),
        { source: 'North' },
        bundled,
      );
    assert.deepEqual(from('north', 'north'), ['ship 1Z1, 1Z2 from north']);
    assert.deepEqual(
      from('north', 'NORTH '),
      ['ship 1Z1, 1Z2 from north'],
      'one source, written in two ways',
    );
    assert.deepEqual(
      from(null, 'north'),
      ['ship 1Z1, 1Z2 from North'],
      'one source, by the inbox and by the row',
    );
  });

  it('are no matter where nothing is to be shipped', () => {
    const subject = order({ shipments: [shipment(7)] });
    const silent = [row(2, '1Z1', { source: 'north' }), row(3, '1Z2', { source: 'south' })];
    assert.deepEqual(become(silent, {}, subject), ['track 1Z1', 'track 1Z2']);
  });

  it('may not be named for one number', () => {
    const torn = [of(2, '1Z1', 'MUG', 1, 'north'), of(3, '1Z1', 'CUP', 1, 'south')];
    assert.deepEqual(become(torn), ['2: item-mismatch', '3: item-mismatch']);
    const [end] = stepFor(torn).outcomes;
    assert.equal(end?.message, 'the rows of this number name two sources, north and south');
  });
});

describe('A source that the shop does not have', () => {
  const write = (n: number): Write => ({
    id: `w${n}`,
    kind: 'ship',
    orderId: 1,
    shipmentId: null,
    trackId: null,
    trackingNumbers: ['1Z1'],
    mails: false,
    state: 'uncertain',
    message: 'Could not save a shipment, see error log for details',
    atMs: n * 120_000,
    answeredAtMs: n * 120_000 + 100,
    counts: true,
    isOwn: true,
  });
  const givenUp = (source: string | null, with_: Partial<Policy> = {}) => {
    const writes = [1, 2, 3, 4, 5, 6].map(write);
    const rows = [row(2, '1Z1', { source })];
    return stepFor(rows, with_, TWO_LINES, { writes, atMs: 7 * 120_000 }).outcomes[0];
  };

  it('is asked for again after the time for a repeat, since a busy database answers the same', () => {
    const options = { writes: [write(1)], atMs: 120_000 + 119_999 };
    assert.deepEqual(become([row(2, '1Z1', { source: 'nosuch' })], {}, TWO_LINES, options), []);
    assert.deepEqual(
      become([row(2, '1Z1', { source: 'nosuch' })], {}, TWO_LINES, { ...options, atMs: 240_000 }),
      ['ship 1Z1 from nosuch'],
    );
  });

  it('is named when the row is given up, with where it was set', () => {
    assert.equal(givenUp('nosuch')?.outcome, 'gave-up');
    assert.match(
      givenUp('nosuch')?.message ?? '',
      /^sent 6 times \(from source nosuch, as the row says, or sources of the profile for what it says: .*Could not save a shipment/,
    );
    assert.match(
      givenUp(null, { source: 'nosuch' })?.message ?? '',
      /\(from source nosuch, as shipments\.source says: /,
    );
    assert.match(
      givenUp(null)?.message ?? '',
      /^sent 6 times \(from the shop's default source: .* too few of the items\)/,
    );
  });
});

describe('A number that goes onto a shipment which left from another source than its row names', () => {
  const ids = { shipmentId: 7, trackId: 70 };
  const onShipmentFrom = (left: string | null, ...rows: readonly Row[]) => {
    const subject = order({ shipments: [{ ...shipment(7), source: left }] });
    return stepFor(rows, {}, subject).actions.flatMap((planned) =>
      fulfilled(planned, ids).map(({ message }) => message),
    );
  };

  it('says so in the message of its row', () => {
    const said =
      'number added to the shipment; it left from source default, and not from berlin, which the row names';
    assert.deepEqual(onShipmentFrom('default', row(2, '1Z1', { source: 'berlin' })), [said]);
  });

  it('says so, too, where a later look finds it', () => {
    const subject = order({
      shipments: [{ ...shipment(7, track(70, '1Z1', 'trackdrop:w1')), source: 'default' }],
    });
    const write: Write = {
      id: 'w1',
      kind: 'track',
      orderId: 1,
      shipmentId: 7,
      trackId: null,
      trackingNumbers: ['1Z1'],
      mails: false,
      state: 'uncertain',
      message: 'timeout',
      atMs: 1,
      answeredAtMs: 2,
      counts: false,
      isOwn: true,
    };
    const { outcomes } = stepFor([row(2, '1Z1', { source: 'berlin' })], {}, subject, {
      writes: [write],
      atMs: 5,
    });
    assert.match(outcomes[0]?.message ?? '', /; it left from source default, and not from berlin, which/);
  });

  it('says nothing where it is the same one, none is named, or the shop does not tell', () => {
    const plain = ['number added to the shipment'];
    assert.deepEqual(onShipmentFrom('Berlin', row(2, '1Z1', { source: 'berlin ' })), plain);
    assert.deepEqual(onShipmentFrom('default', row(2, '1Z1')), plain);
    assert.deepEqual(onShipmentFrom(null, row(2, '1Z1', { source: 'berlin' })), plain);
  });
});
