import type { FailingWrites, MissingRight, StoreStanding } from '../domain/store-standing.ts';
import { type Writes, writesKey } from '../domain/write-kind.ts';
import type { Events } from '../events.ts';
import type { Clock } from './clock.ts';
import { DOWN, writesFailing } from './log-events/store-events.ts';

/**
 * Keeps how it stands with each store, as the events tell it. A store that is down, or that refuses us, does not end
 * the daemon: without this nobody who asks from outside would learn why its files wait.
 */
export class StoreBoard implements Disposable {
  readonly #standings: Map<string, StoreStanding>;
  readonly #clock: Clock;
  readonly #offs: readonly (() => void)[];

  constructor(stores: readonly string[], parts: { events: Events; clock: Clock }) {
    const { events, clock } = parts;
    this.#clock = clock;
    this.#standings = new Map(
      stores.map((store) => [
        store,
        { store, state: 'up', sinceMs: null, why: '', missingRights: [], failingWrites: [] },
      ]),
    );
    this.#offs = [
      events.on('store.up', ({ store }) => this.#turn(store, 'up', '')),
      events.on('store.down', ({ store, failing, message }) => {
        this.#turn(store, 'down', failing === 'everything' ? message : `it ${DOWN[failing]}: ${message}`);
      }),
      events.on('store.sign-in-refused', ({ store, message }) => this.#turn(store, 'refused', message)),
      events.on('store.writes-failing', ({ store, ...facts }) => {
        const failing = { kind: facts.kind, sinceMs: clock.wallMs(), why: writesFailing(facts) };
        this.#set(store, ({ failingWrites }) => ({
          failingWrites: [...withoutKind(failingWrites, facts.kind), failing],
        }));
      }),
      events.on('store.writes-working', ({ store, kind }) => {
        this.#set(store, ({ failingWrites }) => ({ failingWrites: withoutKind(failingWrites, kind) }));
      }),
      events.on('store.right-missing', ({ store, right, message }) => {
        this.#set(store, ({ missingRights }) => ({
          missingRights: [...without(missingRights, right), { right, sinceMs: clock.wallMs(), why: message }],
        }));
      }),
      events.on('store.right-granted', ({ store, right }) => {
        this.#set(store, ({ missingRights }) => ({ missingRights: without(missingRights, right) }));
      }),
    ];
  }

  /** In the order in which the stores were named. */
  get standings(): readonly StoreStanding[] {
    return [...this.#standings.values()];
  }

  [Symbol.dispose](): void {
    for (const off of this.#offs) off();
  }

  /** Since when counts from the change: credentials that are refused once more are refused since the first time. */
  #turn(store: string, state: StoreStanding['state'], why: string): void {
    this.#set(store, (before) => ({
      state,
      why,
      sinceMs: before.state === state ? before.sinceMs : this.#clock.wallMs(),
    }));
  }

  #set(store: string, change: (before: StoreStanding) => Partial<StoreStanding>): void {
    const before = this.#standings.get(store);
    if (!before) throw new Error(`no store ${store} is on the board`);
    this.#standings.set(store, { ...before, ...change(before) });
  }
}

function without(missing: readonly MissingRight[], right: string): readonly MissingRight[] {
  return missing.filter((each) => each.right !== right);
}

function withoutKind(failing: readonly FailingWrites[], kind: Writes): readonly FailingWrites[] {
  return failing.filter((each) => writesKey(each.kind) !== writesKey(kind));
}
