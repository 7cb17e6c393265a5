import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Order, Shipment } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Write } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, situation, track } from './orders.ts';

const AT_MS = 1_000_000;

/** What becomes of the rows, as `2: tracked, number added to ...`: what is written counts as done. What stays open is left out. */
function ends(
  subject: Order,
  rows: readonly Row[],
  with_: Partial<Policy> = {},
  writes: readonly Write[] = [],
  unrecordedUntilMs: number | null = null,
): readonly string[] {
  const look = { orders: [subject], atMs: AT_MS };
  const step = nextStep(situation({ look, rows, writes, unrecordedUntilMs, policy: policy(with_) }));
  const told = (line: number, outcome: string, message: string) =>
    `${line}: ${outcome}, ${message.replace(/; still open: .*/, '')}`;
  return [
    ...step.outcomes.map(({ line, outcome, message }) => told(line, outcome, message)),
    ...step.actions.flatMap((planned) => {
      const { action } = planned;
      if (action.kind === 'ship') return [`ship ${action.parcels.map((each) => each.trackingNumber)}`];
      const shipmentId = action.kind === 'track' ? action.shipmentId : 0;
      return fulfilled(planned, { shipmentId }).map(({ line, outcome, message }) =>
        told(line, outcome, `on ${shipmentId}: ${message}`),
      );
    }),
  ];
}

const holding = (made: Shipment, ...items: readonly (readonly [number, number])[]): Shipment => ({
  ...made,
  items: items.map(([orderItemId, qty]) => ({ orderItemId, qty })),
});
const of = (line: number, number: string, sku: string, quantity: number, with_: Partial<Row> = {}) =>
  row(line, number, { item: { sku, quantity }, ...with_ });

/** A number that the drop has put on a shipment. */
const sent = (with_: Partial<Write>): Write => ({
  id: 'w1',
  kind: 'track',
  orderId: 1,
  shipmentId: 9,
  trackId: 91,
  trackingNumbers: ['1Z1'],
  mails: false,
  state: 'done',
  message: '',
  atMs: 0,
  answeredAtMs: 0,
  counts: false,
  isOwn: true,
  ...with_,
});

/** Nine mugs, three to a shipment: S7 and S9 have a number each, S8 has none. */
const [S7, S8, S9] = [
  holding(shipment(7, track(70, 'OLD7')), [11, 3]),
  holding(shipment(8), [11, 3]),
  holding(shipment(9, track(90, 'OLD9')), [11, 3]),
] as const;
const mugs = (...shipments: Shipment[]) =>
  order({ items: [item({ qtyOrdered: 9, qtyShipped: 3 * shipments.length })], shipments });

