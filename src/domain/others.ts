import type { Shipment, Track } from './order.ts';
import { trackingKey } from './row.ts';
import type { Wish } from './wish.ts';
import { bringsNumbers, mark, type Write } from './write.ts';

/** What the ledger knows of those who wrote to an order; asked only where an inbox replaces numbers. */
export interface Writers {
  /** When the drop's file was taken, ms of the wall clock. */
  readonly claimedAtMs: number;
  /** Keys of the numbers that drops wrote to the order which came before it; see `trackingKey`. */
  readonly earlier: ReadonlySet<string>;
  /** The same of those that came after it, and of what they want. */
  readonly later: ReadonlySet<string>;
}

/**
 * Whose a number is that the drop does not want:
 * - `earlier`: it stood before the drop's file was taken, by the ledger or by its time in the shop.
 * - `later`: a drop that came later wrote it, or wants it.
 * - `unknown`: it came after the file was taken, and nothing on record says from where: a person, another program, or a
 *   later drop in a ledger that was lost.
 */
type Provenance = 'earlier' | 'later' | 'unknown';

/** So far may the shop's clock and this machine's be apart. */
const CLOCKS_DIFFER_MS = 60_000;

/** The numbers of an order that the drop neither wants nor wrote. */
export class Others {
  readonly #wanted: ReadonlySet<string>;
  readonly #marks: ReadonlySet<string>;
  readonly #trackIds: ReadonlySet<number>;
  readonly #writers: Writers | null;
  /** Asked for once for each number that a row names a shipment for, which may be thousands. */
  readonly #on = new WeakMap<Shipment, readonly Track[]>();

  /** `wishes` without an outcome and all `writes` of the drop to the order; null where nobody asked for the writers. */
  constructor(wishes: readonly Wish[], writes: readonly Write[], writers: Writers | null) {
    const own = writes.filter((write) => write.isOwn && bringsNumbers(write));
    const written = own.flatMap(({ trackingNumbers }) => trackingNumbers.map(trackingKey));
    this.#wanted = new Set([...wishes.map(({ key }) => key), ...written]);
    this.#marks = new Set(own.map(({ id }) => mark(id)));
    this.#trackIds = new Set(own.flatMap(({ trackId }) => trackId ?? []));
    this.#writers = writers;
  }

  /** Oldest first. */
  on(shipment: Shipment): readonly Track[] {
    const known = this.#on.get(shipment);
    if (known) return known;
    const others = shipment.tracks.filter(({ entityId, trackNumber, description }) => {
      // A shop may keep a number in a form of its own.
      const isOurs = this.#trackIds.has(entityId) || this.#marks.has(description ?? '');
      return !isOurs && !this.isWanted(trackNumber);
    });
    this.#on.set(shipment, others);
    return others;
  }

  /** Whether the drop wants the number, or has written it. */
  isWanted(trackNumber: string): boolean {
    return this.#wanted.has(trackingKey(trackNumber));
  }

  provenanceOf({ trackNumber, createdAtMs }: Track): Provenance {
    if (this.#writers === null) return 'unknown';
    const { claimedAtMs, earlier, later } = this.#writers;
    const key = trackingKey(trackNumber);
    if (later.has(key)) return 'later';
    if (earlier.has(key)) return 'earlier';
    const stoodBefore = createdAtMs !== null && createdAtMs + CLOCKS_DIFFER_MS < claimedAtMs;
    return stoodBefore ? 'earlier' : 'unknown';
  }

  /** Those on a shipment that may be taken away for a number of the drop. */
  replaceableOn(shipment: Shipment): readonly Track[] {
    return this.on(shipment).filter((track) => this.provenanceOf(track) === 'earlier');
  }
}
