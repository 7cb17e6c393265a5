import type { Outcome } from '../../src/domain/outcome.ts';
import type { OrderSeed } from '../../src/sandbox/seed.ts';
import { type CargoFile, cargoFile, NAMES, type Wanted } from './cargo-file.ts';
import { type CargoOrder, seedOf } from './cargo-order.ts';
import type { Chance } from './chance.ts';

/** What a file is to be like. */
export type Shape =
  | 'one row'
  | 'mixed'
  | 'over a hundred orders'
  | 'good'
  | 'repeats'
  | 'the same again'
  | 'header only'
  | 'unreadable';

/** Each with the chance that it or one before it is meant. */
const SHAPES: readonly (readonly [shape: Shape, below: number])[] = [
  ['one row', 0.3],
  ['mixed', 0.62],
  ['over a hundred orders', 0.7],
  ['good', 0.8],
  ['repeats', 0.88],
  ['the same again', 0.94],
  ['header only', 0.97],
  ['unreadable', 1],
];

/** Makes orders for a shop and files about them: what 3PLs send on good days and on bad ones. */
export class Cargo {
  readonly orders = new Map<string, CargoOrder>();
  readonly files: CargoFile[] = [];
  readonly #chance: Chance;
  readonly #rowsWait: boolean;
  #serial = 0;
  #fresh: CargoOrder[] = [];
  readonly #late: CargoOrder[] = [];
  readonly #numbers: { readonly order: string; readonly number: string }[] = [];

  /** Where `rowsWait`, orders that are missing come later; else they never do. */
  constructor(chance: Chance, rowsWait: boolean) {
    this.#chance = chance;
    this.#rowsWait = rowsWait;
  }

  /** The next file; its orders must be put into the shop by `takeSeeds` before it is dropped. */
  nextFile(shape = this.#shape()): CargoFile {
    const file = this.#fileOf(shape);
    this.files.push(file);
    return file;
  }

  /** A file of good rows that is written in two pieces, of whole rows each. */
  nextGrowing(): CargoFile {
    const { rows, ...file } = this.#file(this.#goodOnly(this.#chance.between(2, 12)));
    const first = rows.slice(0, this.#chance.between(1, rows.length - 1));
    const bytes = Buffer.from(file.head + first.map(({ record }) => record).join(''));
    return { ...file, rows, part: { ...file, rows: first, bytes, end: {} } };
  }

  /** What a failed row can be made into by one of its two values: the number where that is what is wrong, else the order. */
  correct(order: string, number: string): { readonly order: string; readonly number: string } {
    const known = this.orders.get(order);
    const isNumberWrong = number === '' || number.includes('E+');
    return isNumberWrong && known ? this.#good(known) : this.#good(this.#order(), number);
  }

  /** Orders that were made since the last call. */
  takeSeeds(): OrderSeed[] {
    const seeds = this.#fresh.map(seedOf);
    this.#fresh = [];
    return seeds;
  }

  /** So many of the orders that files have named already and the shop does not have yet, the oldest first. */
  takeLateSeeds(count = Number.POSITIVE_INFINITY): OrderSeed[] {
    return this.#late.splice(0, count).map(seedOf);
  }

  #shape(): Shape {
    const at = this.#chance.next();
    return SHAPES.find(([, below]) => at < below)?.[0] ?? 'one row';
  }

