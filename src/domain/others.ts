import type { Shipment, Track } from './order.ts';
import { type Row, trackingKey } from './row.ts';
import type { Wish } from './wish.ts';
import { bringsNumbers, mark, type Write } from './write.ts';

/** What the ledger knows of those who wrote to an order; asked where it matters to the inbox what stands there. */
export interface Writers {
  /** When the file had come at the latest by which the drop's rows came, ms of the wall clock; -Infinity where nobody knows. */
  readonly cameAtMs: number;
  /** Keys of numbers that other drops wrote to the order, or want there, whose rows came by the same file; see `trackingKey`. */
  readonly own: ReadonlySet<string>;
  /** Of those that drops wrote whose files are certain to have come before. */
  readonly earlier: ReadonlySet<string>;
  /** Of those that drops wrote, or want, whose files are certain to have come after. */
  readonly later: ReadonlySet<string>;
}

/**
 * Whose a number is that did not come by the drop's own file; see coming.ts:
 * - `earlier`: it stood before that file came, by the ledger or by its time in the shop.
 * - `later`: a file that came later brought it.
 * - `unknown`: nothing shows that it came before: a person may have entered it, another program, or a later file in a
 *   ledger that was lost.
 */
type Provenance = 'earlier' | 'later' | 'unknown';

/** So far may the shop's clock and this machine's be apart. */
const CLOCKS_DIFFER_MS = 60_000;

/** What the drop itself may have done to the order; see shipmentsMadeBy. */
interface Making {
  readonly made: ReadonlySet<Shipment>;
  /** Those of them that it has made for numbers whose items it names, or may have, as far as anybody knows. */
  readonly madeForNamed: ReadonlySet<Shipment>;
  /** Whether a track with this description may be the drop's by a write that is on no record, as after a power cut. */
  readonly mayBeOwn: (description: string | null) => boolean;
}

const MAKES_NONE: Making = { made: new Set(), madeForNamed: new Set(), mayBeOwn: () => false };

function namesShipment({ shipmentNumber }: Row): boolean {
  return shipmentNumber !== null;
}

/** The numbers of an order that did not come by the drop's file: neither it nor another of that file wants or wrote them. */
export class Others {
  readonly #wanted: ReadonlySet<string>;
  readonly #marks: ReadonlySet<string>;
  readonly #trackIds: ReadonlySet<number>;
  readonly #clearedShipments: ReadonlySet<number>;
  readonly #writers: Writers | null;
  /** Keys of numbers that the drop's file has put there, or may have. */
  readonly #put: ReadonlySet<string>;
  /** Keys of the wishes that name items. */
  readonly #named: ReadonlySet<string>;
  /** Keys of those that name none, and a shipment. */
  readonly #aimed: ReadonlySet<string>;
  readonly #making: Making;
  /** Asked for once for each number that a row names a shipment for, which may be thousands. */
  readonly #on = new WeakMap<Shipment, readonly Track[]>();

  /** `wishes` without an outcome and all `writes` of the drop to the order; null where nobody asked for the writers. */
  constructor(
    wishes: readonly Wish[],
    writes: readonly Write[],
    writers: Writers | null,
    making: Making = MAKES_NONE,
  ) {
    const own = writes.filter((write) => write.isOwn && bringsNumbers(write));
    const written = own.flatMap(({ trackingNumbers }) => trackingNumbers.map(trackingKey));
    this.#put = new Set([...written, ...(writers?.own ?? [])]);
    this.#wanted = new Set([...wishes.map(({ key }) => key), ...this.#put]);
    this.#named = new Set(wishes.flatMap(({ key, items }) => (items.length > 0 ? key : [])));
    const aimed = wishes.filter(({ items, rows }) => items.length === 0 && rows.some(namesShipment));
    this.#aimed = new Set(aimed.map(({ key }) => key));
    this.#making = making;
    this.#marks = new Set(own.map(({ id }) => mark(id)));
    this.#trackIds = new Set(own.flatMap(({ trackId }) => trackId ?? []));
    this.#writers = writers;
    const taken = writes.filter(
      (write) =>
        write.isOwn &&
        write.kind === 'untrack' &&
        !write.trackingNumbers.some((number) => this.isWanted(number)),
    );
    this.#clearedShipments = new Set(taken.flatMap(({ shipmentId }) => shipmentId ?? []));
  }

  /** Whether there are none on the shipment, nor were before the drop took them away. */
  areNever(shipment: Shipment): boolean {
    return !this.#clearedShipments.has(shipment.entityId) && this.on(shipment).length === 0;
  }

  /** Whether it has no number, or none but what the drop's file has put there: others that the file names stood before. */
  isBare(shipment: Shipment): boolean {
    return this.areNever(shipment) && shipment.tracks.every((track) => this.#isPut(track, shipment));
  }

  /**
   * Whether it is for those of the drop's numbers that name their items: the drop has made it for them, or it stood before with
   * none but theirs, as where the same file comes again.
   */
  isForNamed(shipment: Shipment): boolean {
    if (this.#making.madeForNamed.has(shipment)) return true;
    // What the drop has put there since decides nothing, nor what must stand there: else the others would go elsewhere where
    // the process ends in between, or the same file comes again.
    const before = shipment.tracks
      .filter((track) => !this.#isPut(track, shipment))
      .map(({ trackNumber }) => trackingKey(trackNumber))
      .filter((key) => !this.#aimed.has(key));
    return before.length > 0 && before.every((key) => this.#named.has(key));
  }

  #isPut({ entityId, trackNumber, description }: Track, shipment: Shipment): boolean {
    if (this.#trackIds.has(entityId) || this.#marks.has(description ?? '')) return true;
    return (
      this.#put.has(trackingKey(trackNumber)) ||
      this.#making.mayBeOwn(description) ||
      this.#making.made.has(shipment)
    );
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

  /** Whether the number came by the drop's file. */
  isWanted(trackNumber: string): boolean {
    return this.#wanted.has(trackingKey(trackNumber));
  }

  provenanceOf({ trackNumber, createdAtMs }: Track): Provenance {
    if (this.#writers === null) return 'unknown';
    const { cameAtMs, earlier, later } = this.#writers;
    const key = trackingKey(trackNumber);
    if (later.has(key)) return 'later';
    if (earlier.has(key)) return 'earlier';
    const stoodBefore = createdAtMs !== null && createdAtMs + CLOCKS_DIFFER_MS < cameAtMs;
    return stoodBefore ? 'earlier' : 'unknown';
  }

  /** Those on a shipment that may be taken away for a number of the drop. */
  replaceableOn(shipment: Shipment): readonly Track[] {
    return this.on(shipment).filter((track) => this.provenanceOf(track) === 'earlier');
  }
}