describe('A row without items, on an order with several shipments', () => {
  it('goes onto the only one without a number, whichever the inbox would take else', () => {
    for (const attach of ['latest', 'first', 'refuse'] as const)
      assert.deepEqual(ends(mugs(S7, S8, S9), [row(2, '1Z1')], { attach }), [
        '2: tracked, on 8: number added to shipment S8, the only one without a number',
      ]);
  });

  it('goes onto the latest or the first of those without a number', () => {
    const bare = { ...S7, tracks: [] };
    assert.deepEqual(ends(mugs(bare, S8, S9), [row(2, '1Z1')], { attach: 'latest' }), [
      '2: tracked, on 8: number added to shipment S8, the latest of 2 without a number',
    ]);
    assert.deepEqual(ends(mugs(bare, S8, S9), [row(2, '1Z1')], { attach: 'first' }), [
      '2: tracked, on 7: number added to shipment S7, the first of 2 without a number',
    ]);
  });

  it('goes onto the latest or the first of all where each has a number', () => {
    const told = (attach: 'latest' | 'first') => ends(mugs(S7, S9), [row(2, '1Z1')], { attach });
    assert.deepEqual(told('latest'), ['2: tracked, on 9: number added to shipment S9, the latest of 2']);
    assert.deepEqual(told('first'), ['2: tracked, on 7: number added to shipment S7, the first of 2']);
  });

  it('fails as order-ambiguous where nothing decides and the inbox refuses to guess', () => {
    const [end = ''] = ends(mugs(S7, S9), [row(2, '1Z1')], { attach: 'refuse' });
    assert.match(end, /^2: order-ambiguous, the order has the shipments S7 and S9, and nothing says which/);
    assert.match(
      end,
      /columns\.shipment of the profile.*the items of the parcel.*shipments\.attach: latest or first/,
    );
  });

  it('needs no decision where the inbox leaves every one of them as it is', () => {
    const [end = ''] = ends(mugs(S7, S9), [row(2, '1Z1')], { attach: 'refuse', onExisting: 'fill' });
    assert.match(end, /^2: skipped, shipment S9 has the number OLD9 already/);
  });

  it('goes with all other numbers of its file onto the same one, also when some of them stand there', () => {
    const rows = [row(2, '1Z1'), row(3, '1Z2'), row(4, '1Z3')];
    const begun = { ...S8, tracks: [track(80, '1Z1')] };
    const writes = [sent({ shipmentId: 8, trackId: 80 })];
    assert.deepEqual(
      ends(mugs(S7, begun, S9), rows, {}, writes).map((end) => end.slice(0, 16)),
      ['3: tracked, on 8', '4: tracked, on 8'],
    );
  });

  it('takes one for numbered after a power cut, too, whose number another file has put there by its record', () => {
    const stood = { ...S8, tracks: [track(80, '1Z1', 'trackdrop:w0')] };
    const rows = [row(2, '1Z1'), row(3, '1Z2')];
    const look = { orders: [mugs(stood, { ...S9, tracks: [] })], atMs: AT_MS };
    const cut = { look, rows, unrecordedUntilMs: 0, policy: policy({ attach: 'refuse' }) };
    const { actions } = nextStep(situation({ ...cut, othersMarks: new Set(['trackdrop:w0']) }));
    assert.partialDeepStrictEqual(actions, [{ action: { trackingNumber: '1Z2', shipmentId: 9 } }]);
    const { outcomes } = nextStep(situation(cut));
    assert.deepEqual(
      outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
      ['2: tracked', '3: order-ambiguous'],
      'its own, put on a shipment that had none, leaves both as they were',
    );
  });

  it('does so, too, where one that a row names has come onto a shipment that is for numbers with items', () => {
    const rows = [row(2, '1Z1', { shipmentNumber: 'S9' }), row(3, '1Z2'), of(4, 'OLD9', 'MUG', 3)];
    const shipmentOf = (subject: Order, writes: readonly Write[]) =>
      ends(subject, rows, {}, writes).find((end) => end.startsWith('3: '));
    const expected = '3: tracked, on 7: number added to shipment S7, the only one that was there before';
    assert.equal(shipmentOf(mugs(S7, S9), []), expected);
    const begun = { ...S9, tracks: [...S9.tracks, track(91, '1Z1', 'trackdrop:w1')] };
    assert.equal(shipmentOf(mugs(S7, begun), [sent({})]), expected);
    assert.equal(shipmentOf(mugs(S7, begun), [sent({ state: 'open', trackId: null })]), expected);
  });

  it('is skipped again when the same file comes again, though one that a row names has come there since', () => {
    const rows = [row(2, '1Z1'), of(3, 'OLD9', 'MUG', 3), row(4, '1Z2', { shipmentNumber: 'S9' })];
    const endsOn = (S: Shipment) => ends(mugs(S7, S), rows, { onExisting: 'fill' });
    const isSkipped = (end: string) => /^2: skipped, shipment S7 has the number OLD7 already/.test(end);
    assert.deepEqual(endsOn(S9), ['4: tracked, on 9: number added to shipment S9, which the row names']);
    const since = { ...S9, tracks: [...S9.tracks, track(91, '1Z2', 'trackdrop:w1')] };
    assert.ok(endsOn(since).some(isSkipped), endsOn(since).join());
  });

  it('is skipped for none that a lost record might have made for other numbers without items', () => {
    const rows = [row(2, '1Z1'), row(3, 'OLD9')];
    const plans = (unrecordedUntilMs: number | null) =>
      ends(mugs(S7, S9), rows, { onExisting: 'fill' }, [], unrecordedUntilMs).map((end) => end.slice(0, 16));
    assert.deepEqual(plans(AT_MS - 400_000), plans(null));
    assert.deepEqual(plans(null), ['2: tracked, on 9']);
  });

  it('takes one for numbered whose number stood there before, though its file has it, too', () => {
    const rows = [row(2, 'OLD9'), row(3, '1Z1')];
    const told = (with_: Partial<Policy>) => ends(mugs(S7, S9), rows, with_);
    assert.deepEqual(told({ attach: 'first' }), [
      '3: tracked, on 7: number added to shipment S7, the first of 2',
    ]);
    assert.deepEqual(told({ attach: 'latest' }), [
      '3: tracked, on 9: number added to shipment S9, the latest of 2',
    ]);
    // What would leave other numbers alone has a shipment here without them.
    for (const onExisting of ['fill', 'skip'] as const)
      assert.match(
        ends(mugs(S7, S9), rows, { attach: 'first', onExisting }).at(-1) ?? '',
        /^3: tracked, on 9: number added to shipment S9, the only one without other numbers$/,
      );
  });

  describe('and a row with items beside it, for which a new one is made', () => {
    const rows = [of(2, '1Z1', 'MUG', 2), row(3, '1Z2')];
    const S10 = holding(shipment(10, track(100, '1Z1')), [11, 2]);
    const shipped = sent({ kind: 'ship', shipmentId: 10, trackId: null });
    const five = (...shipments: Shipment[]) =>
      order({
        items: [item({ qtyOrdered: 5, qtyShipped: shipments.includes(S10) ? 5 : 3 })],
        shipments,
      });
    const shipmentsFor = (subject: Order, onExisting: Policy['onExisting'], writes: readonly Write[]) => {
      const look = { orders: [subject], atMs: AT_MS };
      const { actions } = nextStep(situation({ look, rows, writes, policy: policy({ onExisting }) }));
      return actions.flatMap(({ action }) => (action.kind === 'track' ? action.shipmentId : []));
    };
    const skipped = /^3: skipped, shipment S7 has the number OLD7 already/;

    it('goes where it would go without that, or is skipped, before and after the new one stands', () => {
      for (const onExisting of ['skip', 'fill'] as const) {
        assert.deepEqual(ends(five(S7), rows, { onExisting }), ['ship 1Z1']);
        const [, end = ''] = ends(five(S7, S10), rows, { onExisting }, [shipped]);
        assert.match(end, skipped);
        const [, again = ''] = ends(five(S7, S10), rows, { onExisting });
        assert.match(again, skipped);
      }
      for (const onExisting of ['add', 'replace'] as const) {
        assert.deepEqual(shipmentsFor(five(S7), onExisting, []), [7]);
        assert.deepEqual(shipmentsFor(five(S7, S10), onExisting, [shipped]), [7]);
      }
    });

    it('is told that the shipment which takes it was there before', () => {
      const onS7 = { ...S7, tracks: [...S7.tracks, track(71, '1Z2', 'trackdrop:w2')] };
      const writes = [shipped, sent({ id: 'w2', shipmentId: 7, trackId: 71, trackingNumbers: ['1Z2'] })];
      assert.deepEqual(ends(five(onS7, S10), rows, {}, writes).slice(1), [
        '3: tracked, number added to shipment S7, the only one that was there before',
      ]);
      const two = order({ items: [item({ qtyOrdered: 9, qtyShipped: 8 })], shipments: [onS7, S9, S10] });
      assert.deepEqual(ends(two, rows, { attach: 'first' }, writes).slice(1), [
        '3: tracked, number added to shipment S7, the first of 2 that were there before',
      ]);
    });
  });

  it('is skipped for no other number while a shipment without one is there', () => {
    assert.deepEqual(ends(mugs(S7, S8), [row(2, '1Z1')], { onExisting: 'skip', attach: 'first' }), [
      '2: tracked, on 8: number added to shipment S8, the only one without a number',
    ]);
  });
});

