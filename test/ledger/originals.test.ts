import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';

describe('Originals of a drop that came back', () => {
  let folder: string;
  let ledger: Ledger;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trackdrop-originals-'));
    ledger = openLedger(join(folder, 'trackdrop.db'));
  });

  afterEach(async () => {
    ledger[Symbol.dispose]();
    await rm(folder, { recursive: true });
  });

  function dropOf(inbox: string, name: string, records: readonly FileRecord[], isSettled = true): Drop {
    const drop = ledger.drops.begin({ id: name, inbox, store: 'main', name, bytes: 1, claimedAtMs: 1 });
    ledger.rows.add(drop, records);
    ledger.drops.markRead(drop, { sha256: '', bytes: 1, layout: '{}' });
    ledger.drops.chooseStem(drop, name, '/failed');
    if (isSettled) ledger.drops.markSettled(drop, 2);
    return drop;
  }

  const bad = (line: number): FileRecord => ({
    line,
    startByte: 0,
    endByte: 1,
    fields: ['a', String(line)],
    verdict: { kind: 'bad', message: 'no' },
  });
  const skipped = (line: number): FileRecord => ({
    ...bad(line),
    verdict: { kind: 'skipped', reason: 'void' },
  });

  it('are those of settled drops of the same inbox, the latest first', () => {
    const many = Array.from({ length: 205 }, (_, at) => dropOf('main', `${at}.csv`, []));
    dropOf('other', 'other.csv', []);
    dropOf('main', 'open.csv', [], false);
    const later = dropOf('main', 'later.csv', []);
    const found = [...ledger.originals.settledBefore('main', later.seq)].map(({ settledAs }) => settledAs);
    assert.deepEqual(found, many.map(({ name }) => name).reverse());
  });

  it('are found by their line, and the failed ones of them in the order of the file', () => {
    const drop = dropOf('main', 'a.csv', [bad(2), skipped(3), bad(4), { ...bad(5), fields: null }, bad(6)]);
    assert.deepEqual(ledger.originals.record(drop.seq, 3)?.fields, ['a', '3']);
    assert.equal(ledger.originals.record(drop.seq, 5), undefined);
    assert.equal(ledger.originals.record(drop.seq, 99), undefined);
    const lines = (after: number) =>
      ledger.originals.notDoneAfter(drop.seq, after, 2).map(({ line }) => line);
    assert.deepEqual([lines(0), lines(4), lines(6)], [[2, 4], [6], []]);
  });

  it('are kept with the record that came back, until it is read again', () => {
    const first = dropOf('main', 'a.csv', [bad(2)]);
    const second = dropOf('main', 'a.report.csv', [bad(7)]);
    const original = { dropSeq: first.seq, line: 2, fields: ['a', '2'] };
    ledger.originals.keep(second.seq, [{ line: 7, original }]);
    assert.deepEqual(ledger.originals.originOf(second.seq, 7), original);
    assert.equal(ledger.originals.originOf(first.seq, 2), undefined);
    Array.from(ledger.originals.forgetInPages(second.seq));
    assert.equal(ledger.originals.originOf(second.seq, 7), undefined);
  });

  it('are forgotten a page at a time, those of the drop alone', () => {
    const first = dropOf('main', 'a.csv', [bad(2)]);
    const [second, third] = [dropOf('main', 'b.csv', []), dropOf('main', 'c.csv', [])];
    const original = { dropSeq: first.seq, line: 2, fields: ['a', '2'] };
    const lines = Array.from({ length: 5_000 }, (_, at) => at + 2);
    for (const { seq } of [second, third]) {
      ledger.originals.keep(
        seq,
        lines.map((line) => ({ line, original })),
      );
    }
    const left = (seq: number) => lines.filter((line) => ledger.originals.originOf(seq, line)).length;
    const pages = Array.from(ledger.originals.forgetInPages(second.seq), () => left(second.seq));
    assert.deepEqual(pages, [3_000, 1_000]);
    assert.deepEqual([left(second.seq), left(third.seq)], [0, 5_000]);
  });
});
