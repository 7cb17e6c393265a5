import type { Drop } from '../domain/drop.ts';
import { BEFORE_ROWS, compareRowPlaces, type RowPlace } from '../domain/row.ts';

/** One order of one drop: the unit that is looked up, planned and pushed. */
export interface Task {
  readonly drop: Drop;
  readonly orderKey: string;
}

/** What the turns ask the ledger; see src/ledger/rows.ts. */
export interface OpenOrders {
  openOrders(
    drop: Drop,
    after: RowPlace,
    limit: number,
  ): readonly { readonly orderKey: string; readonly first: RowPlace; readonly blocked: boolean }[];
  heirOf(store: string, orderKey: string): { readonly seq: number; readonly first: RowPlace } | undefined;
  anyOpen(drop: Drop): boolean;
}

/**
 * Orders that one `take` passes over at most, all drops together, because earlier drops have them: each is a
 * question to the ledger, and nothing else runs meanwhile.
 */
const MOST_PASSED_OVER = 500;

interface Turn {
  readonly drop: Drop;
  /** Orders with a row up to here were handed out, or passed over because an earlier drop has them. */
  after: RowPlace;
  wholeRead: boolean;
  /** Passed over once, and free since the earlier drop is done with them. */
  readonly inherited: Set<string>;
  /** Handed out and not given back: while its first row has ended, a later one looks like the first. */
  readonly underWay: Set<string>;
  /** Orders that the `take` under way may still pass over. */
  mayPassOver: number;
}

/**
 * Hands out orders of one store's drops in turn, so that a small drop does not wait behind a large one, and an
 * order never to two drops at once: it goes to the drop that was claimed first, and is inherited by the next
 * one when that is done with it. This is the order's lock, kept where the rows are, so it holds across restarts.
 */
export class Turns {
  /** By the drop's seq; the first one is next. */
  readonly #turns = new Map<number, Turn>();
  readonly #open: OpenOrders;
  readonly #roomFor: (underWay: number) => number;

  /** `roomFor` says how many orders a drop may give of which so many are under way. */
  constructor(open: OpenOrders, roomFor: (underWay: number) => number = () => Number.POSITIVE_INFINITY) {
    this.#open = open;
    this.#roomFor = roomFor;
  }

  /** Drops under way. */
  get drops(): number {
    return this.#turns.size;
  }

  /** Takes a drop in; false when it has nothing to push and can be settled at once. */
  admit(drop: Drop): boolean {
    if (!this.#open.anyOpen(drop)) return false;
    this.#turns.set(drop.seq, {
      drop,
      after: BEFORE_ROWS,
      wholeRead: false,
      inherited: new Set(),
      underWay: new Set(),
      mayPassOver: 0,
    });
    return true;
  }

  /**
   * Orders are left that no `take` has looked at. One that came back with nothing may have passed over so many
   * that it stopped there: then the next goes on, with a turn of the event loop between.
   */
  get hasMore(): boolean {
    return [...this.#turns.values()].some((turn) => !turn.wholeRead && this.#roomOf(turn) > 0);
  }

  /**
   * Up to `limit` orders: each drop gives an equal share, then what is left goes round again. Fewer, or none, is
   * not the end: see `hasMore`.
   */
  take(limit: number): Task[] {
    const tasks: Task[] = [];
    let hungry = [...this.#turns.values()].filter((turn) => this.#roomOf(turn) > 0);
    for (const turn of hungry) turn.mayPassOver = Math.ceil(MOST_PASSED_OVER / hungry.length);
    while (hungry.length > 0 && tasks.length < limit) {
      const share = Math.max(1, Math.floor((limit - tasks.length) / hungry.length));
      const still: Turn[] = [];
      for (const turn of hungry) {
        if (tasks.length === limit) break;
        const keys = this.#takeFrom(turn, Math.min(share, limit - tasks.length, this.#roomOf(turn)));
        if (keys.length > 0) still.push(turn);
        tasks.push(...keys.map((orderKey) => ({ drop: turn.drop, orderKey })));
      }
      hungry = still;
    }
    const [first] = this.#turns;
    if (first && this.#turns.delete(first[0])) this.#turns.set(...first);
    return tasks;
  }

  /** Gives an order back when all its rows have an outcome; true when that was the drop's last one. */
  done({ drop, orderKey }: Task): boolean {
    const turn = this.#turns.get(drop.seq);
    if (!turn) return false;
    turn.underWay.delete(orderKey);
    if (this.#turns.size > 1) this.#bequeath(turn, orderKey);

    const last = turn.underWay.size === 0 && turn.inherited.size === 0 && !this.#open.anyOpen(drop);
    if (last) this.#turns.delete(drop.seq);
    return last;
  }

  #roomOf({ underWay }: Turn): number {
    return this.#roomFor(underWay.size);
  }

  /** Gives the order to the next drop that has rows of it, where that one has passed it over. */
  #bequeath(turn: Turn, orderKey: string): void {
    const { seq, first } = this.#open.heirOf(turn.drop.store, orderKey) ?? {
      seq: turn.drop.seq,
      first: BEFORE_ROWS,
    };
    const heir = this.#turns.get(seq);
    if (!heir || heir === turn || heir.underWay.has(orderKey)) return;
    if (heir.wholeRead || compareRowPlaces(first, heir.after) <= 0) heir.inherited.add(orderKey);
  }

  #takeFrom(turn: Turn, limit: number): string[] {
    const keys: string[] = [];
    for (const key of turn.inherited) {
      if (keys.length === limit) break;
      turn.inherited.delete(key);
      keys.push(key);
    }
    while (keys.length < limit && !turn.wholeRead && turn.mayPassOver > 0) {
      const wanted = limit - keys.length;
      const found = this.#open.openOrders(turn.drop, turn.after, wanted);
      const others = found.filter(({ orderKey }) => !turn.underWay.has(orderKey));
      const free = others.filter(({ blocked }) => !blocked);
      keys.push(...free.map(({ orderKey }) => orderKey));
      turn.mayPassOver -= others.length - free.length;
      turn.after = found.at(-1)?.first ?? turn.after;
      turn.wholeRead = found.length < wanted;
    }
    for (const key of keys) turn.underWay.add(key);
    return keys;
  }
}
