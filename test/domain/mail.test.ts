import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Order, Shipment } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Write } from '../../src/domain/write.ts';
import { order, policy, row, shipment, track } from './orders.ts';
import { PATIENCE } from './patience.ts';

const SENT_AT_MS = 1_000_000;
const LATER_MS = SENT_AT_MS + 600_000;

/** A write of 1Z1 to shipment 7 that was done; the more of it as it is given. */
function write(with_: Partial<Write> = {}): Write {
  return {
    id: 'w1',
    kind: 'track',
    orderId: 1,
    shipmentId: 7,
    trackId: 70,
    trackingNumbers: ['1Z1'],
    mails: false,
    state: 'done',
    message: '',
    atMs: SENT_AT_MS,
    answeredAtMs: SENT_AT_MS,
    counts: false,
    isOwn: true,
    ...with_,
  };
}

const mail = (with_: Partial<Write>) =>
  write({ id: 'm1', kind: 'mail', mails: true, trackId: null, ...with_ });
const mailedAbout = (made: Shipment): Shipment => ({ ...made, isMailed: true });
const STANDING = order({ shipments: [shipment(7, track(70, '1Z1', 'trackdrop:w1'))] });

/** What is next for a row with 1Z1 that stands on shipment 7. */
function stepWith(
  writes: readonly Write[],
  with_: Partial<Policy> = {},
  {
    atMs = LATER_MS,
    order: subject = STANDING,
    unrecordedUntilMs = null as number | null,
    rows = [row(2, '1Z1')],
  } = {},
) {
  return nextStep({
    look: { orders: [subject], atMs },
    rows,
    badRows: [],
    endedRows: [],
    writes,
    unrecordedUntilMs,
    othersMarks: new Set(),
    earlier: null,
    writers: null,
    policy: policy({ notify: 'always', ...with_ }),
    patience: PATIENCE,
    dropName: 'day.csv',
  });
}

const kinds = (step: ReturnType<typeof stepWith>) => step.actions.map(({ action }) => action.kind);
const ends = (step: ReturnType<typeof stepWith>) =>
  step.outcomes.map(({ outcome, mail: got }) => `${outcome}: ${got}`);

describe('A mail about a shipment', () => {
  it('is asked for when the numbers stand, and ends their rows where the shop sends it', () => {
    const step = stepWith([write()]);
    assert.deepEqual(
      step.actions.map(({ action }) => action),
      [{ kind: 'mail', orderId: 1, shipmentId: 7, trackingNumbers: ['1Z1'] }],
    );
    assert.deepEqual(step.outcomes, []);
    assert.partialDeepStrictEqual(step.actions[0]?.ends, [{ line: 2, outcome: 'tracked', mail: 'mailed' }]);
  });

  it('that certainly was not sent is asked for again after a pause, as often as attempts are allowed', () => {
    const unsent = (count: number, counts = true) =>
      Array.from({ length: count }, (_, at) =>
        mail({ id: `m${at}`, state: 'unsent', counts, message: 'nobody is there', atMs: LATER_MS - 1_000 }),
      );
    assert.equal(stepWith([write(), ...unsent(1)]).lookAgainAtMs, LATER_MS + 1_000);
    assert.deepEqual(kinds(stepWith([write(), ...unsent(1)], {}, { atMs: LATER_MS + 1_000 })), ['mail']);
    const atMs = LATER_MS + 120_000;
    assert.deepEqual(kinds(stepWith([write(), ...unsent(20, false)], {}, { atMs })), ['mail']);
    const step = stepWith([write(), ...unsent(PATIENCE.attempts)], {}, { atMs });
    assert.deepEqual(ends(step), ['tracked: undefined']);
    assert.match(
      step.outcomes[0]?.message ?? '',
      /; the customer was not mailed: tried 6 times; last of all: nobody is there$/,
    );
  });

  it('of another drop is not this one’s, nor is one about another shipment', () => {
    assert.deepEqual(kinds(stepWith([write(), mail({ isOwn: false, state: 'uncertain' })])), ['mail']);
    assert.deepEqual(kinds(stepWith([write(), mail({ shipmentId: 8 })])), ['mail']);
  });

  it('is asked for no more where the inbox mailed as it shipped when it did so', () => {
    const ships = write({ kind: 'ship', mails: true, trackId: null });
    const shipped: Order = order({ shipments: [mailedAbout(shipment(7, track(70, '1Z1')))] });
    assert.deepEqual(ends(stepWith([ships], {}, { order: shipped })), ['shipped: mailed']);
    const withMore = { ...ships, trackingNumbers: ['1Z9', '1Z1'] };
    assert.deepEqual(ends(stepWith([withMore], {}, { order: shipped })), ['shipped: mailed']);
  });

  it('counts for its rows where the inbox mails nobody any more', () => {
    assert.deepEqual(ends(stepWith([write(), mail({})], { notify: 'never' })), ['tracked: mailed']);
    assert.deepEqual(ends(stepWith([write(), mail({ state: 'open' })], { notify: 'never' })), [
      'tracked: unknown',
    ]);
  });

  it('told of a number that it was not sent for, where that had been put on the shipment by then', () => {
    const forAnother = mail({ trackingNumbers: ['1Z9'], atMs: SENT_AT_MS + 2 });
    assert.deepEqual(ends(stepWith([write(), forAnother])), ['tracked: mailed']);
    const elsewhere = { shipmentId: 8, trackingNumbers: ['1Z9'], atMs: SENT_AT_MS + 2 };
    const aboutBoth = [write(), mail(elsewhere), mail({ ...elsewhere, shipmentId: 7, state: 'refused' })];
    assert.deepEqual(ends(stepWith(aboutBoth)), ['tracked: undefined']);
  });

  it('may have told of a number that it was not sent for, and that somebody else may have put there', () => {
    const forAnother = mail({ trackingNumbers: ['1Z9'] });
    const since = stepWith([forAnother, write({ atMs: SENT_AT_MS + 2 })]);
    assert.deepEqual(ends(since), ['tracked: unknown']);
    assert.match(
      since.outcomes[0]?.message ?? '',
      /is not known: the mail about the shipment was sent for other/,
    );
    const moved = write({ shipmentId: 8, kind: 'ship', trackId: null });
    assert.deepEqual(ends(stepWith([moved, forAnother])), ['shipped: unknown']);
    const unheard = write({ state: 'uncertain', message: 'no answer' });
    assert.deepEqual(ends(stepWith([unheard, { ...forAnother, atMs: SENT_AT_MS + 2 }])), [
      'tracked: unknown',
    ]);
    const unseen = stepWith([write(), { ...forAnother, state: 'uncertain', message: 'no answer' }]);
    assert.deepEqual(ends(unseen), ['tracked: unknown']);
    assert.match(unseen.outcomes[0]?.message ?? '', /is not known: no answer$/);
  });
});