describe('A row that ended before the others of its order, on an order with several shipments', () => {
  it('is told with the last of them: else its number would look like one of somebody else', () => {
    const standing = { ...S8, tracks: [track(80, '1Z1')] };
    const rows = [row(2, '1Z1'), row(3, '1Z2')];
    assert.deepEqual(ends(mugs(S7, standing), rows, {}, [sent({ shipmentId: 8, trackId: 80 })]), [
      '3: tracked, on 8: number added to shipment S8, the only one without a number',
    ]);
  });

  it('ends before the first of them is sent where it fails and its number stands nowhere: no later look is to think better of it', () => {
    const two = order({ items: [item({ qtyOrdered: 2 }), item({ itemId: 12, sku: 'CUP', qtyOrdered: 1 })] });
    const rows = [of(2, '1Z1', 'MUG', 1), of(3, '1Z2', 'CUP', 2)];
    for (const setting of [
      { onExisting: 'add' },
      { onExisting: 'fill' },
      { onExisting: 'skip' },
      { onExisting: 'replace' },
      { notify: 'always' },
    ] as const)
      assert.deepEqual(ends(two, rows, setting), [
        '3: item-mismatch, 2 x CUP would have to be shipped, and only 1 of it is left to ship',
        'ship 1Z1',
      ]);
    const elsewhere = { ...S7, tracks: [track(70, '1Z2')] };
    const stands = [row(2, '1Z1'), of(3, '1Z2', 'MUG', 9)];
    assert.deepEqual(ends(mugs(elsewhere), stands, { onExisting: 'replace' }), [
      '2: tracked, on 7: number added to the shipment',
    ]);
  });
});

