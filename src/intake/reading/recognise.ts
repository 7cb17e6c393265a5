import { createRequire } from 'node:module';
import type { TrackingCourier } from 'ts-tracking-number';

/** What is known of one courier's numbers in a country, or of one kind of them. */
type Known = NonNullable<TrackingCourier['tracking_numbers'][number]['additional']>[number]['lookup'][number];

/** One kind of number that one carrier gives. */
interface Kind {
  readonly carrier: string;
  readonly shape: RegExp;
  /** The carrier with this kind alone. */
  readonly courier: TrackingCourier;
}

/** No carrier's number is longer; 34 digits of USPS with a postal code are the longest. */
const LONGEST_NUMBER = 40;
/**
 * Letters, or the digits that USPS and FedEx begin with (perhaps after `420` and a ZIP code). Of other strings of
 * digits one in ten passes the check of some carrier that never saw it, and an SSCC is given by every carrier.
 */
const TELLS_A_CARRIER = /[A-Z]|^(?:420\d{5}(?:\d{4})?)?9[1-6]\d{20,}$/;

/**
 * Prepares telling a carrier from a number: the name of the one carrier whose numbers look like it and whose check
 * digit it carries; undefined where none does, or several do. A postal number gives the name of its country's post.
 */
export function openRecognition(): (trackingNumber: string) => string | undefined {
  const { allCouriers, getTracking, s10 } = library();
  const kinds = allCouriers.flatMap(kindsOf);
  const posts = postsOf(s10);

  return (trackingNumber) => {
    const number = trackingNumber.replace(/\s/g, '').toUpperCase();
    if (number.length > LONGEST_NUMBER || !TELLS_A_CARRIER.test(number)) return undefined;
    const fitting = kinds.filter(
      ({ shape, courier }) => shape.test(number) && getTracking(number, [courier]) !== undefined,
    );
    const [name, ...others] = new Set(fitting.map(({ carrier }) => carrier));
    if (others.length > 0) return undefined;
    return name === s10.name ? posts.get(number.slice(-2)) : name;
  };
}

/** Loaded where a profile asks for it: else every start would wait a tenth of a second for it, and hold 16 MiB. */
function library(): typeof import('ts-tracking-number') {
  return createRequire(import.meta.url)('ts-tracking-number');
}

function kindsOf(courier: TrackingCourier): readonly Kind[] {
  return courier.tracking_numbers.map((kind) => ({
    carrier: courier.name,
    shape: new RegExp(`^(?:${[kind.regex].flat().join('')})$`),
    courier: { ...courier, tracking_numbers: [kind] },
  }));
}

/** The post of each country, by the last two letters of its numbers (UPU S10). */
function postsOf({ tracking_numbers }: TrackingCourier): ReadonlyMap<string, string> {
  const known = tracking_numbers
    .flatMap(({ additional = [] }) => additional)
    .flatMap(({ lookup }): readonly Known[] => lookup);
  return new Map(known.flatMap((entry) => ('courier' in entry ? [[entry.matches, entry.courier]] : [])));
}