describe('A mail that the shop was asked for as it shipped', () => {
  const ships = write({ kind: 'ship', mails: true, trackId: null });
  const made = shipment(7, track(70, '1Z1'));
  const stepOn = (...shipments: Shipment[]) => ({ order: order({ shipments }) });
  const notify = 'shipment';

  it('was sent where the shipment shows it, whatever the answer was', () => {
    assert.deepEqual(ends(stepWith([ships], { notify }, stepOn(mailedAbout(made)))), ['shipped: mailed']);
    const step = stepWith([ships], { notify }, stepOn(made));
    assert.deepEqual(ends(step), ['shipped: unknown']);
    assert.match(step.outcomes[0]?.message ?? '', /is not known: the shipment shows no mail, .* turned off$/);
  });

  it('is told of a shipment that was cut down, too', () => {
    const names = { rows: [row(2, '1Z1', { item: { sku: 'MUG', quantity: 2 } })] };
    const step = stepWith([ships], { notify }, { ...stepOn(mailedAbout(made)), ...names });
    assert.deepEqual(ends(step), ['item-mismatch: mailed']);
    assert.match(step.outcomes[0]?.message ?? '', /and not 2 x MUG; the customer was mailed about S7$/);
  });

  it('is told of an order that was shipped twice, too', () => {
    const lost = write({
      id: 'w1',
      kind: 'ship',
      mails: true,
      state: 'uncertain',
      shipmentId: null,
      trackId: null,
    });
    const again = write({ id: 'w2', kind: 'ship', shipmentId: 7, trackId: null });
    const back = write({ id: 'w3', kind: 'untrack', shipmentId: 8, trackId: 80 });
    const late = shipment(8);
    const told = (...shipments: Shipment[]) =>
      stepWith([lost, again, back], { notify }, stepOn(...shipments)).outcomes.map(
        ({ outcome, message }) => `${outcome}${message.slice(message.lastIndexOf(';'))}`,
      );
    assert.deepEqual(told(made, mailedAbout(late)), ['gave-up; the customer was mailed about S8']);
    assert.match(told(made, late)[0] ?? '', /^gave-up; whether the customer was mailed is not known: /);
  });
});

