import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BEFORE_ROWS } from '../../src/domain/row.ts';
import { end, ownLedgerEach, record, severalRecord } from './own-ledger.ts';

const current = ownLedgerEach();

describe('The ledger', () => {
  it('finds the rows of an order together, however far apart they stand and however it is written', () => {
    const { ledger, claim, openRowsOf } = current();
    const drop = claim();
    ledger.rows.add(drop, [record(2, 'ab1', 'A'), record(3, '200', 'B'), record(900, 'AB1 ', 'C')]);
    assert.deepEqual(
      openRowsOf(drop, 'ab1').map(({ line }) => line),
      [2, 900],
    );
    assert.deepEqual(
      ledger.rows.openOrders(drop, BEFORE_ROWS, 10).map(({ orderKey }) => orderKey),
      ['ab1', '200'],
    );
  });

  it('gives the orders of a drop in the order of the file, a page at a time and each at its first open row', () => {
    const { ledger, claim } = current();
    const drop = claim();
    ledger.rows.add(drop, [
      record(2, '300', 'A'),
      severalRecord(3, '100', ['B', 'C']),
      record(4, '300', 'D'),
      record(5, '200', 'E'),
      record(6, '100', 'F'),
    ]);
    const [first, ...others] = ledger.rows.openOrders(drop, BEFORE_ROWS, 2);
    assert.deepEqual(first, { orderKey: '300', first: { line: 2, part: 0 }, blocked: false });
    assert.deepEqual(others, [{ orderKey: '100', first: { line: 3, part: 0 }, blocked: false }]);
    const rest = { orderKey: '200', first: { line: 5, part: 0 }, blocked: false };
    assert.deepEqual(ledger.rows.openOrders(drop, { line: 3, part: 0 }, 2), [rest]);
    assert.deepEqual(ledger.rows.heirOf('main', '100'), { seq: drop.seq, first: { line: 3, part: 0 } });
    ledger.rows.end(drop, [end(3, 0)]);
    assert.deepEqual(ledger.rows.heirOf('main', '100'), { seq: drop.seq, first: { line: 3, part: 1 } });
  });

  it('says which orders an earlier drop of the same store still has', () => {
    const { ledger, claim } = current();
    const [first, other, second] = [claim(), claim('other.csv', 'elsewhere'), claim()];
    ledger.rows.add(other, [record(2, '300', 'X')]);
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B'), record(3, '300', 'C')]);
    const blocked = () => ledger.rows.openOrders(second, BEFORE_ROWS, 10).map((order) => order.blocked);
    assert.deepEqual(blocked(), [true, false]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, first.seq);
    ledger.rows.end(first, [end(2)]);
    assert.deepEqual(blocked(), [false, false]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, second.seq);
  });

  it('lets no drop hold back later ones while it is set aside, and puts it before them again after', () => {
    const { ledger, claim, openRowsOf } = current();
    const [first, second] = [claim(), claim()];
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B')]);
    const standing = () => ({
      blocked: ledger.rows.openOrders(second, BEFORE_ROWS, 10).map((order) => order.blocked),
      heir: ledger.rows.heirOf('main', '100')?.seq,
      unsettled: ledger.drops.unsettled().map(({ seq }) => seq),
      rows: openRowsOf(first, '100').length,
    });
    const before = standing();
    assert.deepEqual(before, {
      blocked: [true],
      heir: first.seq,
      unsettled: [first.seq, second.seq],
      rows: 1,
    });
    ledger.drops.setAside(first);
    assert.deepEqual(standing(), { ...before, blocked: [false], heir: second.seq });
    ledger.drops.takeBackOf(['another']);
    assert.equal(standing().heir, second.seq);
    ledger.drops.takeBackOf(['another', first.inbox]);
    assert.deepEqual(standing(), before);
  });

  it('holds back no order for a drop that is still being read', () => {
    const { ledger, claim } = current();
    const [first, second] = [claim(), claim()];
    ledger.drops.markClaimed(first);
    ledger.rows.add(first, [record(2, '100', 'A')]);
    ledger.rows.add(second, [record(2, '100', 'B')]);
    assert.deepEqual(ledger.rows.openOrders(second, BEFORE_ROWS, 10), [
      { orderKey: '100', first: { line: 2, part: 0 }, blocked: false },
    ]);
    assert.equal(ledger.rows.heirOf('main', '100')?.seq, second.seq);
  });

  it('remembers a drop by its id, its state and the name it was settled as', () => {
    const { ledger, claim } = current();
    const drop = claim('day.csv');
    ledger.drops.markRead(drop, { sha256: 'x', bytes: 20, layout: '{}' });
    ledger.drops.markSettling(drop);
    ledger.drops.chooseStem(drop, 'day-2.csv', '/data/failed');
    assert.partialDeepStrictEqual(ledger.drops.byId(drop.id), {
      name: 'day.csv',
      state: 'settling',
      layout: '{}',
      settledAs: 'day-2.csv',
      settledIn: '/data/failed',
    });
    assert.deepEqual(
      ledger.drops.unsettled().map(({ id }) => id),
      [drop.id],
    );
    ledger.drops.markSettled(drop, 99);
    assert.deepEqual(ledger.drops.unsettled(), []);
  });
});
