import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { NO_AIMS } from '../domain/orders.ts';

const CLAIMED_AT_MS = Date.UTC(2026, 10, 22, 10);
const ORDER_ID = 7;
const KEY = '100';

class Scene implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trackdrop-writers-'));
  readonly ledger: Ledger = openLedger(join(this.#folder, 'trackdrop.db'));
  #drops = 0;

  /** A drop whose file came so many minutes after the first. */
  drop(minutes: number, with_: { readonly store?: string; readonly id?: string } = {}): Drop {
    this.#drops += 1;
    return this.ledger.drops.begin({
      id: `20261122-100000-00000${this.#drops}`,
      inbox: 'main',
      store: 'main',
      name: 'a.csv',
      bytes: 1,
      claimedAtMs: CLAIMED_AT_MS + minutes * 60_000,
      ...with_,
    });
  }

  wrote(drop: Drop, trackingNumber: string, state: 'done' | 'refused' = 'done'): void {
    const { writes } = this.ledger;
    const parcel = { trackingNumber, carrierCode: 'ups', title: 'UPS' };
    const id = writes.intend(drop, { kind: 'track', orderId: ORDER_ID, shipmentId: 1, ...parcel }, 1);
    writes.answer(
      id,
      state === 'done' ? { kind: 'done', shipmentId: 1, trackId: 1 } : { kind: 'refused', message: '' },
      2,
    );
  }

  wants(drop: Drop, trackingNumber: string): void {
    this.ledger.rows.add(drop, [recordOf(trackingNumber)]);
    this.ledger.drops.markRead(drop, { sha256: '', bytes: 1, layout: '{}' });
  }

  seenBy(drop: Drop): { readonly earlier: readonly string[]; readonly later: readonly string[] } {
    const { earlier, later } = this.ledger.orderWriters.of(drop, ORDER_ID, KEY);
    return { earlier: [...earlier], later: [...later] };
  }

  [Symbol.dispose](): void {
    this.ledger[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

function recordOf(trackingNumber: string): FileRecord {
  const place = { line: 2, part: 0 };
  const row = {
    ...place,
    orderNumber: KEY,
    trackingNumber,
    carrierCode: 'ups',
    title: '',
    item: null,
    ...NO_AIMS,
    note: null,
  };
  return { line: 2, startByte: 0, endByte: 1, fields: [], verdict: { kind: 'row', rows: [row] } };
}

describe('Who wrote to an order', () => {
  it('is told apart by when the files came, and not by when they were worked on', () => {
    using scene = new Scene();
    const [second, first] = [scene.drop(5), scene.drop(0)];
    scene.wrote(first, '1Z 1');
    scene.wrote(second, '1Z2');
    assert.deepEqual(scene.seenBy(second), { earlier: ['1z1'], later: [] });
    assert.deepEqual(scene.seenBy(first), { earlier: [], later: ['1z2'] });
  });

  it('is no one whose write was refused, and no one of another store', () => {
    using scene = new Scene();
    const [drop, refused, elsewhere] = [scene.drop(0), scene.drop(1), scene.drop(2, { store: 'outlet' })];
    scene.wrote(refused, '1Z1', 'refused');
    scene.wrote(elsewhere, '1Z2');
    scene.wants(elsewhere, '1Z3');
    assert.deepEqual(scene.seenBy(drop), { earlier: [], later: [] });
  });

  it('is everybody later who wants a number there: with open rows, and, once put away, with one found standing', () => {
    using scene = new Scene();
    const { ledger } = scene;
    const [drop, open, found, failed] = [scene.drop(0), scene.drop(1), scene.drop(2), scene.drop(3)];
    scene.wants(open, '1Z1');
    for (const [each, number, outcome] of [
      [found, '1Z2', 'already-tracked'],
      [failed, '1Z3', 'store-refused'],
    ] as const) {
      scene.wants(each, number);
      const ids = { orderId: null, shipmentId: null, trackId: null };
      ledger.rows.end(each, [{ line: 2, part: 0, outcome, message: '', ...ids }]);
      ledger.drops.markSettled(each, 1);
      ledger.rowKeys.enterAfter(each.seq, { line: 0, part: 0 });
    }
    assert.deepEqual(scene.seenBy(drop), { earlier: [], later: ['1z1', '1z2'] });
    assert.deepEqual(scene.seenBy(failed).later, []);
  });

  it('counts from when a file was taken, also where a lost ledger had to enter it anew', () => {
    using scene = new Scene();
    const entered = scene.drop(600);
    const { claimedAtMs } = scene.ledger.orderWriters.of(entered, ORDER_ID, KEY);
    assert.equal(claimedAtMs, CLAIMED_AT_MS);
  });
});
