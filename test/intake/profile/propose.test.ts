import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propose } from '../../../src/intake/profile/propose.ts';

/** Of each role that has one: the column, how sure, why. */
function proposed(header: string) {
  const proposals = propose(header.split(','));
  return Object.fromEntries(
    proposals
      .filter(({ certainty }) => certainty !== 'absent')
      .map(({ role, column, certainty, why }) => [role, [column, certainty, why]]),
  );
}

test('a column whose name says what it is, is proposed without a question', () => {
  assert.deepEqual(proposed('Bestell-Nr.,Sendungsnummer,Paketdienst,Gewicht'), {
    order: ['Bestell-Nr.', 'sure', 'the name says so'],
    tracking: ['Sendungsnummer', 'sure', 'the name says so'],
    carrier: ['Paketdienst', 'sure', 'the name says so'],
  });
});

test('a doubtful column and its rivals are to be looked at', () => {
  assert.deepEqual(proposed('order_id,Order Number,tracking_code'), {
    order: ['order_id', 'check', 'or "Order Number"'],
    tracking: ['tracking_code', 'check', 'the name may mean something else'],
  });
});

test('a needed column that nothing hints at is left open', () => {
  assert.deepEqual(proposed('A,B'), {
    order: [null, 'open', 'no column looks like it'],
    tracking: [null, 'open', 'no column looks like it'],
  });
});

test('a column is named by its position where another has the same name', () => {
  assert.deepEqual(proposed('tracking_number,Order,Order').order, [2, 'check', 'or "Order"']);
});

test('a count is no quantity without a SKU, and a service no title', () => {
  const proposals = propose(['order_number', 'tracking_number', 'Anzahl', 'Service']);
  const of = (wanted: string) => proposals.find(({ role }) => role === wanted);
  assert.deepEqual(of('quantity')?.column, null);
  assert.deepEqual([of('title')?.column, of('title')?.why], [null, 'perhaps "Service"']);
});
