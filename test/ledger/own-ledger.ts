import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import type { FileRecord, Row } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { NO_AIMS } from '../domain/orders.ts';

/** A ledger in a folder of its own, with drops that are claimed one after the other. */
export class OwnLedger implements AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  #ledger: Ledger;
  #claims = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, 'data', 'trackdrop.db');
    this.#ledger = openLedger(this.file);
  }

  static async open(): Promise<OwnLedger> {
    return new OwnLedger(await mkdtemp(join(tmpdir(), 'trackdrop-ledger-')));
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** As after a restart of the daemon. */
  reopen(): void {
    this.#ledger[Symbol.dispose]();
    this.#ledger = openLedger(this.file);
  }

  /** A drop whose file is read, its rows not entered yet. */
  readonly claim = (name = 'day.csv', store = 'main'): Drop => {
    this.#claims += 1;
    const drop = this.ledger.drops.begin({
      id: `d${this.#claims}`,
      inbox: 'main',
      store,
      name,
      bytes: 10,
      claimedAtMs: this.#claims,
    });
    this.ledger.drops.markRead(drop, { sha256: 'x', bytes: 10, layout: '{}' });
    return this.ledger.drops.current(drop);
  };

  readonly openRowsOf = (drop: Drop, orderKey: string) =>
    this.ledger.rows.openRowsOf(drop, [orderKey]).get(orderKey) ?? [];

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ledger[Symbol.dispose]();
    await rm(this.folder, { recursive: true });
  }
}

/** Gives every test of a file a ledger of its own; what is returned tells the one of the present test. */
export function ownLedgerEach(): () => OwnLedger {
  let own: OwnLedger;
  beforeEach(async () => {
    own = await OwnLedger.open();
  });
  afterEach(() => own[Symbol.asyncDispose]());
  return () => own;
}

export function record(line: number, orderNumber: string, trackingNumber: string): FileRecord {
  return {
    ...place(line),
    fields: [orderNumber, trackingNumber],
    verdict: { kind: 'row', rows: [row(line, 0, orderNumber, trackingNumber)] },
  };
}

/** A record of one order whose cell holds several numbers. */
export function severalRecord(line: number, orderNumber: string, numbers: readonly string[]): FileRecord {
  const rows = numbers.map((number, part) => row(line, part, orderNumber, number)) as [Row, ...Row[]];
  return {
    ...place(line),
    fields: [orderNumber, numbers.join(' ')],
    verdict: { kind: 'row', rows },
  };
}

const place = (line: number) => ({ line, startByte: line * 10, endByte: line * 10 + 10 });

const row = (line: number, part: number, orderNumber: string, trackingNumber: string): Row => ({
  line,
  part,
  orderNumber,
  trackingNumber,
  carrierCode: 'custom',
  title: 'Parcel',
  item: null,
  ...NO_AIMS,
  note: null,
});

/** What became of a row whose number stands. */
export const end = (line: number, part = 0) =>
  ({ line, part, outcome: 'tracked', message: 'ok', orderId: 1, shipmentId: 2, trackId: 3 }) as const;
