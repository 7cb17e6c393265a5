import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { inTransaction } from '../../src/ledger/transaction.ts';
import { end, ownLedgerEach, record } from './own-ledger.ts';

const current = ownLedgerEach();

describe('The ledger', () => {
  it('undoes all of what was to be kept together when part of it fails', async () => {
    const { ledger, claim } = current();
    const drop = claim();
    ledger.rows.add(drop, [record(2, '100', 'A')]);
    const cut = ledger.together(() => {
      ledger.rows.end(drop, [end(2)]);
      throw new Error('power cord');
    });
    await assert.rejects(cut, { message: 'power cord' });
    assert.equal(ledger.rows.anyOpen(drop), true);
  });

  it('names the full disk that cut a transaction short', () => {
    using db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE kept (x); PRAGMA max_page_count = 4');
    const fill = () => db.exec('INSERT INTO kept VALUES (zeroblob(100000))');
    assert.throws(() => inTransaction(db, fill), { message: /disk is full/ });
    assert.equal(
      inTransaction(db, () => 'goes on'),
      'goes on',
    );
  });
});
