import type { Action, WriteAnswer } from '../domain/write.ts';
import type { DropFacts } from './drop-events.ts';

/** Which write an event is about. */
interface WriteFacts {
  readonly store: string;
  /** Its id in the ledger. */
  readonly write: string;
  readonly action: Action;
  /** The order's number as the file has it. */
  readonly order: string;
  /** Lines of the rows that it fulfils; none for one that takes a track back. */
  readonly lines: readonly number[];
}

/** What is asked of a store for the rows of drops, and what is written to it. */
export interface WriteEvents {
  /** A window of orders was looked up. */
  'orders.looked-up': { readonly store: string; readonly orders: number; readonly tookMs: number };
  'write.sent': DropFacts & WriteFacts;
  'write.answered': DropFacts &
    WriteFacts & {
      readonly answer: WriteAnswer;
      readonly tookMs: number;
    };
}
