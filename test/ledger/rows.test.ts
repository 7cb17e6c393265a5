import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { BEFORE_ROWS, type FileRecord } from '../../src/domain/row.ts';
import { end, ownLedgerEach, record, severalRecord } from './own-ledger.ts';

const current = ownLedgerEach();

describe('The ledger', () => {
  it('keeps every record of a drop; bad and skipped ones have their outcome at once', () => {
    const { ledger, claim } = current();
    const drop = claim();
    ledger.rows.add(drop, [
      record(2, '100', 'A'),
      { ...record(3, '', ''), verdict: { kind: 'bad', message: 'no order number' } },
      { ...record(4, '', ''), fields: null, verdict: { kind: 'skipped', reason: 'empty row' } },
    ]);
    assert.deepEqual(ledger.drops.countsOf(drop), { 'bad-row': 1, skipped: 1 });
    assert.equal(ledger.rows.anyOpen(drop), true);

    ledger.rows.end(drop, [end(2)]);
    assert.equal(ledger.rows.anyOpen(drop), false);
    assert.deepEqual(
      Array.from(ledger.rows.ended(drop), ({ line, outcome, fields, trackId }) => [
        line,
        outcome,
        fields,
        trackId,
      ]),
      [
        [2, 'tracked', ['100', 'A'], 3],
        [3, 'bad-row', ['', ''], null],
        [4, 'skipped', null, null],
      ],
    );
  });

  it('forgets the rows of a large drop a page at a time, and those of no other', () => {
    const { ledger, claim } = current();
    const [large, other] = [claim(), claim()];
    ledger.rows.add(
      large,
      Array.from({ length: 5_000 }, (_, n) => record(n + 2, `${n}`, 'A')),
    );
    ledger.rows.add(other, [record(2, '100', 'A')]);
    const clearing = ledger.rows.clearInPages(large);
    assert.equal(clearing.next().done, false);
    assert.equal(ledger.rows.openOrders(large, BEFORE_ROWS, 9_000).length, 3_000);
    assert.equal([...clearing].length, 1);
    assert.equal(ledger.rows.anyOpen(large), false);
    assert.equal(ledger.rows.anyOpen(other), true);
  });

  it('forgets a record with all its rows, also where they are more than a page', () => {
    const { ledger, claim } = current();
    const drop = claim();
    const numbers = Array.from({ length: 4_100 }, (_, n) => `N${n}`);
    ledger.rows.add(drop, [record(2, '100', 'A'), severalRecord(3, '100', numbers), record(4, '100', 'B')]);
    assert.equal([...ledger.rows.clearInPages(drop)].length, 1);
    assert.equal(ledger.rows.anyOpen(drop), false);
    assert.deepEqual([...ledger.rows.ended(drop)], []);
  });

  it('ends each number of a record for itself, and tells of the record as a whole', () => {
    const { ledger, claim, openRowsOf } = current();
    const drop = claim();
    ledger.rows.add(drop, [severalRecord(2, '100', ['A', 'B', 'C']), record(3, '200', 'D')]);
    ledger.rows.end(drop, [end(2, 1), end(3)]);
    assert.deepEqual(
      openRowsOf(drop, '100').map(({ line, part, trackingNumber }) => [line, part, trackingNumber]),
      [
        [2, 0, 'A'],
        [2, 2, 'C'],
      ],
    );
    ledger.rows.end(drop, [{ ...end(2, 0), outcome: 'store-refused', message: 'no' }, end(2, 2)]);
    assert.deepEqual(ledger.drops.countsOf(drop), { 'store-refused': 1, tracked: 3 });
    assert.partialDeepStrictEqual(
      [...ledger.rows.ended(drop)],
      [
        {
          line: 2,
          fields: ['100', 'A B C'],
          outcome: 'store-refused',
          message: 'A: store-refused, no; B, C: tracked, ok',
        },
        { line: 3, outcome: 'tracked', message: 'ok' },
      ],
    );
  });

  it('knows a record as failed where any of its numbers did, and what its file had', () => {
    const { ledger, claim } = current();
    const drop = claim();
    ledger.rows.add(drop, [severalRecord(2, '100', ['A', 'B']), record(3, '200', 'C')]);
    ledger.rows.end(drop, [end(2), { ...end(2, 1), outcome: 'store-refused' }, end(3)]);
    const original = { dropSeq: drop.seq, line: 2, fields: ['100', 'A B'] };
    assert.deepEqual(ledger.originals.notDoneAfter(drop.seq, 0, 10), [original]);
    assert.deepEqual(ledger.originals.record(drop.seq, 2), original);
  });

  it('keeps what the file had of a record once, however many numbers it holds', () => {
    const { file, ledger, claim } = current();
    const drop = claim();
    const numbers = Array.from({ length: 1_000 }, (_, at) => `A${at}`);
    ledger.rows.add(drop, [severalRecord(2, '100', numbers)]);
    using db = new DatabaseSync(file);
    const row = db.prepare('SELECT count(*) AS parts, count(fields) AS kept FROM rows').get();
    assert.deepEqual({ ...row }, { parts: 1_000, kept: 1 });
  });

  it('tells of a record once where a page of rows ends in the middle of it', () => {
    const { ledger, claim } = current();
    const drop = claim();
    const lines = Array.from({ length: 700 }, (_, n) => n + 2);
    ledger.rows.add(
      drop,
      lines.map((line) => severalRecord(line, `${line}`, ['A', 'B', 'C'])),
    );
    ledger.rows.end(
      drop,
      lines.flatMap((line) => [end(line, 0), end(line, 1), end(line, 2)]),
    );
    const ended = [...ledger.rows.ended(drop)];
    assert.deepEqual(
      ended.map(({ line }) => line),
      lines,
    );
    assert.deepEqual(new Set(ended.map(({ message }) => message)), new Set(['A, B, C: ok']));
  });

  it('gives back what looks odd about a row, and tells of it behind what became of it', () => {
    const { ledger, claim, openRowsOf } = current();
    const drop = claim();
    const plain = severalRecord(2, '100', ['A']);
    assert.ok(plain.verdict.kind === 'row');
    const note = 'the check digit is wrong';
    ledger.rows.add(drop, [
      { ...plain, verdict: { kind: 'row', rows: [{ ...plain.verdict.rows[0], note }] } },
      record(3, '100', 'B'),
    ]);
    assert.deepEqual(
      openRowsOf(drop, '100').map((row) => row.note),
      [note, null],
    );
    ledger.rows.end(drop, [end(2), end(3)]);
    assert.deepEqual(
      Array.from(ledger.rows.ended(drop), ({ message }) => message),
      [`ok; ${note}`, 'ok'],
    );
  });

  it('never changes an outcome that a row has', () => {
    const { ledger, claim } = current();
    const drop = claim();
    ledger.rows.add(drop, [record(2, '100', 'A')]);
    ledger.rows.end(drop, [end(2)]);
    ledger.rows.end(drop, [{ ...end(2), outcome: 'gave-up' }]);
    assert.deepEqual(ledger.drops.countsOf(drop), { tracked: 1 });
  });

  it('gives back what a row says that its parcel holds, also after the row has ended', () => {
    const { ledger, claim, openRowsOf } = current();
    const drop = claim();
    const holding = (line: number, sku: string, quantity: number): FileRecord => {
      const plain = record(line, '100', 'A');
      if (plain.verdict.kind !== 'row') return plain;
      const [row] = plain.verdict.rows;
      return { ...plain, verdict: { kind: 'row', rows: [{ ...row, item: { sku, quantity } }] } };
    };
    ledger.rows.add(drop, [record(2, '100', 'A'), holding(3, 'MUG', 0.5), holding(4, 'CUP', 2)]);
    const items = () => openRowsOf(drop, '100').map(({ item }) => item);
    assert.deepEqual(items(), [null, { sku: 'MUG', quantity: 0.5 }, { sku: 'CUP', quantity: 2 }]);
    ledger.rows.end(drop, [end(2), end(3)]);
    assert.deepEqual(items(), [{ sku: 'CUP', quantity: 2 }]);
    const layout = JSON.stringify({ layout: { columns: { sku: 2 } } });
    ledger.drops.markRead(drop, { sha256: 'a', bytes: 1, isUnfinished: false, layout });
    assert.partialDeepStrictEqual(ledger.rows.endedWithItemOf(ledger.drops.current(drop), '100'), [
      { line: 3, trackingNumber: 'A', item: { sku: 'MUG', quantity: 0.5 } },
    ]);
  });
});
