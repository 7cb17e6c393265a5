import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { type Action, numbersOf, type Write } from '../../src/domain/write.ts';
import type { SentWrite } from './fates.ts';
import { policy, row } from './orders.ts';
import { PATIENCE } from './patience.ts';
import type { SmallStore } from './small-store.ts';

/** Where one life of a process ends, and how the next one begins. */
export interface Life {
  /** The power is cut right after so many writes were sent; default never. */
  readonly sends?: number;
  /** What the process knows when it begins; all rows are open then. */
  readonly writes?: readonly Write[];
  readonly unrecordedUntilMs?: number;
  /** Default: that of `policy()`. */
  readonly policy?: Policy;
}

/** The loop of the pipeline, with the clock moved by hand; `crash` forgets an answer as a killed process does. */
export function run(store: SmallStore, rows: readonly Row[], fates: readonly SentWrite[], life: Life = {}) {
  const { outcomes } = live(store, rows, fates, life);
  store.moveTo(store.nowMs + 1_000_000);
  return outcomes;
}

/** One life of it: the outcomes, and the writes on record. */
export function live(
  store: SmallStore,
  rows: readonly Row[],
  fates: readonly SentWrite[],
  { sends = Number.POSITIVE_INFINITY, writes: known = [], unrecordedUntilMs, policy: ruled = policy() }: Life,
) {
  const ended = new Map<number, RowOutcome>();
  const writes = [...known];
  let sent = 0;
  for (let looks = 0; ended.size < rows.length; looks += 1) {
    assert.ok(looks < 100, 'the order comes to an end');
    const step = nextStep({
      look: store.look(),
      rows: rows.filter(({ line }) => !ended.has(line)),
      badRows: [],
      endedRows: rows.filter(({ line, item }) => ended.has(line) && item !== null),
      writes,
      unrecordedUntilMs: unrecordedUntilMs ?? null,
      othersMarks: new Set(),
      earlier: null,
      writers: null,
      policy: ruled,
      patience: PATIENCE,
      dropName: 'day.csv',
    });
    for (const outcome of step.outcomes) ended.set(outcome.line, outcome);
    for (const planned of step.actions) {
      const { action } = planned;
      const id = `w${store.nowMs}-${sent}`;
      const met = fates[sent] ?? { fate: { kind: 'answered' }, crash: false };
      sent += 1;
      const atMs = store.nowMs;
      const answer = store.send(action, id, met.fate);
      writes.push({
        id,
        kind: action.kind,
        orderId: 1,
        shipmentId: action.kind === 'ship' ? null : action.shipmentId,
        mails: asksForMail(action),
        trackId: answer.kind === 'done' && !met.crash ? answer.trackId : null,
        trackingNumbers: numbersOf(action),
        state: met.crash ? 'open' : answer.kind,
        message: answer.kind === 'done' ? '' : answer.message,
        atMs,
        answeredAtMs: met.crash ? null : store.nowMs,
        counts: true,
        isOwn: true,
      });
      if (sent === sends) return { outcomes: [...ended.values()], writes };
      if (met.crash || answer.kind !== 'done') break;
      for (const outcome of fulfilled(planned, answer)) ended.set(outcome.line, outcome);
    }
    store.moveTo(Math.max(store.nowMs + 1, step.lookAgainAtMs ?? 0));
  }
  return { outcomes: [...ended.values()], writes };
}

/** Whether the ledger has it as a write that mails. */
function asksForMail(action: Action): boolean {
  return action.kind === 'mail' || (action.kind === 'ship' && action.mails);
}

export const rowsOf = (wanted: readonly string[]) => wanted.map((number, index) => row(index + 2, number));

export const numbers = fc.uniqueArray(fc.constantFrom('1Z1', '1Z2', '1Z3'), { minLength: 1, maxLength: 3 });

/** Each parcel holds one mug; of five, so that a second shipment would find something open. */
export const mugsOf = (wanted: readonly string[]) =>
  rowsOf(wanted).map((each) => ({ ...each, item: { sku: 'MUG', quantity: 1 } }));

/**
 * A process that lost its power after some writes, with so many of the last ones on no record and no row's outcome, and the
 * one that starts after it.
 */
export const cut = fc.record({
  sends: fc.integer({ min: 1, max: 4 }),
  forgotten: fc.integer({ min: 0, max: 4 }),
});
type Cut = typeof cut extends fc.Arbitrary<infer Value> ? Value : never;

export function runThroughCut(
  store: SmallStore,
  rows: readonly Row[],
  fates: readonly SentWrite[],
  { sends, forgotten }: Cut,
  ruled = policy(),
) {
  const { writes } = live(store, rows, fates, { sends, policy: ruled });
  const kept = writes.slice(0, Math.max(0, writes.length - forgotten));
  return run(store, rows, fates.slice(sends), {
    writes: kept,
    unrecordedUntilMs: store.nowMs,
    policy: ruled,
  });
}