describe('Why a number stands on a shipment, told from a later look', () => {
  const put = { ...S9, tracks: [...S9.tracks, track(91, '1Z1', 'trackdrop:w1')] };

  it('is what decided, and not what its taking the place of another made of the shipment', () => {
    const cleared = { ...S9, tracks: [track(91, '1Z1', 'trackdrop:w1')] };
    const writes = [sent({}), sent({ id: 'w2', kind: 'untrack', trackId: 90, trackingNumbers: ['OLD9'] })];
    assert.deepEqual(ends(mugs(S7, cleared), [row(2, '1Z1')], { onExisting: 'replace' }, writes), [
      '2: replaced, number added to shipment S9, the latest of 2',
    ]);
  });

  it('comes after the number whose place it takes is gone, and a row that fails ends before that', () => {
    const writers = {
      cameAtMs: 0,
      own: new Set<string>(),
      earlier: new Set(['old9']),
      later: new Set<string>(),
    };
    const { outcomes, actions } = nextStep(
      situation({
        look: { orders: [mugs(S7, put)], atMs: AT_MS },
        rows: [row(2, '1Z1'), of(3, '1Z2', 'CUP', 1)],
        writes: [sent({})],
        writers: new Map([[1, writers]]),
        policy: policy({ onExisting: 'replace' }),
      }),
    );
    assert.deepEqual(
      outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
      ['3: item-mismatch'],
    );
    assert.deepEqual(
      actions.map(({ action }) => action.kind),
      ['untrack'],
    );
  });

  it('is the choice of the inbox where several hold its items', () => {
    assert.deepEqual(ends(mugs(S7, put), [of(2, '1Z1', 'MUG', 3)], {}, [sent({})]), [
      '2: tracked, number added to shipment S9, the latest of 2 with its items; OLD9 (track 90) stands there already for the same items',
    ]);
    const S6 = holding(shipment(6, track(60, 'OLD6')), [11, 2]);
    assert.deepEqual(ends(mugs(S6, put), [of(2, '1Z1', 'MUG', 3)], {}, [sent({})]), [
      '2: tracked, number added to shipment S9, which holds its items; OLD9 (track 90) stands there already for the same items',
    ]);
  });

  it('is never the place of another where its row names its items', () => {
    const full = order({ items: [item({ qtyOrdered: 3, qtyShipped: 3 })], shipments: [S9] });
    const named = [of(2, '1Z1', 'MUG', 3)];
    const onExisting = 'replace';
    const besides = 'OLD9 (track 90) stands there already for the same items';
    assert.deepEqual(ends(full, named, { onExisting }), [
      `2: tracked, on 9: number added to the shipment; ${besides}`,
    ]);
    assert.deepEqual(ends({ ...full, shipments: [put] }, named, { onExisting }, [sent({})]), [
      `2: tracked, number added to the shipment; ${besides}`,
    ]);
  });
});

describe('An order with one shipment', () => {
  it('gets the number without a word about a choice', () => {
    for (const attach of ['latest', 'refuse'] as const)
      assert.deepEqual(
        ends(order({ shipments: [shipment(7, track(70, 'OLD'))], items: [] }), [row(2, '1Z1')], { attach }),
        ['2: tracked, on 7: number added to the shipment'],
      );
  });
});

