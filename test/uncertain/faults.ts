import type { StoreConfig } from '../../src/config/config.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Kind } from './kinds.ts';

/** What becomes of a drop whose write met a fault. */
export interface End {
  readonly outcome: 'tracked' | 'shipped' | 'gave-up';
  /** What the report says of the row. */
  readonly says: RegExp;
  /** Requests to write, all attempts. */
  readonly writes: number;
  /** Shipments that came to be. */
  readonly made: number;
  /** Requests to take a track back. */
  readonly takenBack: number;
}

/** Of the store, in the configuration. */
export type Times = Pick<StoreConfig, 'timeoutMs' | 'uncertain'>;

/** A row of the table: what goes wrong, and what each kind of write comes to. */
export interface FaultCase {
  readonly name: string;
  /** Of the first request, the second, and so on; the ones after them are answered as usual. */
  readonly faults: readonly Fault[];
  /**
   * When the store carries out what `heldEffect` holds back: after looks have missed it and before the repeat, when
   * the repeat leaves, or when the repeat is answered.
   */
  readonly effect?: 'after-looks' | 'with-repeat' | 'after-repeat';
  /** Default `TIMES`. */
  readonly times?: Times;
  /** Pieces left to ship on the partial ship's order: with 2 a second shipment would find nothing. Default 4. */
  readonly open?: number;
  readonly ends: Readonly<Record<Kind['name'], End>>;
  /** Where it differs with a store that locks no orders, as before Magento 2.4.5. */
  readonly withoutLock?: Partial<Readonly<Record<Kind['name'], End>>>;
}

/**
 * Long enough that a busy machine answers in time where the sandbox does not hold its answer back. The repeat of a
 * track comes after the timeout, and of a ship later, as they do in earnest.
 */
export const TIMES: Times = {
  timeoutMs: 1_000,
  uncertain: { looksMs: [100, 300], repeatTrackAfterMs: 1_400, repeatShipAfterMs: 1_600, verifyAfterMs: 500 },
};

/** In which a repeat is far from the end of a silence, however slow the machine. */
const PATIENT: Times = {
  timeoutMs: TIMES.timeoutMs,
  uncertain: { ...TIMES.uncertain, repeatTrackAfterMs: 4_000, repeatShipAfterMs: 4_000 },
};

/** In which five timeouts are still before the last look. */
const HASTY: Times = {
  timeoutMs: 800,
  uncertain: { looksMs: [100, 300], repeatTrackAfterMs: 500, repeatShipAfterMs: 6_000, verifyAfterMs: 5_000 },
};

const FOUND = /the store's answer was lost, the number was found there/;
const ADDED = /number added to the shipment/;
const CREATED = /shipment created with this number/;
const TWICE = /the order was shipped twice, as \d+ and \d+:.*the second shipment cannot be taken back/;

const tracked = (writes: number, says: RegExp, takenBack = 0): End => ({
  outcome: 'tracked',
  says,
  writes,
  made: 0,
  takenBack,
});
const shipped = (writes: number, says: RegExp): End => ({
  outcome: 'shipped',
  says,
  writes,
  made: 1,
  takenBack: 0,
});
/** The second shipment cannot be taken back; its number can. */
const shippedTwice: End = { outcome: 'gave-up', says: TWICE, writes: 2, made: 2, takenBack: 1 };

/** The first attempt landed, and a look found it before a repeat was due. */
export const FOUND_AT_ONCE = {
  track: tracked(1, FOUND),
  ship: shipped(1, FOUND),
  'partial ship': shipped(1, FOUND),
};
/** The repeat landed, then the first attempt: Magento refuses a whole ship, and cuts a partial one down at most. */
export const FIRST_AFTER_REPEAT = {
  track: tracked(2, ADDED, 1),
  ship: shipped(2, CREATED),
  'partial ship': shippedTwice,
};

export const FAULTS: readonly FaultCase[] = [
  {
    name: 'is lost before the store has it',
    faults: [{ kind: 'resetBefore' }],
    ends: { track: tracked(2, ADDED), ship: shipped(2, CREATED), 'partial ship': shipped(2, CREATED) },
  },
  {
    name: 'is cut off after its effect',
    faults: [{ kind: 'resetAfter' }],
    ends: FOUND_AT_ONCE,
  },
  {
    name: 'is not answered, and has its effect five timeouts later',
    faults: [{ kind: 'lateEffect', answer: 'silence', afterMs: 5 * HASTY.timeoutMs }],
    times: HASTY,
    ends: { track: tracked(2, ADDED, 1), ship: shipped(1, FOUND), 'partial ship': shipped(1, FOUND) },
  },
  {
    name: 'is not answered, and has its effect after looks that missed it',
    faults: [{ kind: 'heldEffect', answer: 'silence' }],
    effect: 'after-looks',
    times: PATIENT,
    ends: FOUND_AT_ONCE,
  },
  {
    name: 'is not answered, and has its effect once the repeat is done',
    faults: [{ kind: 'heldEffect', answer: 'silence' }],
    effect: 'after-repeat',
    ends: FIRST_AFTER_REPEAT,
  },
  {
    name: 'is not answered, and has its effect just before the repeat, which the store then refuses to ship',
    faults: [{ kind: 'heldEffect', answer: 'silence' }],
    effect: 'with-repeat',
    open: 2,
    ends: { track: tracked(2, ADDED, 1), ship: shipped(2, FOUND), 'partial ship': shipped(2, FOUND) },
    withoutLock: { ship: shippedTwice, 'partial ship': shippedTwice },
  },
  {
    name: 'is answered 500 after its effect',
    faults: [{ kind: 'statusAfter', status: 500 }],
    ends: FOUND_AT_ONCE,
  },
  {
    name: 'is answered with a page that is no answer after its effect',
    faults: [{ kind: 'garbled' }],
    ends: FOUND_AT_ONCE,
  },
  {
    name: 'is answered 504, and has its effect after looks that missed it',
    faults: [{ kind: 'heldEffect', answer: 504 }],
    effect: 'after-looks',
    ends: FOUND_AT_ONCE,
  },
  {
    name: 'is answered 504, and has its effect once the repeat is done',
    faults: [{ kind: 'heldEffect', answer: 504 }],
    effect: 'after-repeat',
    ends: FIRST_AFTER_REPEAT,
  },
  {
    name: 'is lost before the store has it, and its repeat is cut off after its effect',
    faults: [{ kind: 'resetBefore' }, { kind: 'resetAfter' }],
    ends: { track: tracked(2, FOUND), ship: shipped(2, FOUND), 'partial ship': shipped(2, FOUND) },
  },
  {
    name: 'is answered 504 and has its effect after its repeat, which is cut off after its own',
    faults: [{ kind: 'heldEffect', answer: 504 }, { kind: 'resetAfter' }],
    effect: 'after-repeat',
    ends: { track: tracked(2, FOUND, 1), ship: shipped(2, FOUND), 'partial ship': shippedTwice },
  },
  {
    name: 'is lost twice before the store has it',
    faults: [{ kind: 'resetBefore' }, { kind: 'resetBefore' }],
    ends: { track: tracked(3, ADDED), ship: shipped(3, CREATED), 'partial ship': shipped(3, CREATED) },
  },
];
