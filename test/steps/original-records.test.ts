import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { FileRecord } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { OriginalsOfRetry } from '../../src/steps/original-records.ts';

const COLUMNS = {
  order: 0,
  tracking: 1,
  moreTracking: [],
  carrier: null,
  carrierCode: null,
  title: null,
  sku: null,
  quantity: null,
  shipment: null,
  storeView: null,
  source: null,
  outcome: null,
  line: null,
  drop: null,
};

type Numbers = readonly [order: string, tracking: string];

describe('The failed records of a drop, for its retry file', () => {
  let folder: string;
  let ledger: Ledger;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trackdrop-retry-'));
    ledger = openLedger(join(folder, 'trackdrop.db'));
  });

  afterEach(async () => {
    ledger[Symbol.dispose]();
    await rm(folder, { recursive: true });
  });

  /** For each record of the retry file the line of its original. */
  function lines(failed: readonly Numbers[], returned: readonly Numbers[]): (number | undefined)[] {
    const drop = ledger.drops.begin({
      id: 'a',
      inbox: 'main',
      store: 'main',
      name: 'a.csv',
      bytes: 1,
      claimedAtMs: 1,
    });
    const records = failed.map(
      (fields, at): FileRecord => ({
        line: at + 2,
        startByte: 0,
        endByte: 1,
        fields,
        verdict: { kind: 'bad', message: 'no' },
      }),
    );
    ledger.rows.add(drop, records);
    const originals = new OriginalsOfRetry(ledger.originals, drop.seq, COLUMNS);
    return returned.map(([order, tracking], at) => {
      const others = { sku: null, quantity: null, shipment: null, storeView: null, source: null };
      const cells = { order, tracking, moreTracking: [], ...others };
      return originals.of({ line: at + 2, fields: [order, tracking], cells })?.line;
    });
  }

  const many = Array.from({ length: 2_000 }, (_, at): Numbers => [`1${at}00`, `00${at}34567890123456${at}`]);
  const itsLine = (_: Numbers, at: number) => at + 2;

  it('are found in the order of the file, as they were and damaged', () => {
    const damaged = many.map(([order, tracking]): Numbers => [order, tracking.replace(/^0+/, '')]);
    assert.deepEqual(lines(many, damaged), many.map(itsLine));
  });

  it('are found where the file was sorted the other way round', () => {
    assert.deepEqual(lines(many, many.toReversed()), many.map(itsLine).toReversed());
  });

  it('are found where rows were taken away, put in and corrected', () => {
    const [one, two, three, four] = [many[0], many[700], many[701], many[1_999]] as [
      Numbers,
      Numbers,
      Numbers,
      Numbers,
    ];
    const returned: Numbers[] = [one, ['new', 'other'], ['corrected', two[1]], [three[0], 'corrected'], four];
    assert.deepEqual(lines(many, returned), [2, undefined, 702, 703, 2_001]);
  });

  it('are given once each, those of one order in their order where their numbers are alike', () => {
    const parcels: Numbers[] = [
      ['100', '00340434161094042557'],
      ['100', '00340434161094042558'],
      ['100', '00340434161094042559'],
    ];
    const shortened = parcels.map((): Numbers => ['100', '3,40434E+17']);
    assert.deepEqual(lines(parcels, [...shortened, ...shortened]), [
      2,
      3,
      4,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are found by their place where a spreadsheet has damaged both numbers', () => {
    const both: Numbers[] = [
      ['1-2', '00340434161094042557'],
      ['1-3', '00340434161094042557'],
    ];
    assert.deepEqual(
      lines(both, [
        ['01. Feb', '3,40434E+17'],
        ['01. Mrz', '3,40434E+17'],
      ]),
      [2, 3],
    );
  });
});