describe('A row that names its shipment', () => {
  it('goes onto that one, whatever else is there, case and blanks aside', () => {
    for (const shipmentNumber of ['S7', ' s7 ', 's 7'])
      assert.deepEqual(ends(mugs(S7, S8, S9), [row(2, '1Z1', { shipmentNumber })], { attach: 'refuse' }), [
        '2: tracked, on 7: number added to shipment S7, which the row names',
      ]);
  });

  it('fails as item-mismatch where the order has none such, and is told which there are', () => {
    const named = [row(2, '1Z1', { shipmentNumber: 'S6' })];
    assert.deepEqual(ends(mugs(S7, S8), named), [
      '2: item-mismatch, the order has no shipment S6; it has S7, S8',
    ]);
    assert.deepEqual(ends(order(), named), ['2: item-mismatch, the order has no shipment S6, nor any other']);
  });

  it('is skipped, or replaces, where that one has a number and the inbox says so', () => {
    const named = [row(2, '1Z1', { shipmentNumber: 'S7' })];
    for (const onExisting of ['fill', 'skip'] as const)
      assert.match(
        ends(mugs(S7, S8), named, { onExisting })[0] ?? '',
        /^2: skipped, shipment S7 has the number/,
      );
  });

  it('must name items that are on it', () => {
    const rows = [
      of(2, '1Z1', 'MUG', 3, { shipmentNumber: 'S7' }),
      of(3, '1Z2', 'MUG', 4, { shipmentNumber: 'S7' }),
      of(4, '1Z3', 'CUP', 1, { shipmentNumber: 'S7' }),
    ];
    const told = ['1Z1', '1Z2', '1Z3'].map((_, at) => ends(mugs(S7, S8), [rows[at] as Row])[0]);
    assert.deepEqual(told, [
      '2: tracked, on 7: number added to shipment S7, which the row names; OLD7 (track 70) stands there already for the same items',
      '3: item-mismatch, shipment S7, which the row names, holds 3 x MUG, and not 4 x MUG',
      '4: item-mismatch, shipment S7, which the row names, holds 3 x MUG, and not 1 x CUP',
    ]);
  });

  it('fails as item-mismatch where its number stands on another one', () => {
    const elsewhere = [row(2, 'OLD9', { shipmentNumber: 'S7' })];
    assert.deepEqual(ends(mugs(S7, S9), elsewhere), [
      '2: item-mismatch, the number stands on shipment S9, and the row names shipment S7',
    ]);
    const there = [row(2, 'OLD9', { shipmentNumber: 's9' })];
    assert.deepEqual(ends(mugs(S7, S9), there), [
      '2: already-tracked, the number stands on shipment S9 already',
    ]);
  });

  it('may not name two for one number', () => {
    const rows = [row(2, '1Z1', { shipmentNumber: 'S7' }), row(3, '1Z1', { shipmentNumber: 'S8' })];
    const words = 'item-mismatch, the rows of this number name two shipments, S7 and S8';
    assert.deepEqual(ends(mugs(S7, S8), rows), [`2: ${words}`, `3: ${words}`]);
  });

  it('speaks for the other rows of its number', () => {
    const rows = [row(2, '1Z1'), row(3, '1Z1', { shipmentNumber: 'S7' })];
    assert.deepEqual(ends(mugs(S7, S8), rows), [
      '2: tracked, on 7: number added to shipment S7, which the row names',
      '3: already-tracked, on 7: same as line 2',
    ]);
  });
});

describe('Rows with items of which one stands', () => {
  const [one, two, three] = [
    holding(shipment(7), [11, 1]),
    holding(shipment(8), [11, 2]),
    holding(shipment(9), [11, 2]),
  ];
  const rows = [of(2, '1Z4', 'MUG', 2), of(3, '1Z1', 'MUG', 1), of(4, '1Z2', 'MUG', 1)];

  it('go where they would have gone with it, and not together onto a shipment that the rest would fill', () => {
    const all = ends(mugs(one, two, three), rows).map((end) => end.slice(0, 16));
    assert.deepEqual(all, ['2: tracked, on 8', '3: tracked, on 7', '4: tracked, on 9']);
    const begun = { ...two, tracks: [track(80, '1Z4', 'trackdrop:w1')] };
    const writes = [sent({ shipmentId: 8, trackId: 80, trackingNumbers: ['1Z4'] })];
    const rest = ends(mugs(one, begun, three), rows, {}, writes).filter((end) => end.includes(', on '));
    assert.deepEqual(
      rest.map((end) => end.slice(0, 16)),
      all.slice(1),
    );
  });
});