  #fileOf(shape: Shape): CargoFile {
    switch (shape) {
      case 'one row':
        return this.#file([this.#good(this.#order())]);
      case 'mixed':
        return this.#file(this.#mixed(this.#chance.between(2, 30)));
      case 'over a hundred orders':
        return this.#file(this.#mixed(this.#chance.between(160, 260)));
      case 'good':
        return this.#file(this.#goodOnly(this.#chance.between(3, 25)));
      case 'repeats':
        return this.#file(this.#repeats(this.#chance.between(1, 20)));
      case 'the same again':
        return this.#again();
      case 'header only':
        return this.#file([]);
      case 'unreadable':
        return this.#unreadable();
    }
  }

  #order(
    state: CargoOrder['state'] = this.#chance.hits(0.5) ? 'shipped' : 'open',
    isLate = false,
  ): CargoOrder {
    this.#serial += 1;
    const number = `7${String(this.#serial).padStart(8, '0')}`;
    const before = state === 'shipped' && !isLate && this.#chance.hits(0.1) ? [this.#number()] : [];
    const order: CargoOrder = { number, state, isLate, before };
    this.orders.set(number, order);
    (isLate ? this.#late : this.#fresh).push(order);
    return order;
  }

  #number(): string {
    this.#serial += 1;
    const serial = String(this.#serial).padStart(10, '0');
    return this.#chance.pick([`1Z${serial}`, `00${serial}`, `JJD ${serial} X`, `3S-${serial}`]);
  }

  #good(order: CargoOrder, number = this.#number()): Wanted {
    this.#numbers.push({ order: order.number, number });
    return { order: order.number, number, kind: { kind: 'number', order: order.number, number } };
  }

  #goodOnly(count: number): Wanted[] {
    return Array.from({ length: count }, () => this.#good(this.#order()));
  }

  /** Orders with one parcel or several, rows twice, rows that cannot be done; one order's rows apart from each other. */
  #mixed(count: number): Wanted[] {
    const rows: Wanted[] = [];
    const orders: CargoOrder[] = [];
    while (rows.length < count) {
      const shape = this.#chance.next();
      const earlier = orders.length > 0 ? this.#chance.pick(orders) : undefined;
      const [before] = earlier?.before ?? [];
      if (shape < 0.1 && rows.length > 0) rows.push(this.#chance.pick(rows));
      else if (shape < 0.25 && earlier) rows.push(this.#good(earlier));
      else if (shape < 0.3 && earlier && before) rows.push(this.#good(earlier, before));
      else if (shape < 0.4) rows.push(this.#rowsWait ? this.#early() : this.#hopeless());
      else {
        const order = this.#order();
        orders.push(order);
        rows.push(this.#good(order));
      }
    }
    return rows;
  }

  /** About an order that is not there yet, as often as not. */
  #early(): Wanted {
    return this.#chance.hits(0.5) ? this.#good(this.#order(undefined, true)) : this.#hopeless();
  }

  #hopeless(): Wanted {
    const fixed = (order: string, number: string, outcome: Outcome): Wanted => ({
      order,
      number,
      kind: { kind: 'fixed', outcome },
    });
    const number = this.#number();
    return this.#chance.pick([
      () => fixed(this.#order('open').number, '', 'bad-row'),
      () => fixed('', number, 'bad-row'),
      () => fixed(this.#order('open').number, '1.23457E+15', 'bad-row'),
      // In a round whose rows wait it would wait to the end, since it never comes.
      () =>
        this.#rowsWait
          ? fixed('', number, 'bad-row')
          : fixed(`8${number.replace(/\D/g, '').slice(-8)}`, number, 'order-not-found'),
      () => fixed(this.#order('canceled').number, number, 'order-closed'),
      () => fixed(this.#order('holded').number, number, 'order-held'),
      () => fixed(this.#order('virtual').number, number, 'nothing-to-ship'),
    ])();
  }

  /** What other files have said already, and new numbers for their orders. */
  #repeats(count: number): Wanted[] {
    if (this.#numbers.length === 0) return this.#goodOnly(count);
    return Array.from({ length: count }, () => {
      const { order, number } = this.#chance.pick(this.#numbers);
      const known = this.orders.get(order) as CargoOrder;
      return this.#good(known, this.#chance.hits(0.6) ? number : this.#number());
    });
  }

  /** The same bytes once more, under the same name or another. */
  #again(): CargoFile {
    if (this.files.length === 0) return this.#file(this.#goodOnly(1));
    const file = this.#chance.pick(this.files);
    if (file.end.isRedone) return this.#file(this.#goodOnly(1));
    return this.#chance.hits(0.5) ? file : { ...file, name: this.#chance.pick(NAMES) };
  }

  #unreadable(): CargoFile {
    const head = 'order_number,remark\n';
    const text = this.#chance.hits(0.5)
      ? Buffer.from(`${head}${this.#order('open').number},none\n`)
      : Buffer.from(Array.from({ length: 600 }, () => this.#chance.between(0, 31)).concat(10));
    const name = this.#chance.pick(NAMES);
    return { name, bytes: text, head, delimiter: ',', rows: [], isUnreadable: true, end: {} };
  }

  #file(wanted: readonly Wanted[]): CargoFile {
    return cargoFile(wanted, this.#chance);
  }
}
