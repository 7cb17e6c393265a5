import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openLedger } from '../../src/ledger/ledger.ts';
import { findRows } from '../../src/ledger/search.ts';
import { ledgerFolder } from './folder.ts';
import { enterDrop, enterKeys, writeSmallLedger } from './small-ledger.ts';

const placesOf = (file: string, asked: string) =>
  findRows(file, asked)?.map(({ drop, line, outcome }) => `${drop} ${line} ${outcome}`);

describe('A search in the ledger', () => {
  it('finds an order in every drop, settled or under way, in the order of the drops', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    assert.deepEqual(placesOf(folder.file, '100'), ['one 2 tracked', 'three 2 tracked']);
    assert.deepEqual(placesOf(folder.file, '200'), ['one 3 order-not-found', 'two 2 tracked']);
  });

  it('finds a number however it is written, also of a row that has no outcome yet', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    for (const asked of ['AB1', 'a b1', 'ab1 '])
      assert.deepEqual(placesOf(folder.file, asked), ['one 2 tracked', 'three 3 null']);
    assert.deepEqual(placesOf(folder.file, ' z-9'), ['three 3 null']);
  });

  it('tells the whole of a row: where its file was put, the ids of Magento, and its writes', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const [row] = findRows(folder.file, 'AB3') ?? [];
    assert.partialDeepStrictEqual(row, {
      drop: 'two',
      inbox: 'inbox',
      store: 'main',
      name: 'two.csv',
      state: 'settled',
      claimedAtMs: 1_000,
      settledAtMs: 4_000,
      folder: '/data/processed/2026-11-22',
      file: 'two.csv',
      order: '200',
      trackingNumber: 'AB3',
      message: 'put on shipment 20',
      orderId: 10,
      shipmentId: 20,
      trackId: 30,
      doneBy: null,
      writes: [{ kind: 'track', state: 'done', trackId: 30, sentAtMs: 2_000, answeredAtMs: 2_500 }],
    });
    assert.equal(row?.writes.length, 1);
  });

  it('shows of a row no write that carried another number of its order', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    assert.deepEqual(
      findRows(folder.file, '200')?.map(({ writes }) => writes.length),
      [0, 1],
    );
  });

  it('finds nothing for what no file named, and nothing where there is no ledger', async () => {
    await using folder = await ledgerFolder();
    assert.equal(findRows(folder.file, '100'), undefined);
    writeSmallLedger(folder.file);
    assert.deepEqual(findRows(folder.file, '10'), []);
  });

  it('finds the rows of a drop of several pages by their keys, also where entering them was cut off', async () => {
    await using folder = await ledgerFolder();
    using ledger = openLedger(folder.file);
    const rows = Array.from({ length: 1_200 }, (_, at) => [`${7919 * (at + 1)}`, `N${at}`] as const);
    const drop = enterDrop(ledger, { id: 'long', rows, settledAtMs: 1 });
    assert.ok(ledger.rowKeys.enterAfter(drop.seq, { line: 0, part: 0 }));
    enterKeys(ledger);
    assert.equal(ledger.rowKeys.nextWithout(0), undefined);
    for (const [at, [order, number]] of [...rows.entries()].filter(([at]) => at % 199 === 0)) {
      assert.deepEqual(placesOf(folder.file, order), [`long ${at + 2} null`]);
      assert.deepEqual(placesOf(folder.file, number), [`long ${at + 2} null`]);
    }
    using db = new DatabaseSync(folder.file);
    assert.deepEqual({ ...db.prepare('SELECT count(*) AS keys FROM row_keys').get() }, { keys: 2_400 });
  });

  it('reads no settled drop that has its keys, however large it is', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    {
      using ledger = openLedger(folder.file);
      enterKeys(ledger);
    }
    // Were it read, the row would be found.
    using db = new DatabaseSync(folder.file);
    db.exec(`DELETE FROM row_keys WHERE key = 'ab3'`);
    assert.deepEqual(placesOf(folder.file, 'AB3'), []);
  });
});