describe('A row with items', () => {
  it('goes onto the shipment with exactly these and no number, else onto a new one while some of it is open', () => {
    assert.deepEqual(ends(mugs(S7, S8), [of(2, '1Z1', 'MUG', 3)]), [
      '2: tracked, on 8: number added to shipment S8, which holds its items',
    ]);
    assert.deepEqual(ends(mugs(S7, S9), [of(2, '1Z1', 'MUG', 3)]), ['ship 1Z1']);
  });

  it('goes onto one that holds more and has no number before a new one is made', () => {
    const rows = [of(2, '1Z1', 'MUG', 2), of(3, '1Z2', 'MUG', 2)];
    const onto =
      '2: tracked, on 8: number added to shipment S8, the only one without a number that holds its items';
    assert.deepEqual(ends(mugs(S7, S8), rows.slice(0, 1)), [onto]);
    const begun = { ...S8, tracks: [track(80, '1Z1')] };
    assert.deepEqual(ends(mugs(S7, begun), rows), ['ship 1Z2']);
    const S6 = { ...S8, entityId: 6, incrementId: 'S6' };
    // The last two would fill S8 by themselves; with the first one standing, it is S6 that is filled.
    const filling = { ...S6, tracks: [track(60, '1Z1')] };
    const three = [...rows.slice(0, 1), of(3, '1Z2', 'MUG', 1), of(4, '1Z3', 'MUG', 2)];
    assert.match(ends(mugs(filling, S8), three)[0] ?? '', /^3: tracked, on 6: /);
    assert.match(
      ends(mugs(S6, S8), rows.slice(0, 1), { attach: 'refuse' })[0] ?? '',
      /^2: order-ambiguous, the order has the shipments S6 and S8, each with its items/,
    );
    assert.match(ends(mugs(S6, S8), rows.slice(0, 1))[0] ?? '', /^2: tracked, on 6: /);
  });

  it('is a further parcel of a shipment that holds its items where nothing of them is open', () => {
    assert.deepEqual(ends(mugs(S7, S8, S9), [of(2, '1Z1', 'MUG', 2)]), [
      '2: tracked, on 8: number added to shipment S8, the only one without a number that holds its items',
    ]);
    const numbered = { ...S8, tracks: [track(80, 'OLD8')] };
    assert.deepEqual(ends(mugs(S7, numbered, S9), [of(2, '1Z1', 'MUG', 2)]), [
      '2: tracked, on 9: number added to shipment S9, the latest of 3 with its items',
    ]);
    const cup = item({ itemId: 12, sku: 'CUP', qtyShipped: 1 });
    const mixed = order({
      items: [item({ qtyOrdered: 3, qtyShipped: 3 }), cup],
      shipments: [holding(shipment(7, track(70, 'OLD')), [11, 3], [12, 1]), shipment(8)],
    });
    assert.deepEqual(ends(mixed, [of(2, '1Z1', 'CUP', 1)]), [
      '2: tracked, on 7: number added to shipment S7, which holds its items',
    ]);
  });

  it('is a further parcel of a shipment that holds its items where any of them is open no more', () => {
    const cups = item({ itemId: 12, sku: 'CUP', qtyOrdered: 1, qtyShipped: 1 });
    const both = holding(shipment(7, track(70, 'OLD7')), [11, 3], [12, 1]);
    const subject = order({ items: [item({ qtyOrdered: 4, qtyShipped: 3 }), cups], shipments: [both] });
    const parcel = [of(2, '1Z1', 'MUG', 1), of(3, '1Z1', 'CUP', 1)];
    const onS7 = [
      '2: tracked, on 7: number added to the shipment',
      '3: tracked, on 7: number added to the shipment',
    ];
    assert.deepEqual(ends(subject, parcel), onS7);
    assert.deepEqual(ends(subject, [...parcel, of(4, '1Z2', 'MUG', 1)]), ['ship 1Z2']);
    // So many are not left, and whether they are the ones of that shipment is for a person to say.
    assert.deepEqual(ends(subject, [of(2, '1Z1', 'MUG', 2)]), [
      '2: item-mismatch, 2 x MUG would have to be shipped, and only 1 of it is left to ship',
    ]);
  });

  it('goes onto the one that holds exactly its items before one that holds more, whichever the inbox would take', () => {
    const two = holding(shipment(8, track(80, 'OLD8')), [11, 2]);
    for (const attach of ['latest', 'first', 'refuse'] as const)
      assert.deepEqual(ends(mugs(S7, two, S9), [of(2, '1Z1', 'MUG', 2)], { attach }).slice(0, 1), [
        '2: tracked, on 8: number added to shipment S8, which holds exactly its items; OLD8 (track 80) stands there already for the same items',
      ]);
  });

  it('goes onto one without a number of others before that, also where its file has put one there', () => {
    const two = holding(shipment(8, track(80, 'OLD8'), track(81, 'OLDER8')), [11, 2]);
    const own = { ...S9, tracks: [track(90, '1Z9')] };
    const rows = [row(2, '1Z9'), of(3, '1Z1', 'MUG', 2)];
    assert.deepEqual(ends(mugs(S7, two, own), rows), [
      '3: tracked, on 9: number added to shipment S9, the only one without other numbers that holds its items',
    ]);
    assert.deepEqual(ends(mugs(S7, two, own), rows.slice(1)), [
      '3: tracked, on 8: number added to shipment S8, which holds exactly its items; OLD8 (track 80) and OLDER8 (track 81) stand there already for the same items',
    ]);
  });

  it('accounts for its items: another one of its file that names the same ones finds them no more', () => {
    const rows = [of(2, '1Z1', 'MUG', 2), of(3, '1Z2', 'MUG', 2), of(4, '1Z3', 'MUG', 1)];
    const full = order({
      items: [item({ qtyOrdered: 3, qtyShipped: 3 })],
      shipments: [holding(shipment(7, track(70, 'OLD')), [11, 3])],
    });
    const expected = [
      '3: item-mismatch, 2 x MUG would have to be shipped, and none of it is left to ship',
      '2: tracked, on 7: number added to the shipment',
      '4: tracked, on 7: number added to the shipment',
    ];
    assert.deepEqual(ends(full, rows), expected);
    const begun = { ...full, shipments: [holding(shipment(7, track(70, 'OLD'), track(71, '1Z1')), [11, 3])] };
    assert.deepEqual(ends(begun, rows), [
      expected[0],
      '2: already-tracked, the number stands on shipment S7 already',
      expected[2],
    ]);
  });

  it('fills a shipment with the others of its file, also when the process ended before it', () => {
    const [one, two] = [holding(shipment(7), [11, 1]), holding(shipment(8), [11, 2])];
    const five = (...shipments: Shipment[]) =>
      order({ items: [item({ qtyOrdered: 5, qtyShipped: 3 })], shipments });
    const rows = [of(2, '1Z1', 'MUG', 1), of(3, '1Z2', 'MUG', 1)];
    const onTwo = (line: number) =>
      `${line}: tracked, on 8: number added to shipment S8, which holds its items`;
    assert.deepEqual(ends(five(one, two), rows), [onTwo(2), onTwo(3)]);
    const begun = { ...two, tracks: [track(80, '1Z1')] };
    assert.deepEqual(ends(five(one, begun), rows), [onTwo(3)]);

    const onOne = '2: tracked, on 7: number added to shipment S7, which holds its items';
    const more = [...rows, of(4, '1Z3', 'MUG', 1)];
    // One of the three finds the shipment of one, the others are left over together.
    assert.deepEqual(ends(five(one, two), more), [onOne, onTwo(3), onTwo(4)]);
  });

  it('fills a shipment with the others of its file where the shop keeps numbers in a form of its own, too', () => {
    const rows = [of(2, '1Z-1', 'MUG', 1), of(3, '1Z-2', 'MUG', 2)];
    const onS8 = (line: number, why: string) => `${line}: tracked, on 8: number added to shipment S8, ${why}`;
    assert.deepEqual(ends(mugs(S7, S8), rows), [
      onS8(2, 'which holds its items'),
      onS8(3, 'which holds its items'),
    ]);
    const kept = { ...S8, tracks: [track(80, '1Z1', 'trackdrop:w1')] };
    const write: Write = {
      id: 'w1',
      kind: 'track',
      orderId: 1,
      shipmentId: 8,
      trackId: 80,
      trackingNumbers: ['1Z-1'],
      mails: false,
      state: 'done',
      message: '',
      atMs: AT_MS - 5_000,
      answeredAtMs: AT_MS - 4_900,
      counts: false,
      isOwn: true,
    };
    assert.deepEqual(ends(mugs(S7, kept), rows, {}, [write]), [onS8(3, 'which holds its items')]);
  });

  it('fails where a person must say which of several shipments holds it', () => {
    const [end = ''] = ends(
      mugs(S7, S9, { ...S7, entityId: 10, incrementId: 'S10' }),
      [of(2, '1Z1', 'MUG', 1)],
      {
        attach: 'refuse',
      },
    );
    assert.match(end, /^2: order-ambiguous, the order has the shipments S7, S9 and S10, each with its items/);
  });

  it('fails where several shipments hold its items only together, and is told which and what would decide', () => {
    const cup = item({ itemId: 12, sku: 'CUP', qtyShipped: 1 });
    const [one, two] = [holding(shipment(7), [11, 3]), holding(shipment(8), [12, 1])];
    const subject = order({ items: [item({ qtyOrdered: 3, qtyShipped: 3 }), cup], shipments: [one, two] });
    const [end = ''] = ends(subject, [of(2, '1Z1', 'MUG', 2), of(3, '1Z1', 'CUP', 1)]);
    assert.match(
      end,
      /^2: item-mismatch, 2 x MUG would have to be shipped, and none of it is left to ship; /,
    );
    assert.match(
      end,
      /several shipments already, S7 \(3 x MUG\), S8 \(1 x CUP\): without items .*columns\.shipment/,
    );
    assert.doesNotMatch(ends(subject, [of(2, '1Z1', 'MUG', 4)])[0] ?? '', /several/);
  });

  it('leaves the shipment that another row names to that row', () => {
    // S8 holds three mugs: two of 1Z1, which names it, and the one of 1Z2.
    const rows = [of(2, '1Z1', 'MUG', 2, { shipmentNumber: 'S8' }), of(3, '1Z2', 'MUG', 1)];
    assert.deepEqual(ends(mugs(S7, S8), rows), [
      '3: tracked, on 8: number added to shipment S8, which holds its items',
      '2: tracked, on 8: number added to shipment S8, which the row names',
    ]);
  });
});

