import assert from 'node:assert/strict';
import type { Writers } from '../../src/domain/others.ts';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import { trackingKey } from '../../src/domain/row.ts';
import {
  type Action,
  bringsNumbers,
  mark,
  numbersOf,
  type Write,
  type WriteAnswer,
} from '../../src/domain/write.ts';

/** One thing that was kept, in one transaction. */
type Entry =
  | { readonly kind: 'intent'; readonly seq: number; readonly write: Write }
  | {
      readonly kind: 'answer';
      readonly seq: number;
      readonly id: string;
      readonly answer: WriteAnswer;
      readonly atMs: number;
      readonly ends: readonly RowOutcome[];
    }
  | { readonly kind: 'ends'; readonly seq: number; readonly ends: readonly RowOutcome[] };

/** What the ledger keeps of drops, their writes and the ends of their rows, and can lose from the end. */
export class LedgerWithoutDisk {
  #entries: Entry[] = [];
  readonly #claimedAtMs: number[] = [];

  /** Drops count from 0, in the order in which they were claimed. */
  claim(atMs: number): number {
    return this.#claimedAtMs.push(atMs) - 1;
  }

  intend(seq: number, action: Action, id: string, atMs: number): void {
    const write: Write = {
      id,
      kind: action.kind,
      orderId: action.orderId,
      shipmentId: action.kind === 'ship' ? null : action.shipmentId,
      trackId: action.kind === 'untrack' ? action.trackId : null,
      trackingNumbers: numbersOf(action),
      mails: action.kind === 'mail' || (action.kind === 'ship' && action.mails),
      state: 'open',
      message: '',
      atMs,
      answeredAtMs: null,
      counts: false,
      isOwn: true,
    };
    this.#entries.push({ kind: 'intent', seq, write });
  }

  answer(seq: number, id: string, answer: WriteAnswer, atMs: number, ends: readonly RowOutcome[]): void {
    this.#entries.push({ kind: 'answer', seq, id, answer, atMs, ends });
    this.#assertEndOnce(seq);
  }

  end(seq: number, ends: readonly RowOutcome[]): void {
    if (ends.length > 0) this.#entries.push({ kind: 'ends', seq, ends });
    this.#assertEndOnce(seq);
  }

  /** The power is cut: so many of the drop's last transactions were not on the disk yet. */
  forget(seq: number, count: number): void {
    for (let forgotten = 0; forgotten < count && this.#entries.at(-1)?.seq === seq; forgotten += 1)
      this.#entries.pop();
  }

  /** By `placeOf`. */
  endsOf(seq: number): ReadonlyMap<string, RowOutcome> {
    return new Map(this.#endsOf(seq).map((end) => [placeOf(end), end]));
  }

  /** As `toOrder` of the ledger: the drop's own, and those of others that may still land. */
  writesTo(orderId: number, seq: number, uncertainSinceMs: number): readonly Write[] {
    return this.#writes()
      .filter((each) => each.write.orderId === orderId)
      .filter(
        ({ seq: by, write: { state, atMs } }) =>
          by === seq || (MAY_LAND.has(state) && atMs > uncertainSinceMs),
      )
      .map(({ seq: by, write }) => ({ ...write, isOwn: by === seq }));
  }

  othersMarks(seq: number): ReadonlySet<string> {
    return new Set(this.#writes().flatMap(({ seq: by, write }) => (by === seq ? [] : [mark(write.id)])));
  }

  /** Each drop came by a file of its own. */
  writersTo(orderId: number, seq: number): Writers {
    const earlier = this.#writes().filter(
      ({ seq: by, write }) =>
        by < seq && write.orderId === orderId && bringsNumbers(write) && MAY_STAND.has(write.state),
    );
    return {
      cameAtMs: this.#claimedAtMs[seq] ?? 0,
      own: new Set(),
      earlier: new Set(earlier.flatMap(({ write }) => write.trackingNumbers.map(trackingKey))),
      later: new Set(),
    };
  }

  #writes(): readonly { readonly seq: number; readonly write: Write }[] {
    const answers = new Map(
      this.#entries.flatMap((entry) => (entry.kind === 'answer' ? [[entry.id, entry]] : [])),
    );
    return this.#entries.flatMap((entry) => {
      if (entry.kind !== 'intent') return [];
      const { seq, write } = entry;
      const answered = answers.get(write.id);
      if (!answered) return [{ seq, write }];
      const { answer, atMs } = answered;
      const isDone = answer.kind === 'done';
      return [
        {
          seq,
          write: {
            ...write,
            state: answer.kind,
            message: isDone ? '' : answer.message,
            shipmentId: (isDone && answer.shipmentId) || write.shipmentId,
            trackId: (isDone && answer.trackId) || write.trackId,
            answeredAtMs: atMs,
            counts: answer.kind === 'unsent' || (answer.kind === 'uncertain' && write.kind !== 'mail'),
          },
        },
      ];
    });
  }

  #endsOf(seq: number): readonly RowOutcome[] {
    return this.#entries.flatMap((entry) => (entry.seq === seq && entry.kind !== 'intent' ? entry.ends : []));
  }

  #assertEndOnce(seq: number): void {
    const ends = this.#endsOf(seq).map(placeOf);
    assert.equal(new Set(ends).size, ends.length, 'a row ends once');
  }
}

/** What tells a row of a file from every other one. */
export function placeOf({ line, part }: { readonly line: number; readonly part: number }): string {
  return `${line}.${part}`;
}

const MAY_LAND: ReadonlySet<Write['state']> = new Set<Write['state']>(['open', 'uncertain']);
const MAY_STAND: ReadonlySet<Write['state']> = new Set<Write['state']>(['open', 'uncertain', 'done']);
