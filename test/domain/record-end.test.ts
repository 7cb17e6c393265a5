import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOfRecord, type RowEnd } from '../../src/domain/record-end.ts';

function rowEnd(trackingNumber: string, outcome: RowEnd['outcome'], more: Partial<RowEnd> = {}): RowEnd {
  return {
    orderNumber: '100',
    trackingNumber,
    outcome,
    message: 'as it should be',
    note: null,
    orderId: 1,
    shipmentId: 2,
    trackId: null,
    mail: null,
    ...more,
  };
}

describe('The end of a record', () => {
  it('is that of its row where it has but one, with what looks odd behind it', () => {
    const note = 'the check digit is wrong';
    assert.deepEqual(endOfRecord([rowEnd('A', 'tracked', { note, trackId: 3 })]), {
      outcome: 'tracked',
      message: `as it should be; ${note}`,
      orderId: 1,
      shipmentId: 2,
      trackId: 3,
      mail: null,
    });
    assert.equal(endOfRecord([rowEnd('A', 'tracked')]).message, 'as it should be');
  });

  it('says once what became of numbers with the same fate', () => {
    const end = endOfRecord([rowEnd('A', 'tracked'), rowEnd('B', 'tracked')]);
    assert.equal(end.outcome, 'tracked');
    assert.equal(end.message, 'A, B: as it should be');
  });

  it('is the most serious of several: what needs a person before what heals before what is done', () => {
    const of = (...outcomes: [RowEnd['outcome'], ...RowEnd['outcome'][]]) => {
      const [first, ...others] = outcomes.map((outcome, n) => rowEnd(`N${n}`, outcome));
      assert.ok(first);
      return endOfRecord([first, ...others]).outcome;
    };
    assert.equal(of('tracked', 'waiting'), 'waiting');
    assert.equal(of('waiting', 'tracked', 'store-refused'), 'store-refused');
    assert.equal(of('order-not-found', 'tracked', 'waiting'), 'order-not-found');
    assert.equal(of('gave-up', 'store-refused'), 'gave-up');
    assert.equal(of('already-tracked', 'tracked'), 'already-tracked');
  });

  it('tells what became of each number where that differs, in the order of the cell', () => {
    const { message } = endOfRecord([
      rowEnd('A', 'tracked'),
      rowEnd('B', 'store-refused', { message: 'no', note: 'odd' }),
      rowEnd('C', 'tracked'),
    ]);
    assert.equal(message, 'A, C: tracked, as it should be; B: store-refused, no; odd');
  });

  it('tells for which of several the customer was mailed, where that differs', () => {
    const end = endOfRecord([
      rowEnd('A', 'tracked', { mail: 'mailed' }),
      rowEnd('A', 'already-tracked', { orderNumber: '200', message: 'it stands there' }),
      rowEnd('A', 'order-not-found', { orderNumber: '300', message: 'no order 300' }),
    ]);
    assert.equal(end.mail, 'mailed');
    assert.equal(
      end.message,
      'A on 100: tracked, as it should be, mailed; A on 200: already-tracked, it stands there, not mailed; A on 300: order-not-found, no order 300',
    );
    const alike = endOfRecord([
      rowEnd('A', 'tracked', { mail: 'mailed' }),
      rowEnd('B', 'tracked', { mail: 'mailed' }),
    ]);
    assert.equal(alike.message, 'A, B: as it should be');
  });

  it('names the orders where the cell with several numbers is that of the order', () => {
    const { message } = endOfRecord([
      rowEnd('A', 'tracked'),
      rowEnd('A', 'order-not-found', { orderNumber: '200', message: 'the shop has no order 200' }),
    ]);
    assert.equal(
      message,
      'A on 100: tracked, as it should be; A on 200: order-not-found, the shop has no order 200',
    );
  });

  it('has the ids of the first row that has any', () => {
    const none = { orderId: null, shipmentId: null, trackId: null };
    const { orderId, shipmentId, trackId } = endOfRecord([
      rowEnd('A', 'bad-row', none),
      rowEnd('B', 'tracked', { orderId: 5, shipmentId: 6, trackId: 7 }),
      rowEnd('C', 'tracked', { orderId: 5, shipmentId: 6, trackId: 8 }),
    ]);
    assert.deepEqual([orderId, shipmentId, trackId], [5, 6, 7]);
  });
});