describe('A number that is found where a lost answer has put it', () => {
  const lost: Write = {
    id: 'w1',
    kind: 'track',
    orderId: 1,
    shipmentId: 8,
    trackId: null,
    trackingNumbers: ['1Z1'],
    mails: false,
    state: 'open',
    message: '',
    atMs: AT_MS - 5_000,
    answeredAtMs: null,
    counts: false,
    isOwn: true,
  };
  const found = { ...S8, tracks: [track(80, '1Z1', 'trackdrop:w1')] };

  it('is told with its shipment and what decided for it', () => {
    const lostWords = "the store's answer was lost, the number was found there";
    const told = (rows: readonly Row[]) => ends(mugs(S7, found, S9), rows, {}, [lost]);
    assert.deepEqual(told([row(2, '1Z1')]), [
      `2: tracked, number added to shipment S8, the only one without a number; ${lostWords}`,
    ]);
    assert.deepEqual(told([row(2, '1Z1', { shipmentNumber: 'S8' })]), [
      `2: tracked, number added to shipment S8, which the row names; ${lostWords}`,
    ]);
    assert.deepEqual(told([of(2, '1Z1', 'MUG', 3)]), [
      `2: tracked, number added to shipment S8, which holds its items; ${lostWords}`,
    ]);
  });

  it('is told with them where not even the sending is on record', () => {
    assert.deepEqual(ends(mugs(S7, found, S9), [row(2, '1Z1')], {}, [], AT_MS - 500_000), [
      '2: tracked, number added to shipment S8, the only one without a number; the record of it was lost, the number was found there',
    ]);
  });

  it('is told with its shipment and no more than that it holds its items where it would be put on another now', () => {
    const onS7 = { ...S7, tracks: [...S7.tracks, track(80, '1Z1', 'trackdrop:w1')] };
    const numbered = { ...S9, items: [{ orderItemId: 11, qty: 4 }] };
    assert.deepEqual(ends(mugs(onS7, numbered), [of(2, '1Z1', 'MUG', 2)], {}, [lost]), [
      "2: tracked, number added to shipment S7, which holds its items; the store's answer was lost, the number was found there",
    ]);
  });

  it('is told with its shipment alone where it would be put elsewhere now', () => {
    const numbered = { ...found, tracks: [...found.tracks, track(81, 'BY-HAND')] };
    assert.deepEqual(ends(mugs(S7, numbered, S9), [row(2, '1Z1')], {}, [lost]), [
      "2: tracked, number added to shipment S8; the store's answer was lost, the number was found there",
    ]);
  });
});
