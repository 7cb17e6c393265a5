import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { Writers } from '../../src/domain/others.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { NO_AIMS } from '../domain/orders.ts';

const CLAIMED_AT_MS = Date.UTC(2026, 10, 22, 10);
const ORDER_ID = 7;
const KEY = '100';
const OWN_ROWS = { origins: new Set<number>(), beginnings: [], isAnyUnknown: false };

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

  /** Ended, and not put away yet. */
  found(drop: Drop, trackingNumber: string, outcome: Outcome = 'already-tracked'): void {
    this.wants(drop, trackingNumber);
    const ids = { orderId: null, shipmentId: null, trackId: null };
    this.ledger.rows.end(drop, [{ line: 2, part: 0, outcome, message: '', ...ids }]);
  }

  /** The drop that rows of another one wait in, entered as many minutes after the first file came. */
  waitingOf(drop: Drop, id = '20261122-110000-waits1'): Drop {
    this.ledger.waiting.enter(drop, id);
    const waiting = this.ledger.drops.byId(id);
    assert.ok(waiting);
    return waiting;
  }

  writersOf(drop: Drop, nowMs = CLAIMED_AT_MS + 24 * 60 * 60_000): Writers {
    return this.ledger.orderWriters.of(drop, { orderId: ORDER_ID, orderKey: KEY }, nowMs);
  }

  seenBy(drop: Drop): Record<'own' | 'earlier' | 'later', readonly string[]> {
    const { own, earlier, later } = this.writersOf(drop);
    return { own: [...own], earlier: [...earlier], later: [...later] };
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

describe('Whose a number on an order is', () => {
  it('goes by the order in which the files were taken, and not by the clock', () => {
    using scene = new Scene();
    const [first, second] = [scene.drop(60), scene.drop(0)];
    scene.wrote(first, '1Z 1');
    scene.wrote(second, '1Z2');
    assert.deepEqual(scene.seenBy(second), { own: [], earlier: ['1z1'], later: [] });
    assert.deepEqual(scene.seenBy(first), { own: [], earlier: [], later: ['1z2'] });
  });

  it('is not of one whose write was refused, and not of another store', () => {
    using scene = new Scene();
    const [drop, refused, elsewhere] = [scene.drop(0), scene.drop(1), scene.drop(2, { store: 'outlet' })];
    scene.wrote(refused, '1Z1', 'refused');
    scene.wrote(elsewhere, '1Z2');
    scene.wants(elsewhere, '1Z3');
    assert.deepEqual(scene.seenBy(drop), { own: [], earlier: [], later: [] });
  });

  it('is of a later file that wants it, with an open row or with one that found it, put away or not', () => {
    using scene = new Scene();
    const [drop, open, found, failed] = [scene.drop(0), scene.drop(1), scene.drop(2), scene.drop(3)];
    scene.wants(open, '1Z1');
    scene.found(found, '1Z2');
    scene.found(failed, '1Z3', 'store-refused');
    assert.deepEqual(scene.seenBy(drop), { own: [], earlier: [], later: ['1z1', '1z2'] });
    scene.ledger.drops.markSettled(found, 1);
    assert.deepEqual(scene.seenBy(drop).later, ['1z1', '1z2']);
    assert.deepEqual(scene.seenBy(failed).later, []);
  });

  it('is of the file of a row that waited, that was read again or that came back, and not of the drops they became', () => {
    using scene = new Scene();
    const { ledger } = scene;
    const [monday, tuesday] = [scene.drop(0), scene.drop(1)];
    scene.wrote(monday, '1Z1');
    scene.wrote(tuesday, '1Z2');
    const waiting = scene.waitingOf(monday);
    const grownId = '20261122-110000-grown1';
    ledger.witnesses.reread(waiting, { ...waiting, id: grownId }, '{}');
    const grown = ledger.drops.byId(grownId);
    assert.ok(grown);
    const retry = scene.drop(4);
    ledger.cameBy.keep(retry, { ...OWN_ROWS, origins: new Set([grown.seq]) });
    for (const drop of [waiting, grown, retry])
      assert.deepEqual(scene.seenBy(drop), { own: ['1z1'], earlier: [], later: ['1z2'] });
    scene.wrote(retry, '1Z3');
    assert.deepEqual(scene.seenBy(monday).own, ['1z3']);
    assert.deepEqual(scene.seenBy(tuesday).earlier, ['1z1', '1z3']);
  });

  it('is of no earlier file for rows of which nobody knows the file, nor theirs for a file that came before them', () => {
    using scene = new Scene();
    const { ledger } = scene;
    const [before, stranger, after] = [scene.drop(0), scene.drop(1), scene.drop(2)];
    ledger.cameBy.keep(stranger, { ...OWN_ROWS, isAnyUnknown: true });
    scene.wrote(before, '1Z1');
    scene.wrote(stranger, '1Z2');
    scene.wrote(after, '1Z3');
    assert.deepEqual(scene.seenBy(stranger), { own: [], earlier: [], later: ['1z3'] });
    assert.equal(scene.writersOf(stranger).cameAtMs, Number.NEGATIVE_INFINITY);
    assert.deepEqual(scene.seenBy(before), { own: [], earlier: [], later: ['1z3'] });
    assert.deepEqual(scene.seenBy(after).earlier, ['1z1', '1z2']);
    const another = scene.drop(3);
    ledger.cameBy.keep(another, { ...OWN_ROWS, isAnyUnknown: true });
    assert.deepEqual(scene.seenBy(another), { own: [], earlier: [], later: [] });
  });

  it('is of several files for the rows of two reports in one', () => {
    using scene = new Scene();
    const { ledger } = scene;
    const drops = [0, 1, 2, 3].map((minutes) => scene.drop(minutes));
    const [first, second, between, third] = drops as [Drop, Drop, Drop, Drop];
    for (const [at, drop] of drops.entries()) scene.wrote(drop, `1Z${at + 1}`);
    const joined = scene.drop(4);
    ledger.cameBy.keep(joined, { ...OWN_ROWS, origins: new Set([second.seq, third.seq]) });
    scene.wrote(joined, '1Z5');
    assert.deepEqual(scene.seenBy(joined), { own: ['1z2', '1z4'], earlier: ['1z1'], later: [] });
    assert.deepEqual(scene.seenBy(first).later, ['1z2', '1z3', '1z4', '1z5']);
    assert.deepEqual(scene.seenBy(between), { own: [], earlier: ['1z1', '1z2'], later: ['1z4'] });
  });

  it('is of both files for an upload that broke off and is sent again: what came in between stays', () => {
    using scene = new Scene();
    const drops = [0, 1, 2, 3].map((minutes) => scene.drop(minutes));
    const [first, half, between, whole] = drops as [Drop, Drop, Drop, Drop];
    for (const [at, drop] of [first, half, between].entries()) scene.wrote(drop, `1Z${at + 1}`);
    const read = { ...OWN_ROWS, beginnings: [half.seq] };
    // It is read again where its writer goes on.
    for (const _ of [1, 2]) scene.ledger.cameBy.keep(whole, read);
    assert.deepEqual(scene.seenBy(whole), { own: ['1z2'], earlier: ['1z1'], later: [] });
    scene.ledger.cameBy.keep(whole, OWN_ROWS);
    const readAnew = scene.ledger.drops.current(whole);
    assert.deepEqual(scene.seenBy(readAnew), { own: [], earlier: ['1z1', '1z2', '1z3'], later: [] });
  });

  it('is of a later file also where that is forgotten, whatever the clock showed', () => {
    using scene = new Scene();
    const [drop, forgotten] = [scene.drop(0), scene.drop(1)];
    scene.wrote(forgotten, '1Z1');
    scene.ledger.drops.forget(forgotten);
    assert.deepEqual(scene.seenBy(drop).later, ['1z1']);
  });
});

describe('When a file had come at the latest', () => {
  it('is what its id says where a lost ledger had to enter it anew', () => {
    using scene = new Scene();
    assert.equal(scene.writersOf(scene.drop(600)).cameAtMs, CLAIMED_AT_MS);
  });

  it('is when the first of its drops was taken', () => {
    using scene = new Scene();
    const waiting = scene.waitingOf(scene.drop(-5));
    assert.equal(scene.writersOf(waiting).cameAtMs, CLAIMED_AT_MS - 5 * 60_000);
  });

  it('is before every later time that is known: the clock was ahead when it was taken', () => {
    using scene = new Scene();
    const drop = scene.drop(0);
    assert.equal(scene.writersOf(drop, CLAIMED_AT_MS - 60_000).cameAtMs, CLAIMED_AT_MS - 60_000);
    assert.equal(scene.writersOf(drop).cameAtMs, CLAIMED_AT_MS);
    const waiting = scene.waitingOf(drop);
    const sinceMs = CLAIMED_AT_MS - 30_000;
    scene.ledger.waiting.rest(waiting, { sinceMs, nextLookAtMs: 0, layout: '{}', restsIn: null });
    assert.equal(scene.writersOf(scene.ledger.drops.current(waiting)).cameAtMs, sinceMs);
    for (const minutes of [-2, -1]) {
      scene.drop(minutes);
      assert.equal(scene.writersOf(drop).cameAtMs, CLAIMED_AT_MS - 2 * 60_000);
    }
  });
});
