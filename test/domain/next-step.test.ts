import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Shipment } from '../../src/domain/order.ts';
import type { Situation } from '../../src/domain/situation.ts';
import { mark, type Write } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, track } from './orders.ts';
import { PATIENCE } from './patience.ts';

const SENT_AT_MS = 1_000_000;

function write(with_: Partial<Write> = {}): Write {
  return {
    id: 'w1',
    kind: 'track',
    orderId: 1,
    shipmentId: 7,
    trackId: null,
    trackingNumbers: ['1Z1'],
    mails: false,
    state: 'uncertain',
    message: 'no answer within 30 s',
    atMs: SENT_AT_MS,
    answeredAtMs: SENT_AT_MS + 100,
    counts: true,
    isOwn: true,
    ...with_,
  };
}

/** One row for 1Z1 on an order with shipment 7, looked at `afterMs` after the first write was sent. */
function stepAfter(
  afterMs: number,
  with_: Partial<Situation> = {},
  subject = order({ shipments: [shipment(7)] }),
) {
  return nextStep({
    look: { orders: [subject], atMs: SENT_AT_MS + afterMs },
    rows: [row(2, '1Z1')],
    badRows: [],
    endedRows: [],
    writes: [],
    unrecordedUntilMs: null,
    othersMarks: new Set(),
    writers: null,
    earlier: null,
    policy: policy(),
    patience: PATIENCE,
    dropName: 'day.csv',
    ...with_,
  });
}

const outcomesOf = (step: ReturnType<typeof stepAfter>) =>
  step.outcomes.map(({ line, outcome }) => `${line}: ${outcome}`);
const kindsOf = (step: ReturnType<typeof stepAfter>) => step.actions.map(({ action }) => action.kind);
const waitOf = (step: ReturnType<typeof stepAfter>) =>
  step.lookAgainAtMs === null ? null : step.lookAgainAtMs - SENT_AT_MS;

