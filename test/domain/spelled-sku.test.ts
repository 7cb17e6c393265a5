import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Row } from '../../src/domain/row.ts';
import { spelledAsIn } from '../../src/domain/spelled-sku.ts';
import { item, order, row, situation } from './orders.ts';

const of = (line: number, sku: string, quantity: number) => row(line, '1Z1', { item: { sku, quantity } });
const orderOf = (...skus: readonly string[]) =>
  order({ items: skus.map((sku, at) => item({ itemId: 11 + at, sku, qtyOrdered: 2 })) });
const skuOf = (written: string, ...skus: readonly string[]) =>
  spelledAsIn(orderOf(...skus))(of(2, written, 1)).item?.sku;

/** As `2 of 12`, or the message with which the first row ends. */
function becomes(subject: Order, ...rows: readonly Row[]): string | undefined {
  const { outcomes, actions } = nextStep(situation({ look: { orders: [subject], atMs: 0 }, rows }));
  const ships = actions.flatMap(({ action }) => (action.kind === 'ship' ? action.items : []));
  return outcomes[0]?.message ?? ships.map(({ orderItemId, qty }) => `${qty} of ${orderItemId}`).join(', ');
}

describe('A SKU that a row spells', () => {
  it('in another way than the order means the one of the order that looks like it', () => {
    assert.equal(skuOf('red mug ', 'RED MUG', 'TEA'), 'RED MUG');
    assert.equal(skuOf('RED\u00a0MUG', 'RED MUG', 'TEA'), 'RED MUG');
    assert.equal(skuOf('RED  MUG', 'RED MUG', 'REDMUG'), 'RED MUG');
    assert.equal(skuOf('MU\u0308TZE', 'M\u00dcTZE', 'MUTZE'), 'M\u00dcTZE');
    assert.equal(skuOf('MUTZE', 'M\u00dcTZE'), 'MUTZE');
    assert.equal(becomes(orderOf('RED MUG', 'TEA'), of(2, 'red\u00a0mug', 2)), '2 of 11');
  });

  it('as the order does is not another one that differs by case alone', () => {
    const subject = orderOf('ABC', 'abc');
    assert.equal(becomes(subject, of(2, 'abc', 2)), '2 of 12');
    assert.equal(becomes(subject, of(2, 'ABC', 1), of(3, 'abc', 2)), '1 of 11, 2 of 12');
    assert.equal(
      becomes(subject, of(2, 'abc', 3)),
      '3 x abc would have to be shipped, and only 2 of it is left to ship',
    );
  });

  it('like several of the order, and as none of them, is none of them', () => {
    assert.equal(
      becomes(orderOf('ABC', 'abc'), of(2, 'Abc', 1)),
      'the order has no item Abc that can be shipped by itself; it has ABC, abc',
    );
  });
});
