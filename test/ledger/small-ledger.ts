import type { RowOutcome } from '../../src/domain/outcome.ts';
import { BEFORE_ROWS, type FileRecord, type RowPlace } from '../../src/domain/row.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { NO_AIMS } from '../domain/orders.ts';

/** A drop whose rows are `[order, number]`, from line 2 on; `ends` their outcomes, from the first row on. */
export interface SmallDrop {
  readonly id: string;
  readonly rows: readonly (readonly [order: string, number: string])[];
  readonly ends?: readonly Pick<RowOutcome, 'outcome' | 'message'>[];
  /** Absent where it is not settled. */
  readonly settledAtMs?: number;
  readonly folder?: string;
}

/** Enters a drop as the daemon does, with one write for each row that is `tracked`. */
export function enterDrop(ledger: Ledger, { id, rows, ends = [], settledAtMs, folder }: SmallDrop) {
  const name = `${id}.csv`;
  const drop = ledger.drops.begin({ id, inbox: 'inbox', store: 'main', name, bytes: 10, claimedAtMs: 1_000 });
  const records = rows.map(
    ([orderNumber, trackingNumber], at): FileRecord => ({
      line: at + 2,
      startByte: 0,
      endByte: 1,
      fields: [orderNumber, trackingNumber],
      verdict: {
        kind: 'row',
        rows: [
          {
            line: at + 2,
            part: 0,
            orderNumber,
            trackingNumber,
            carrierCode: 'ups',
            title: 'UPS',
            item: null,
            ...NO_AIMS,
            note: null,
          },
        ],
      },
    }),
  );
  ledger.rows.add(drop, records);
  ledger.drops.markRead(drop, {
    sha256: 'abc',
    bytes: 10,
    layout: JSON.stringify({ layout: { profile: { name: 'plain', why: 'its columns' } } }),
  });
  for (const [at, end] of ends.entries()) {
    const orderId = 10 + at;
    ledger.rows.end(drop, [
      { ...end, line: at + 2, part: 0, orderId, shipmentId: 20 + at, trackId: 30 + at },
    ]);
    if (end.outcome !== 'tracked') continue;
    const [, trackingNumber = ''] = rows[at] ?? [];
    const action = { kind: 'track', orderId, shipmentId: 20 + at, trackingNumber } as const;
    const write = ledger.writes.intend(drop, { ...action, carrierCode: 'ups', title: 'UPS' }, 2_000);
    ledger.writes.answer(write, { kind: 'done', shipmentId: 20 + at, trackId: 30 + at }, 2_500);
  }
  if (settledAtMs !== undefined) {
    ledger.drops.chooseStem(drop, name, folder ?? '/data/processed/2026-11-22');
    ledger.drops.markSettled(drop, settledAtMs);
  }
  return ledger.drops.current(drop);
}

/** Enters the keys of every settled drop, as the daemon does beside its work. */
export function enterKeys({ rowKeys }: Ledger): void {
  for (let seq = rowKeys.nextWithout(0); seq !== undefined; seq = rowKeys.nextWithout(seq)) {
    for (let at: RowPlace | undefined = BEFORE_ROWS; at; ) at = rowKeys.enterAfter(seq, at);
  }
}

/** Three drops: `one` is settled and found by its keys, `two` is settled, `three` is under way. */
export function writeSmallLedger(file: string): void {
  using ledger = openLedger(file);
  const tracked = { outcome: 'tracked', message: 'put on shipment 20' } as const;
  const failed = { outcome: 'order-not-found', message: 'no such order' } as const;
  enterDrop(ledger, {
    id: 'one',
    rows: [
      ['100', 'AB 1'],
      ['200', 'AB2'],
    ],
    ends: [tracked, failed],
    settledAtMs: 3_000,
  });
  enterKeys(ledger);
  enterDrop(ledger, { id: 'two', rows: [['200', 'AB3']], ends: [tracked], settledAtMs: 4_000 });
  enterDrop(ledger, {
    id: 'three',
    rows: [
      ['100', 'AB4'],
      ['Z-9', 'ab1'],
    ],
    ends: [tracked],
  });
}
