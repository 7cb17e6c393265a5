import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propose } from '../../../src/intake/profile/propose.ts';

/** Of each role that has one: how sure, and the columns. */
function proposed(header: string) {
  const fields = header.split(',');
  return Object.fromEntries(
    propose(fields)
      .filter(({ certainty }) => certainty !== 'absent')
      .map(({ role, certainty, at }) => [role, [certainty, ...at.map((index) => fields[index])]]),
  );
}

test('a column whose name says what it is, is proposed without a question', () => {
  assert.deepEqual(proposed('Bestell-Nr.,Sendungsnummer,Paketdienst,Gewicht'), {
    order: ['sure', 'Bestell-Nr.'],
    tracking: ['sure', 'Sendungsnummer'],
    carrier: ['sure', 'Paketdienst'],
  });
});

test('a name with a second meaning is to be looked at where no other column fits', () => {
  assert.deepEqual(proposed('Bestellung,Sendungsnummer').order, ['check', 'Bestellung']);
});

test('of several columns that it may be none is taken', () => {
  assert.deepEqual(proposed('order_id,Order Number,Sendungsnummer').order, [
    'choose',
    'order_id',
    'Order Number',
  ]);
  assert.deepEqual(proposed('Reference,Order,Sendungsnummer').order, ['choose', 'Order', 'Reference']);
});

test('a name that misleads is named and not taken', () => {
  assert.deepEqual(proposed('order_number,tracking_code,Service'), {
    order: ['sure', 'order_number'],
    tracking: ['choose', 'tracking_code'],
    title: ['choose', 'Service'],
  });
});

test('columns of which nothing hints at a role are none of it', () => {
  assert.deepEqual(proposed('A,B'), {});
});

test('a count is no quantity without a SKU', () => {
  assert.deepEqual(Object.keys(proposed('order_number,tracking_number,Anzahl')), ['order', 'tracking']);
});
