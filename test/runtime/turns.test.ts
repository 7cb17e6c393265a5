import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Drop } from '../../src/domain/drop.ts';
import { compareRowPlaces, type RowPlace } from '../../src/domain/row.ts';
import { type OpenOrders, Turns } from '../../src/runtime/turns.ts';

/** The ledger's answers, from plain lists: the orders of each drop's rows, in the order of the file. */
class OpenRows implements OpenOrders {
  /** Orders that were looked at. */
  asked = 0;
  /** Of each drop; undefined for a row that has ended. */
  readonly #open: readonly (string | undefined)[][];

  constructor(drops: readonly (readonly string[])[]) {
    this.#open = drops.map((keys) => [...keys]);
  }

  end(drop: Drop, orderKey: string): void {
    while (this.endFirst(drop, orderKey));
  }

  /** Ends the first row of an order that has not; false where none is left. */
  endFirst(drop: Drop, orderKey: string): boolean {
    const rows = this.#rowsOf(drop.seq);
    const at = rows.indexOf(orderKey);
    if (at >= 0) rows[at] = undefined;
    return at >= 0;
  }

  /** Open rows of an order. */
  countOf(drop: Drop, orderKey: string): number {
    return this.#rowsOf(drop.seq).filter((key) => key === orderKey).length;
  }

  openOrders(drop: Drop, after: RowPlace, limit: number) {
    const rows = this.#rowsOf(drop.seq);
    const firsts = new Map<string, number>();
    for (const [at, key] of rows.entries()) if (key !== undefined && !firsts.has(key)) firsts.set(key, at);
    const found = Array.from(firsts, ([orderKey, at]) => ({ orderKey, first: placeOf(at) }))
      .filter(({ first }) => compareRowPlaces(first, after) > 0)
      .slice(0, limit);
    this.asked += found.length;
    return found.map((order) => ({
      ...order,
      blocked: this.heirOf(drop.store, order.orderKey)?.seq !== drop.seq,
    }));
  }