describe('An order number', () => {
  it('that the shop does not know ends as order-not-found', () => {
    const step = stepAfter(0, { look: { orders: [], atMs: 0 } });
    assert.deepEqual(outcomesOf(step), ['2: order-not-found']);
    assert.match(step.outcomes[0]?.message ?? '', /100000001/);
  });

  it('that two store views share ends as order-ambiguous, and the message names both', () => {
    const step = stepAfter(0, {
      look: { orders: [order({ entityId: 1, storeId: 1 }), order({ entityId: 9, storeId: 2 })], atMs: 0 },
    });
    assert.deepEqual(outcomesOf(step), ['2: order-ambiguous']);
    assert.match(step.outcomes[0]?.message ?? '', /id 1 in store view 1.*id 9 in store view 2/);
  });

  it('that two store views share is the one of the view that the inbox names', () => {
    const shared = [
      order({ entityId: 1, storeId: 1 }),
      order({ entityId: 9, storeId: 2, shipments: [shipment(7)] }),
    ];
    const ofView = policy({ storeView: 2 });
    const step = stepAfter(0, { look: { orders: shared, atMs: 0 }, policy: ofView });
    assert.deepEqual(
      step.actions.map(({ action }) => [action.kind, action.orderId]),
      [['track', 9]],
    );
  });

  it('that only another store view has is not taken for it', () => {
    const ofView = policy({ storeView: 2 });
    const step = stepAfter(0, { policy: ofView }, order({ storeId: 1, shipments: [shipment(7)] }));
    assert.deepEqual(outcomesOf(step), ['2: order-not-found']);
    assert.match(
      step.outcomes[0]?.message ?? '',
      /store view 2 has no order 100000001; store view 1 has one \(/,
    );
    const orders = [order({ storeId: 1 }), order({ storeId: 3 })];
    const elsewhere = stepAfter(0, { policy: ofView, look: { orders, atMs: SENT_AT_MS } });
    assert.match(elsewhere.outcomes[0]?.message ?? '', /; store views 1 and 3 have one each \(/);
  });
});

describe('An order with very many rows, tracks and writes', () => {
  /** How often the facts of rows, tracks and writes are read; each number is one row, stands, and has a write on record. */
  function readsFor(count: number): number {
    let reads = 0;
    const counted = <Facts extends object>(facts: Facts): Facts =>
      new Proxy(facts, {
        get(target, name, receiver) {
          reads += 1;
          return Reflect.get(target, name, receiver);
        },
      });
    const many = Array.from({ length: count }, (_, n) => `N${n}`);
    const tracks = many.map((number, n) => counted(track(n + 1, number, `trackdrop:w${n}`)));
    const writes = many.map((number, n) => counted(write({ id: `w${n}`, trackingNumbers: [number] })));
    const rows = many.map((number, n) => counted(row(n + 2, number)));
    const step = stepAfter(2_000, { rows, writes }, order({ shipments: [shipment(7, ...tracks)] }));
    assert.equal(step.outcomes.length, count);
    return reads;
  }

  it('is judged by work that grows with their number, not with its square', () => {
    const [some, twice] = [readsFor(500), readsFor(1_000)];
    assert.ok(some > 500, 'the facts are read');
    assert.ok(twice < 2.2 * some, `${twice} reads for twice as many, after ${some}`);
  });
});

describe('An uncertain track', () => {
  it('is looked for at 2, 5, 15 and 30 s after its intent, and not repeated before', () => {
    const waits = [100, 2_000, 2_500, 5_000, 29_999].map((ms) =>
      waitOf(stepAfter(ms, { writes: [write()] })),
    );
    assert.deepEqual(waits, [2_000, 5_000, 5_000, 15_000, 30_000]);
    assert.deepEqual(kindsOf(stepAfter(29_999, { writes: [write()] })), []);
  });

  it('is repeated when a look 30 s later still does not show it', () => {
    assert.deepEqual(kindsOf(stepAfter(30_000, { writes: [write()] })), ['track']);
  });

  it('counts as tracked as soon as a look shows it, with the ids found', () => {
    const standing = order({ shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'))] });
    const step = stepAfter(2_000, { writes: [write()] }, standing);
    assert.partialDeepStrictEqual(step.outcomes, [{ outcome: 'tracked', shipmentId: 7, trackId: 70 }]);
    assert.match(step.outcomes[0]?.message ?? '', /answer was lost/);
  });

  it('of another drop that stands now was there already for this one', () => {
    const standing = order({ shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'))] });
    const step = stepAfter(2_000, { writes: [write({ isOwn: false })] }, standing);
    assert.deepEqual(outcomesOf(step), ['2: already-tracked']);
  });

  it('holds back every other write to its order until it is clear', () => {
    const step = stepAfter(2_000, { rows: [row(2, '1Z1'), row(3, '1Z2')], writes: [write()] });
    assert.deepEqual([kindsOf(step), waitOf(step)], [[], 5_000]);
  });

  it('that was cut off by the end of the process is treated the same', () => {
    assert.equal(waitOf(stepAfter(500, { writes: [write({ state: 'open', answeredAtMs: null })] })), 2_000);
  });

  it('is given up after as many attempts as are allowed while the store was well', () => {
    const writes = [1, 2, 3, 4, 5, 6].map((n) => write({ id: `w${n}`, atMs: SENT_AT_MS + n * 30_000 }));
    const step = stepAfter(10 * 30_000, { writes });
    assert.deepEqual(outcomesOf(step), ['2: gave-up']);
    assert.match(
      step.outcomes[0]?.message ?? '',
      /^sent 6 times, and the number does not stand, .*\. Last of all: .*[^.]\. .* drop the retry file again\.$/,
    );
    const downMeanwhile = writes.map((each) => ({ ...each, counts: false }));
    assert.deepEqual(kindsOf(stepAfter(10 * 30_000, { writes: downMeanwhile })), ['track']);
  });
});

describe('An uncertain ship', () => {
  const ship = write({ kind: 'ship', shipmentId: null });

  it('is repeated with the other numbers of its shipment, and a later look ends the rows of all', () => {
    const rows = [row(2, '1Z1'), row(3, '1Z2')];
    const [again] = stepAfter(120_000, { rows, writes: [ship] }, order()).actions;
    assert.ok(again);
    const numbers = again.wishes.map(({ rows: [first] }) => first.trackingNumber);
    assert.deepEqual([numbers, again.isRepeat], [['1Z1', '1Z2'], true]);
    assert.deepEqual(fulfilled(again, { shipmentId: 7, trackId: null }), []);
  });

  it('is looked for on the same schedule and repeated no sooner than 120 s after its intent', () => {
    const waits = [0, 30_000, 119_999].map((ms) => waitOf(stepAfter(ms, { writes: [ship] }, order())));
    assert.deepEqual(waits, [2_000, 120_000, 120_000]);
    assert.deepEqual(kindsOf(stepAfter(120_000, { writes: [ship] }, order())), ['ship']);
  });

  it('counts as shipped when its number stands', () => {
    const standing = order({ shipments: [shipment(7, track(70, '1Z1'))] });
    assert.deepEqual(outcomesOf(stepAfter(2_000, { writes: [ship] }, standing)), ['2: shipped']);
  });

  it('that shipped twice loses the second number, and the row names both shipments', () => {
    const writes = [ship, { ...ship, id: 'w2', atMs: SENT_AT_MS + 120_000 }];
    const doubled = order({ shipments: [shipment(7, track(70, '1Z1')), shipment(8, track(80, '1Z1'))] });
    const correction = stepAfter(180_000, { writes }, doubled);
    assert.partialDeepStrictEqual(correction.actions, [
      { action: { kind: 'untrack', trackId: 80, shipmentId: 8 } },
    ]);

    const corrected = order({ shipments: [shipment(7, track(70, '1Z1')), shipment(8)] });
    const untrack = write({ id: 'w3', kind: 'untrack', shipmentId: 8, trackId: 80, state: 'done' });
    const end = stepAfter(181_000, { writes: [...writes, untrack] }, corrected);
    assert.deepEqual(outcomesOf(end), ['2: gave-up']);
    assert.match(end.outcomes[0]?.message ?? '', /S7 and S8/);
  });
});

describe("Another drop's uncertain ship with another number", () => {
  const foreign = write({ kind: 'ship', shipmentId: null, trackingNumbers: ['1Z9'], isOwn: false });

  it('holds back a ship until it cannot land any more: what is open now, it may ship', () => {
    const steps = [0, 30_000, 119_999].map((ms) => stepAfter(ms, { writes: [foreign] }, order()));
    assert.deepEqual(steps.map(kindsOf), [[], [], []]);
    assert.deepEqual(steps.map(waitOf), [2_000, 120_000, 120_000]);
    const late = stepAfter(120_000, { writes: [foreign] }, order());
    assert.deepEqual([kindsOf(late), waitOf(late)], [['ship'], null]);
  });

  it('that the end of the process cut off does so, too', () => {
    const open = { ...foreign, state: 'open' as const, answeredAtMs: null };
    assert.deepEqual(kindsOf(stepAfter(500, { writes: [open] }, order())), []);
  });

  it('holds back nothing once its number stands', () => {
    const items = [item({ qtyOrdered: 2, qtyShipped: 1 })];
    const landed = order({ items, shipments: [shipment(7, track(70, '1Z9'))] });
    const rows = [row(2, '1Z1', { item: { sku: 'MUG', quantity: 1 } })];
    const step = stepAfter(500, { rows, writes: [foreign] }, landed);
    assert.deepEqual([kindsOf(step), waitOf(step)], [['ship'], null]);
  });

  it('holds back no track', () => {
    assert.deepEqual(kindsOf(stepAfter(500, { writes: [foreign] })), ['track']);
  });
});

describe('An uncertain ship of some items', () => {
  const ship = write({ kind: 'ship', shipmentId: null });
  const rows = [row(2, '1Z1', { item: { sku: 'MUG', quantity: 2 } })];
  const holding = (made: Shipment, qty: number) => ({ ...made, items: [{ orderItemId: 11, qty }] });
  const items = [item({ qtyOrdered: 5, qtyShipped: 1 })];
  const other = holding(shipment(6, track(60, 'OTHER')), 1);

  it('is not repeated before 120 s have passed, though another shipment is there', () => {
    const subject = order({ items, shipments: [other] });
    const waits = [0, 30_000, 119_999].map((ms) => waitOf(stepAfter(ms, { rows, writes: [ship] }, subject)));
    assert.deepEqual(waits, [2_000, 120_000, 120_000]);
    assert.partialDeepStrictEqual(stepAfter(120_000, { rows, writes: [ship] }, subject).actions, [
      { action: { kind: 'ship', items: [{ orderItemId: 11, qty: 2 }] }, isRepeat: true },
    ]);
  });

  it('counts as shipped when its number stands on a shipment that holds them', () => {
    const landed = order({ items, shipments: [other, holding(shipment(7, track(70, '1Z1')), 2)] });
    const step = stepAfter(2_000, { rows, writes: [ship] }, landed);
    assert.partialDeepStrictEqual(step.outcomes, [{ outcome: 'shipped', shipmentId: 7, trackId: 70 }]);
  });

  it('that the store has cut down to what was open ends as item-mismatch, naming the shipment', () => {
    const cut = order({ items, shipments: [other, holding(shipment(7, track(70, '1Z1')), 1)] });
    const step = stepAfter(2_000, { rows, writes: [ship] }, cut);
    assert.deepEqual(outcomesOf(step), ['2: item-mismatch']);
    assert.match(step.outcomes[0]?.message ?? '', /shipment S7, which holds 1 x MUG, and not 2 x MUG/);
  });

  it('that the store confirms ends its rows by a later look all the same, since it says nothing of what it cut', () => {
    const asked = stepAfter(0, { rows }, order({ items: [item({ qtyOrdered: 5 })] }));
    assert.deepEqual(kindsOf(asked), ['ship']);
    for (const planned of asked.actions) assert.deepEqual(fulfilled(planned, { shipmentId: 7 }), []);
    const done = { ...ship, state: 'done' as const, message: '', shipmentId: 7 };
    const cut = order({ items, shipments: [other, holding(shipment(7, track(70, '1Z1')), 1)] });
    assert.deepEqual(outcomesOf(stepAfter(50, { rows, writes: [done] }, cut)), ['2: item-mismatch']);
    const whole = order({ items, shipments: [other, holding(shipment(7, track(70, '1Z1')), 2)] });
    const step = stepAfter(50, { rows, writes: [done] }, whole);
    assert.partialDeepStrictEqual(step.outcomes, [{ outcome: 'shipped', shipmentId: 7, trackId: 70 }]);
    assert.doesNotMatch(step.outcomes[0]?.message ?? '', /answer was lost/);
  });

  it('that the store confirms and never shows is given up, and not sent again', () => {
    const done = { ...ship, state: 'done' as const, message: '', shipmentId: 7 };
    const without = order({ items, shipments: [other] });
    assert.equal(waitOf(stepAfter(50, { rows, writes: [done] }, without)), 2_000);
    const step = stepAfter(120_000, { rows, writes: [done] }, without);
    assert.deepEqual([outcomesOf(step), kindsOf(step)], [['2: gave-up'], []]);
    assert.match(step.outcomes[0]?.message ?? '', /made a shipment \(id 7\), and does not show it/);
  });

  it('whose numbers the shop keeps in a form of its own stands with them, in the order in which they were sent', () => {
    const two = [...rows, row(3, '1-Z2', { item: { sku: 'MUG', quantity: 1 } })];
    const done = { ...ship, state: 'done' as const, shipmentId: 7, trackingNumbers: ['1Z1', '1-Z2'] };
    const kept = order({ items, shipments: [holding(shipment(7, track(70, '1Z1'), track(71, '1Z2')), 3)] });
    const step = stepAfter(50, { rows: two, writes: [done] }, kept);
    assert.partialDeepStrictEqual(step.outcomes, [{ trackId: 70 }, { outcome: 'shipped', trackId: 71 }]);
    assert.match(step.outcomes[1]?.message ?? '', /; the shop keeps it as 1Z2; still open: 2 x MUG$/);
  });

  it('whose repeat shipped the rest keeps the number on the first shipment, and the row names that and the second', () => {
    const writes = [ship, { ...ship, id: 'w2', atMs: SENT_AT_MS + 120_000 }];
    const [full, rest] = [
      holding(shipment(7, track(70, '1Z1')), 2),
      holding(shipment(8, track(80, '1Z1')), 1),
    ];
    const doubled = order({ items, shipments: [other, full, rest] });
    assert.partialDeepStrictEqual(stepAfter(180_000, { rows, writes }, doubled).actions, [
      { action: { kind: 'untrack', trackId: 80, shipmentId: 8 } },
    ]);
    // Another number was taken back from another shipment before.
    const untracks = [
      write({
        id: 'u1',
        kind: 'untrack',
        shipmentId: 6,
        trackId: 61,
        state: 'done',
        trackingNumbers: ['1Z9'],
      }),
      write({ id: 'u2', kind: 'untrack', shipmentId: 8, trackId: 80, state: 'done' }),
    ];
    const corrected = order({ items, shipments: [other, full, { ...rest, tracks: [] }] });
    const end = stepAfter(181_000, { rows, writes: [...writes, ...untracks] }, corrected);
    assert.deepEqual(outcomesOf(end), ['2: gave-up']);
    assert.match(end.outcomes[0]?.message ?? '', /S7 and S8/);
  });

  it('that was refused is not asked for again, though something is open and other shipments are there', () => {
    const refused = { ...ship, state: 'refused' as const, message: 'the store says no' };
    const step = stepAfter(200, { rows, writes: [refused] }, order({ items, shipments: [other] }));
    assert.deepEqual([outcomesOf(step), kindsOf(step)], [['2: store-refused'], []]);
  });

  it('that was refused goes onto the shipment that somebody else has made of the same items meanwhile', () => {
    const refused = { ...ship, state: 'refused' as const, message: 'the store says no' };
    const shipments = [other, holding(shipment(7), 2)];
    const step = stepAfter(200, { rows, writes: [refused] }, order({ items, shipments }));
    assert.partialDeepStrictEqual(step.actions, [{ action: { kind: 'track', shipmentId: 7 } }]);
  });
});

describe('A parcel of which a row cannot be read', () => {
  const items = [item({ itemId: 11, qtyOrdered: 2 }), item({ itemId: 12, sku: 'CUP' })];
  const rows = [
    row(2, '1Z1', { item: { sku: 'MUG', quantity: 1 } }),
    row(4, '1Z2', { item: { sku: 'CUP', quantity: 1 } }),
  ];
  const bad = { line: 3, trackingNumber: '1z 1', storeView: null, namesItem: true };
  const badRows = [bad];

  it('ends as item-mismatch, naming the line, since it holds more than its other rows say; other parcels ship', () => {
    const step = stepAfter(0, { rows, badRows }, order({ items }));
    assert.deepEqual(outcomesOf(step), ['2: item-mismatch']);
    assert.match(step.outcomes[0]?.message ?? '', /^line 3 of this parcel cannot be read/);
    assert.partialDeepStrictEqual(step.actions, [
      { action: { kind: 'ship', items: [{ orderItemId: 12, qty: 1 }] } },
    ]);
    const twice = [...badRows, { ...bad, line: 9, trackingNumber: '1Z1' }];
    assert.match(
      stepAfter(0, { rows, badRows: twice }, order({ items })).outcomes[0]?.message ?? '',
      /^lines 3, 9 of/,
    );
  });

  it('does not wait for an order that is not there, since nobody would know of that row any more', () => {
    const step = stepAfter(0, { rows, badRows, look: { orders: [], atMs: SENT_AT_MS } });
    assert.deepEqual(outcomesOf(step), ['2: item-mismatch', '4: order-not-found']);
  });

  it('is pushed where no row names items, and so leaves none out', () => {
    const unnamed = { rows: [row(2, '1Z1')], badRows: [{ ...bad, namesItem: false }] };
    assert.deepEqual(kindsOf(stepAfter(0, unnamed, order({ items }))), ['ship']);
  });

  it('is of the order of its store view, where another view has that number too', () => {
    const ofBoth = [row(2, '1Z1', { storeView: 1, item: { sku: 'MUG', quantity: 1 } })];
    const orders = [order({ items, storeId: 1 }), order({ items, storeId: 2, entityId: 2 })];
    const stepOf = (storeView: number | null) =>
      stepAfter(0, { rows: ofBoth, badRows: [{ ...bad, storeView }], look: { orders, atMs: 0 } });
    assert.deepEqual(kindsOf(stepOf(2)), ['ship']);
    assert.deepEqual(outcomesOf(stepOf(1)), ['2: item-mismatch']);
    assert.deepEqual(outcomesOf(stepOf(null)), ['2: item-mismatch']);
  });

  it('is judged by what stands once its number does, or may', () => {
    const landed = order({
      items: [item({ itemId: 11, qtyOrdered: 2, qtyShipped: 1 })],
      shipments: [shipment(7, track(70, '1Z1'))],
    });
    const [first = row(2, '1Z1')] = rows;
    assert.deepEqual(outcomesOf(stepAfter(0, { rows: [first], badRows }, landed)), ['2: already-tracked']);
    const ship = write({ kind: 'ship', shipmentId: null });
    const waiting = stepAfter(500, { rows: [first], badRows, writes: [ship] }, order({ items }));
    assert.deepEqual([outcomesOf(waiting), waitOf(waiting)], [[], 2_000]);
  });
});

describe('A parcel whose rows name items, and nothing of any', () => {
  const items = [item({ itemId: 11, qtyOrdered: 2 }), item({ itemId: 12, sku: 'CUP' })];
  const none = row(2, '1Z1', { item: { sku: 'MUG', quantity: 0 } });

  it('ends as item-mismatch instead of being shipped as everything that is open, beside a row without an item too', () => {
    for (const rows of [[none], [row(3, '1Z1'), none]]) {
      const step = stepAfter(0, { rows }, order({ items }));
      assert.deepEqual([...new Set(step.outcomes.map(({ outcome }) => outcome))], ['item-mismatch']);
      assert.equal(step.outcomes.length, rows.length);
      assert.match(step.outcomes[0]?.message ?? '', /each with the quantity 0, so that nothing is in/);
      assert.deepEqual(step.actions, []);
    }
  });

  it('has no other number shipped as everything that is open', () => {
    const step = stepAfter(0, { rows: [none, row(3, '1Z2')] }, order({ items }));
    assert.deepEqual(outcomesOf(step), ['2: item-mismatch', '3: item-mismatch']);
    assert.deepEqual(step.actions, []);
  });

  it('is tracked already where its number stands, and leaves no room on that shipment for another', () => {
    const landed = order({
      items: [item({ itemId: 11, qtyOrdered: 2, qtyShipped: 1 })],
      shipments: [shipment(7, track(70, '1Z1'))],
    });
    const mug = row(3, '1Z2', { item: { sku: 'MUG', quantity: 1 } });
    const step = stepAfter(0, { rows: [none, mug] }, landed);
    assert.deepEqual(outcomesOf(step), ['2: already-tracked']);
    assert.deepEqual(kindsOf(step), ['ship']);
  });
});

describe('A parcel that does not say what it holds, where another of its order does and fails', () => {
  const items = [item({ itemId: 11, qtyOrdered: 5 }), item({ itemId: 12, sku: 'CUP' })];
  const [silent, mugs, plates] = [
    row(3, '1Z2'),
    row(4, '1Z3', { item: { sku: 'MUG', quantity: 1 } }),
    row(2, '1Z1', { item: { sku: 'PLATE', quantity: 1 } }),
  ];
  const unread = { line: 2, trackingNumber: '1Z1', storeView: null, namesItem: true };

  it('ends as item-mismatch, since it would be shipped as everything that is open; other parcels ship', () => {
    const step = stepAfter(0, { rows: [plates, silent, mugs] }, order({ items }));
    assert.deepEqual(outcomesOf(step), ['2: item-mismatch', '3: item-mismatch']);
    assert.match(step.outcomes[1]?.message ?? '', /say what this one holds too/);
    assert.partialDeepStrictEqual(step.actions, [
      { action: { kind: 'ship', items: [{ orderItemId: 11, qty: 1 }] } },
    ]);
  });

  it('ends alike where the other has ended before, after a crash say, or cannot be read, or is refused', () => {
    const after = (with_: Partial<Situation>) => outcomesOf(stepAfter(0, with_, order({ items })));
    assert.deepEqual(after({ rows: [silent], endedRows: [plates] }), ['3: item-mismatch']);
    assert.deepEqual(after({ rows: [silent], badRows: [unread] }), ['3: item-mismatch']);
    const refused = write({ kind: 'ship', shipmentId: null, trackingNumbers: ['1Z3'], state: 'refused' });
    const onNone = { ...mugs, shipmentNumber: '99' };
    assert.deepEqual(after({ rows: [silent, onNone] }).sort(), ['3: item-mismatch', '4: item-mismatch']);
    const step = stepAfter(200, { rows: [silent, mugs], writes: [refused] }, order({ items }));
    assert.deepEqual(outcomesOf(step).sort(), ['3: item-mismatch', '4: store-refused']);
  });

  it('does not wait for an order that is not there, as it would without the row that could not be read', () => {
    const gone = { rows: [silent], badRows: [unread], look: { orders: [], atMs: SENT_AT_MS } };
    assert.deepEqual(outcomesOf(stepAfter(0, gone)), ['3: item-mismatch']);
  });

  it('ships with the others where none fails, and goes onto a shipment that is there', () => {
    assert.deepEqual(kindsOf(stepAfter(0, { rows: [silent, mugs] }, order({ items }))), ['ship']);
    const landed = order({
      items: [item({ itemId: 11, qtyOrdered: 5, qtyShipped: 1 })],
      shipments: [shipment(7, track(70, '1Z3'))],
    });
    assert.deepEqual(kindsOf(stepAfter(0, { rows: [silent], endedRows: [plates] }, landed)), ['track']);
  });
});

describe('A bundle whose form the store refuses', () => {
  const items = [
    item({ itemId: 11, sku: 'BOX', productType: 'bundle' }),
    item({ itemId: 12, sku: 'MUG', parentItemId: 11 }),
  ];
  const rows = [row(2, '1Z1', { item: { sku: 'MUG', quantity: 1 } })];
  const refused = write({
    kind: 'ship',
    shipmentId: null,
    state: 'refused',
    message: 'not like this: "BOX"',
  });
  const after = (...writes: Write[]) => stepAfter(10_000, { rows, writes }, order({ items }));
  const asked = (step: ReturnType<typeof stepAfter>) =>
    step.actions.flatMap(({ action }) => (action.kind === 'ship' ? action.items : []));

  it('is asked for in the other one, and never twice in the same, whenever the process ended in between', () => {
    assert.deepEqual(asked(after()), [{ orderItemId: 12, qty: 1 }]);
    const second = after(refused);
    assert.deepEqual([asked(second), outcomesOf(second)], [[{ orderItemId: 11, qty: 1 }], []]);
    assert.equal(second.actions[0]?.isRepeat, false, 'a refusal proves that nothing was shipped');
    assert.deepEqual(outcomesOf(after(refused, { ...refused, id: 'w2' })), ['2: store-refused']);
  });

  it('keeps the form that it has found through tries that never left', () => {
    const unsent = write({ id: 'w2', kind: 'ship', shipmentId: null, state: 'unsent', atMs: SENT_AT_MS });
    assert.deepEqual(asked(after(refused, unsent)), [{ orderItemId: 11, qty: 1 }]);
  });

  it('learns nothing from the refusals of other drops, which had other rows', () => {
    assert.deepEqual(asked(after({ ...refused, isOwn: false, trackingNumbers: ['OTHER'] })), [
      { orderItemId: 12, qty: 1 },
    ]);
  });
});

describe('A number that was found standing after its answer was lost', () => {
  it('is told with what is still open', () => {
    const items = [item({ qtyOrdered: 3, qtyShipped: 1 })];
    const landed = order({ items, shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'))] });
    const [end] = stepAfter(2_000, { writes: [write()] }, landed).outcomes;
    assert.match(end?.message ?? '', /^number added to the shipment; .*; still open: 2 x MUG$/);
  });

  it('counts as shipped what shipments hold that came after the order was asked for', () => {
    const behind = [item({ qtyOrdered: 3, qtyShipped: 0 })];
    const landed = order({ items: behind, shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'))] });
    const [end] = stepAfter(2_000, { writes: [write()] }, landed).outcomes;
    assert.match(end?.message ?? '', /; still open: 2 x MUG$/);
  });
});

describe('Rows of one number that name two carriers', () => {
  it('say whose the number has, those that name the other one', () => {
    const rows = [
      row(2, '1Z1', { carrierCode: 'ups', title: 'UPS', item: { sku: 'MUG', quantity: 1 } }),
      row(3, '1Z1', { carrierCode: 'dhl', title: 'DHL', item: { sku: 'CUP', quantity: 1 } }),
    ];
    const items = [
      { orderItemId: 11, qty: 1 },
      { orderItemId: 12, qty: 1 },
    ];
    const landed = order({
      items: [item({ qtyShipped: 1 }), item({ itemId: 12, sku: 'CUP', qtyShipped: 1 })],
      shipments: [{ ...shipment(7, track(70, '1Z1')), items }],
    });
    const ship = write({ kind: 'ship', state: 'done' });
    assert.deepEqual(
      stepAfter(50, { rows, writes: [ship] }, landed).outcomes.map(({ message }) => message),
      [
        'shipment created with this number',
        'shipment created with this number; its carrier is that of line 2, UPS (ups), and not DHL (dhl)',
      ],
    );
  });
});

describe('A refusal', () => {
  const refused = write({ state: 'refused', message: 'the store says no' });

  it('of a track is believed at once when nothing uncertain came before it', () => {
    const step = stepAfter(0, { writes: [refused] });
    assert.deepEqual(outcomesOf(step), ['2: store-refused']);
    assert.equal(step.outcomes[0]?.message, 'the store says no');
  });

  it('that follows an uncertain write is looked up before it is believed', () => {
    const writes = [write({ atMs: SENT_AT_MS - 40_000 }), refused];
    assert.equal(waitOf(stepAfter(50, { writes })), 100);
    assert.deepEqual(outcomesOf(stepAfter(200, { writes })), ['2: store-refused']);
  });

  it('of a ship is always looked up before it is believed', () => {
    const ship = { ...refused, kind: 'ship' as const };
    assert.equal(waitOf(stepAfter(50, { writes: [ship] }, order())), 100);
    assert.deepEqual(outcomesOf(stepAfter(200, { writes: [ship] }, order())), ['2: store-refused']);
  });

  it('of a ship becomes a track when somebody else has shipped the order meanwhile', () => {
    const ship = { ...refused, kind: 'ship' as const };
    assert.deepEqual(kindsOf(stepAfter(200, { writes: [ship] })), ['track']);
  });

  it('of a repeat whose first attempt landed is a success', () => {
    const writes = [write({ atMs: SENT_AT_MS - 40_000 }), refused];
    const standing = order({ shipments: [shipment(7, track(70, '1Z1'))] });
    assert.deepEqual(outcomesOf(stepAfter(200, { writes }, standing)), ['2: tracked']);
  });
});

describe('A repeated track', () => {
  const writes = [
    write({ id: 'w1', atMs: SENT_AT_MS - 30_000 }),
    write({ id: 'w2', state: 'done', trackId: 71, atMs: SENT_AT_MS }),
  ];

  it('is verified no sooner than 60 s after the repeat', () => {
    const standing = order({ shipments: [shipment(7, track(71, '1Z1', 'trackdrop:w2'))] });
    assert.equal(waitOf(stepAfter(2_000, { writes }, standing)), 60_000);
    assert.deepEqual(outcomesOf(stepAfter(60_000, { writes }, standing)), ['2: tracked']);
  });

  it('is tracked by this drop where the uncertain attempt before it was another one’s', () => {
    const ofBoth = writes.map((each, at) => ({ ...each, isOwn: at === 1 }));
    const standing = order({ shipments: [shipment(7, track(71, '1Z1', 'trackdrop:w2'))] });
    assert.deepEqual(outcomesOf(stepAfter(60_000, { writes: ofBoth }, standing)), ['2: tracked']);
  });

  it('is taken back by id when both attempts stand, and a last look is due', () => {
    const both = order({
      shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'), track(71, '1Z1', 'trackdrop:w2'))],
    });
    const step = stepAfter(60_000, { writes }, both);
    assert.partialDeepStrictEqual(step.actions, [{ action: { kind: 'untrack', trackId: 71 } }]);
    assert.deepEqual(outcomesOf(step), []);
  });

  it('that the store does not take back is tried on the schedule of looks, and given up after all attempts', () => {
    const standing = order({
      shipments: [
        shipment(7, track(70, '1Z1', 'trackdrop:w1')),
        shipment(8, track(80, '1Z1', 'trackdrop:w2')),
      ],
    });
    const tries: Write[] = [];
    const sentAfterMs: number[] = [];
    for (let afterMs = 60_000; ; ) {
      const step = stepAfter(afterMs, { writes: [...writes, ...tries] }, standing);
      if (step.outcomes.length > 0) {
        assert.deepEqual(outcomesOf(step), ['2: gave-up']);
        assert.match(
          step.outcomes[0]?.message ?? '',
          /track 70 on shipment S7 and track 80 on shipment S8; track 80 .* 6 times: Not allowed$/,
        );
        break;
      }
      if (step.actions.length > 0) {
        sentAfterMs.push(afterMs - 60_000);
        const atMs = SENT_AT_MS + afterMs;
        const refusal = {
          state: 'refused',
          message: 'Not allowed',
          counts: false,
          answeredAtMs: atMs,
        } as const;
        tries.push(
          write({ id: `u${tries.length}`, kind: 'untrack', shipmentId: 8, trackId: 80, atMs, ...refusal }),
        );
      }
      assert.ok(tries.length <= 6);
      afterMs = Math.max(afterMs + 1, waitOf(step) ?? 0);
    }
    assert.deepEqual(sentAfterMs, [0, 2_000, 7_000, 22_000, 52_000, 82_000]);
  });

  it('is taken back however often that never left because the store was away, with a pause each time', () => {
    const both = order({
      shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'), track(71, '1Z1', 'trackdrop:w2'))],
    });
    const unsent = write({
      id: 'u1',
      kind: 'untrack',
      trackId: 71,
      state: 'unsent',
      counts: false,
      atMs: SENT_AT_MS + 60_000,
    });
    const tries = Array.from({ length: 9 }, (_, n) => ({ ...unsent, id: `u${n}` }));
    const step = stepAfter(60_001, { writes: [...writes, ...tries] }, both);
    assert.deepEqual([outcomesOf(step), kindsOf(step), waitOf(step)], [[], [], 90_000]);
    assert.deepEqual(kindsOf(stepAfter(90_000, { writes: [...writes, ...tries] }, both)), ['untrack']);
  });

  it('leaves a number alone that somebody else put there', () => {
    const foreign = order({
      shipments: [shipment(7, track(60, '1Z1', 'typed by hand'), track(71, '1Z1', 'trackdrop:w2'))],
    });
    assert.partialDeepStrictEqual(stepAfter(60_000, { writes }, foreign).actions, [
      { action: { trackId: 71 } },
    ]);

    const oursFirst = order({
      shipments: [shipment(7, track(71, '1Z1', 'trackdrop:w2'), track(90, '1Z1', 'typed by hand'))],
    });
    assert.partialDeepStrictEqual(stepAfter(60_000, { writes }, oursFirst).actions, [
      { action: { trackId: 71 } },
    ]);
  });
});

describe('A repeated ship whose own answer was lost, too', () => {
  it('is verified once it can land no more, since it would be a second shipment', () => {
    const ship = { kind: 'ship', shipmentId: null } as const;
    const writes = [
      write({ ...ship, id: 'w1', atMs: SENT_AT_MS - 120_000 }),
      write({ ...ship, id: 'w2', atMs: SENT_AT_MS }),
    ];
    const standing = order({ shipments: [shipment(7, track(70, '1Z1'))] });
    assert.equal(waitOf(stepAfter(60_000, { writes }, standing)), 120_000);
    const late = order({ shipments: [shipment(7, track(70, '1Z1')), shipment(8, track(80, '1Z1'))] });
    const { actions } = stepAfter(120_000, { writes }, late);
    assert.partialDeepStrictEqual(actions, [{ action: { kind: 'untrack', shipmentId: 8 } }]);
  });
});

describe('A number that the shop keeps in a form of its own', () => {
  it('stands where a write of ours has put it, by its mark or by its id, and the message says so', () => {
    const byMark = order({ shipments: [shipment(7, track(70, 'Z-1', 'trackdrop:w1'))] });
    const byId = order({ shipments: [shipment(7, track(70, 'Z-1'))] });
    const steps = [
      stepAfter(2_000, { writes: [write()] }, byMark),
      stepAfter(2_000, { writes: [write({ state: 'done', trackId: 70 })] }, byId),
    ];
    for (const step of steps) {
      assert.partialDeepStrictEqual(step.outcomes, [{ outcome: 'tracked', shipmentId: 7, trackId: 70 }]);
      assert.match(step.outcomes[0]?.message ?? '', /the shop keeps it as Z-1$/);
    }
  });

  it('stands there already for another drop', () => {
    const standing = order({ shipments: [shipment(7, track(70, 'Z-1', 'trackdrop:w1'))] });
    const step = stepAfter(2_000, { writes: [write({ isOwn: false })] }, standing);
    assert.deepEqual([outcomesOf(step), kindsOf(step)], [['2: already-tracked'], []]);
  });

  it('is taken back like any other when it stands twice', () => {
    const writes = [write({ atMs: SENT_AT_MS - 30_000 }), write({ id: 'w2', state: 'done', trackId: 71 })];
    const both = order({ shipments: [shipment(7, track(70, 'Z-1', 'trackdrop:w1'), track(71, 'Z-1'))] });
    assert.partialDeepStrictEqual(stepAfter(60_000, { writes }, both).actions, [
      { action: { kind: 'untrack', trackId: 71 } },
    ]);
  });
});

describe('A repeat that the store confirms and never shows', () => {
  it('counts as an attempt, so that the row comes to an end', () => {
    const done = { state: 'done', message: '', counts: false } as const;
    const writes = [1, 2, 3, 4, 5, 6].map((n) =>
      write({ id: `w${n}`, ...done, trackId: 90 + n, atMs: SENT_AT_MS + n * 30_000 }),
    );
    const step = stepAfter(10 * 30_000, { writes });
    assert.deepEqual([outcomesOf(step), kindsOf(step)], [['2: gave-up'], []]);
    assert.match(step.outcomes[0]?.message ?? '', /6 times.*does not show\. Once the shop/);
  });
});

describe('An unsent write', () => {
  const sendUntilItEnds = (counts: boolean) => {
    const writes: Write[] = [];
    let afterMs = 0;
    for (;;) {
      const step = stepAfter(afterMs, { writes });
      if (step.outcomes.length > 0 || writes.length === 9) return { step, writes };
      const atMs = SENT_AT_MS + afterMs;
      if (step.actions.length > 0)
        writes.push(write({ id: `w${writes.length}`, state: 'unsent', atMs, counts }));
      else afterMs = waitOf(step) ?? assert.fail('it neither writes nor waits nor ends');
    }
  };
  const sentAfterMs = (writes: readonly Write[]) => writes.map(({ atMs }) => atMs - SENT_AT_MS);

  it('is sent again without a look for it, after a pause that grows', () => {
    const { writes } = sendUntilItEnds(false);
    const expected = [0, 2_000, 7_000, 22_000, 52_000, 82_000, 112_000, 142_000, 172_000];
    assert.deepEqual(sentAfterMs(writes), expected);
  });

  it('counts where the store was well: the row is given up after as many as attempts says', () => {
    const { step, writes } = sendUntilItEnds(true);
    assert.deepEqual(sentAfterMs(writes), [0, 2_000, 7_000, 22_000, 52_000, 82_000]);
    assert.deepEqual(outcomesOf(step), ['2: gave-up']);
  });

  it('is sent at once where it failed so long ago that the pause is over', () => {
    const unsent = write({ state: 'unsent', counts: false });
    assert.deepEqual(kindsOf(stepAfter(2_000, { writes: [unsent] })), ['track']);
  });
});

describe('Writes that are on no record', () => {
  const unrecordedUntilMs = SENT_AT_MS;
  const unshipped = order({ shipments: [] });

  it('hold each write back for as long as an uncertain one of its kind, with looks in between', () => {
    const adding = { unrecordedUntilMs, policy: policy({ createShipments: false }) };
    assert.deepEqual(
      [0, 3_000, 20_000, 29_999].map((afterMs) => waitOf(stepAfter(afterMs, adding))),
      [2_000, 5_000, 30_000, 30_000],
    );
    assert.deepEqual(kindsOf(stepAfter(29_999, adding)), []);
    assert.deepEqual(kindsOf(stepAfter(30_000, adding)), ['track']);
    assert.deepEqual(kindsOf(stepAfter(119_999, { unrecordedUntilMs }, unshipped)), []);
    assert.equal(waitOf(stepAfter(119_999, { unrecordedUntilMs }, unshipped)), 120_000);
    assert.deepEqual(kindsOf(stepAfter(120_000, { unrecordedUntilMs }, unshipped)), ['ship']);
  });

  it('may have been ships, where the inbox may ship: a number is not added while it may still land with one', () => {
    assert.deepEqual(kindsOf(stepAfter(119_999, { unrecordedUntilMs })), []);
    assert.equal(waitOf(stepAfter(119_999, { unrecordedUntilMs })), 120_000);
    assert.deepEqual(kindsOf(stepAfter(120_000, { unrecordedUntilMs })), ['track']);
  });

  it('are known by the mark of a track that stands; any other number stood there already', () => {
    const found = (description: string | null) =>
      outcomesOf(
        stepAfter(
          0,
          { unrecordedUntilMs, othersMarks: new Set([mark("another drop's")]) },
          order({ shipments: [shipment(7, { ...track(70, '1Z1'), description })] }),
        ),
      );
    assert.deepEqual(found(mark('lost')), ['2: tracked']);
    assert.deepEqual(found('by hand'), ['2: already-tracked']);
    assert.deepEqual(found(mark("another drop's")), ['2: already-tracked']);
    assert.deepEqual(found(null), ['2: already-tracked']);
  });
});