describe('A row that fails', () => {
  const notify = 'shipment';
  const ships = write({ kind: 'ship', mails: true, trackId: null });
  const noShipment = { order: order() };
  const lost = { ...ships, shipmentId: null, state: 'uncertain', message: 'no answer', atMs: 0 } as const;

  it('says that nobody knows of a mail about a shipment that the shop said it made, and does not show', () => {
    const step = stepWith([ships], { notify }, noShipment);
    assert.deepEqual(ends(step), ['gave-up: unknown']);
    assert.match(
      step.outcomes[0]?.message ?? '',
      /; whether the customer was mailed is not known: the shop said that it made the shipment$/,
    );
  });

  it('says so of a mail with a shipment of which no try was answered, whatever it fails for in the end', () => {
    const tries = Array.from({ length: PATIENCE.attempts }, (_, at) => ({
      ...lost,
      id: `w${at}`,
      mails: at === 0,
      counts: true,
    }));
    assert.deepEqual(ends(stepWith(tries, { notify }, noShipment)), ['gave-up: unknown']);
    const canceled = { order: order({ state: 'canceled' }) };
    assert.deepEqual(ends(stepWith([lost], { notify }, canceled)), ['order-closed: unknown']);
    const refused = write({ id: 'w2', kind: 'ship', shipmentId: null, state: 'refused', message: 'not so' });
    assert.deepEqual(ends(stepWith([lost, refused], { notify }, noShipment)), ['store-refused: unknown']);
  });

  it('says nothing of a mail where the shop said no to the shipment', () => {
    const refused = { ...ships, shipmentId: null, state: 'refused', message: 'not so' } as const;
    assert.deepEqual(ends(stepWith([refused], { notify }, noShipment)), ['store-refused: undefined']);
  });

  it('says that the customer was mailed where a mail told of its number with those of others', () => {
    const names = (line: number, number: string, sku: string) =>
      row(line, number, { item: { sku, quantity: 1 } });
    const both = { ...shipment(7, track(70, '1Z1'), track(71, '1Z2')), items: [{ orderItemId: 11, qty: 1 }] };
    const made = write({ kind: 'ship', trackId: null, trackingNumbers: ['1Z1', '1Z2'] });
    const on = {
      order: order({ shipments: [both] }),
      rows: [names(2, '1Z1', 'MUG'), names(3, '1Z2', 'CUP')],
    };
    assert.deepEqual(kinds(stepWith([made], {}, on)), ['mail']);
    const told = (state: Write['state']) => ends(stepWith([made, mail({ state })], {}, on)).sort();
    assert.deepEqual(told('done'), ['item-mismatch: mailed', 'shipped: mailed']);
    assert.deepEqual(told('uncertain'), ['item-mismatch: unknown', 'shipped: unknown']);
    assert.deepEqual(told('refused'), ['item-mismatch: undefined', 'shipped: undefined']);
  });
});

describe('A number that stood already when records were lost', () => {
  const lost = { unrecordedUntilMs: SENT_AT_MS };
  const unmarked = order({ shipments: [shipment(7, track(70, '1Z1'))] });

  it('may have come with a shipment that mailed', () => {
    assert.deepEqual(ends(stepWith([], { notify: 'shipment' }, { ...lost, order: unmarked })), [
      'already-tracked: unknown',
    ]);
  });

  it('came with none where it was added to one, and where the inbox ships nothing', () => {
    assert.deepEqual(ends(stepWith([], { notify: 'shipment' }, lost)), ['tracked: undefined']);
    const only = { notify: 'shipment', createShipments: false } as const;
    assert.deepEqual(ends(stepWith([], only, { ...lost, order: unmarked })), ['already-tracked: undefined']);
  });

  it('may have been mailed about, and is not again', () => {
    assert.deepEqual(ends(stepWith([], {}, lost)), ['tracked: unknown']);
    assert.deepEqual(ends(stepWith([], {}, { ...lost, order: unmarked })), ['already-tracked: unknown']);
  });

  it('may have been mailed about, too, where a mail went for the sake of another one', () => {
    const both = order({ shipments: [shipment(7, track(70, '1Z1', 'trackdrop:lost'), track(71, '1Z2'))] });
    const writes = [
      write({ trackId: 71, trackingNumbers: ['1Z2'], atMs: SENT_AT_MS + 1 }),
      mail({ trackingNumbers: ['1Z2'], atMs: SENT_AT_MS + 2 }),
    ];
    const rows = [row(2, '1Z1'), row(3, '1Z2')];
    const step = stepWith(writes, {}, { ...lost, order: both, rows });
    assert.deepEqual(ends(step), ['tracked: unknown', 'tracked: mailed']);
    assert.match(step.outcomes[0]?.message ?? '', /the record of what was sent before was lost$/);
  });

  it('is mailed about where it was sent since', () => {
    assert.deepEqual(kinds(stepWith([write({ atMs: SENT_AT_MS + 1 })], {}, lost)), ['mail']);
  });
});