  heirOf(_store: string, orderKey: string) {
    const seq = this.#open.findIndex((rows) => rows.includes(orderKey));
    return seq < 0 ? undefined : { seq, first: placeOf(this.#rowsOf(seq).indexOf(orderKey)) };
  }

  anyOpen(drop: Drop): boolean {
    return this.#rowsOf(drop.seq).some((key) => key !== undefined);
  }

  #rowsOf(seq: number): (string | undefined)[] {
    return this.#open[seq] ?? [];
  }
}

/** Two rows a line, to have parts as well. */
const placeOf = (at: number): RowPlace => ({ line: 2 + Math.floor(at / 2), part: at % 2 });

const drop = (seq: number) => ({ seq, store: 'main' }) as Drop;
const keys = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${1000 + n}`);

function turnsOf(...drops: (readonly string[])[]) {
  const open = new OpenRows(drops);
  const turns = new Turns(open);
  drops.forEach((_, seq) => {
    turns.admit(drop(seq));
  });
  const take = (limit: number) => turns.take(limit).map((task) => `${task.drop.seq}/${task.orderKey}`);
  const done = (seq: number, orderKey: string) => {
    open.end(drop(seq), orderKey);
    return turns.done({ drop: drop(seq), orderKey });
  };
  return { turns, open, take, done };
}

describe('Turns', () => {
  it('give a small drop its share while a large one is under way', () => {
    const { take } = turnsOf(keys('large', 500), keys('small', 3));
    const taken = take(100);
    assert.equal(taken.length, 100);
    assert.equal(taken.filter((task) => task.startsWith('1/')).length, 3);
  });

  it('fill a window from many drops of one order each', () => {
    const { take } = turnsOf(...Array.from({ length: 150 }, (_, n) => [`o${n}`]));
    assert.deepEqual([take(100).length, take(100).length, take(100).length], [100, 50, 0]);
  });

  it('never hand out an order twice', () => {
    const { take } = turnsOf(keys('a', 250));
    const all = [...take(100), ...take(100), ...take(100)];
    assert.deepEqual([all.length, new Set(all).size], [250, 250]);
  });

  it('hand an order to the later drop only when the earlier one is done with it', () => {
    const { take, done } = turnsOf(['x', 'y'], ['x', 'z']);
    assert.deepEqual(take(10), ['0/x', '0/y', '1/z']);
    assert.equal(done(0, 'x'), false);
    assert.deepEqual(take(10), ['1/x']);
  });

  it('hand out no order again whose first row has ended while a later one is still open', () => {
    const { take, done, open } = turnsOf(['x', 'y', 'z', 'x']);
    assert.deepEqual(take(2), ['0/x', '0/y']);
    open.endFirst(drop(0), 'x');
    assert.deepEqual([take(2), take(2)], [['0/z'], []]);
    done(0, 'z');
    done(0, 'y');
    assert.equal(done(0, 'x'), true);
  });

  it('hand out after a start what an earlier process left of an order', () => {
    const { take, open } = turnsOf(['x', 'y', 'x']);
    open.endFirst(drop(0), 'x');
    assert.deepEqual(take(10), ['0/y', '0/x']);
  });

  it('hand an order that was passed over to the later drop once, however often it is done before it', () => {
    const { take, done } = turnsOf(['x'], ['x', 'a', 'x']);
    assert.deepEqual(take(10), ['0/x', '1/a']);
    done(0, 'x');
    done(0, 'x');
    assert.deepEqual([take(10), take(10)], [['1/x'], []]);
  });

  it('look at no more than a page of orders at a time while an earlier drop has them all', () => {
    const all = keys('o', 3_000);
    const { take, turns, open } = turnsOf(all, all, [...all, 'p']);
    const looks: number[] = [];
    const taken: string[] = [];
    while (turns.hasMore) {
      open.asked = 0;
      taken.push(...take(100));
      looks.push(open.asked);
    }
    assert.ok(Math.max(...looks) <= 900, `${Math.max(...looks)} orders in one go`);
    assert.deepEqual(taken.toSorted(), [...all.map((key) => `0/${key}`), '2/p'].toSorted());
    assert.deepEqual(take(100), []);
  });

  it('have nothing more to look at once every order was handed out or passed over', () => {
    const { take, done, turns } = turnsOf(['x'], ['x']);
    assert.equal(turns.hasMore, true);
    assert.deepEqual([take(10), turns.hasMore], [['0/x'], false]);
    done(0, 'x');
    assert.deepEqual(take(10), ['1/x']);
  });

  it('ask no drop that has no room for more, and go on with it once it has', () => {
    let most = 1;
    const turns = new Turns(new OpenRows([keys('a', 3), keys('b', 2)]), (underWay) => most - underWay);
    for (const seq of [0, 1]) turns.admit(drop(seq));
    const take = () => turns.take(10).map(({ orderKey }) => orderKey);
    const [a, b] = [keys('a', 3), keys('b', 2)];
    assert.deepEqual([take(), turns.hasMore], [[a[0], b[0]], false]);
    assert.deepEqual(take(), []);
    most = 10;
    assert.deepEqual([turns.hasMore, take().sort()], [true, [...a.slice(1), ...b.slice(1)]]);
  });

  it('say when a drop has come to its end', () => {
    const { take, done, turns } = turnsOf(['x', 'y']);
    take(10);
    assert.equal(done(0, 'x'), false);
    assert.equal(done(0, 'y'), true);
    assert.equal(turns.drops, 0);
  });

  it('have nothing to do for a drop without open rows', () => {
    assert.equal(new Turns(new OpenRows([[]])).admit(drop(0)), false);
  });

  it('bring every order of every drop to its end, one drop at a time and in the order of claims', () => {
    const someDrops = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        someDrops,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        (drops, limit, picks) => {
          const open = new OpenRows(drops);
          const turns = new Turns(open);
          drops.forEach((_, seq) => {
            turns.admit(drop(seq));
          });
          const underWay: { drop: Drop; orderKey: string }[] = [];
          const finished: string[] = [];
          for (;;) {
            underWay.push(...turns.take(limit));
            const held = underWay.map(({ orderKey }) => orderKey);
            assert.equal(new Set(held).size, held.length, 'an order is held by one drop at a time');
            const [task] = underWay.splice(Number(picks.next().value) % Math.max(1, underWay.length), 1);
            if (!task) break;
            if (open.countOf(task.drop, task.orderKey) > 1) {
              // One of its rows ends, and the order goes on.
              open.endFirst(task.drop, task.orderKey);
              underWay.push(task);
              continue;
            }
            open.end(task.drop, task.orderKey);
            turns.done(task);
            finished.push(`${task.orderKey}${task.drop.seq}`);
          }
          assert.equal(turns.drops, 0);
          assert.equal(finished.length, drops.flatMap((keys) => [...new Set(keys)]).length);
          for (const key of 'abcde') {
            const seqs = finished.filter((name) => name.startsWith(key));
            assert.deepEqual(seqs, [...seqs].sort());
          }
        },
      ),
    );
  });
});
