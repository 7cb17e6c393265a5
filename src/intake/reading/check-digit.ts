/**
 * A kind of number that cannot be taken for another, and its check digit. Only such kinds are here: one string of
 * digits in ten passes the check of a carrier that never saw it, and one in ten of its own numbers would be doubted.
 */
interface Kind {
  readonly name: string;
  /** How many characters its numbers have. */
  readonly lengths: readonly number[];
  readonly shape: RegExp;
  readonly fits: (number: string) => boolean;
}

const KINDS: readonly Kind[] = [
  // UPU S10-12, "Identification of postal items": two letters, eight digits and a check digit, the country's two letters.
  { name: 'a postal number', lengths: [13], shape: /^[A-Z]{2}\d{9}[A-Z]{2}$/, fits: fitsS10 },
  // UPS: `1Z`, the shipper's six characters, two of the service, seven of the parcel and a check digit.
  { name: 'a UPS number', lengths: [18], shape: /^1Z[0-9A-Z]{15}\d$/, fits: fitsUps },
  // GS1 General Specifications: `00` and an SSCC of 18 digits, the last a check digit; what DHL, DPD and others print.
  { name: 'an SSCC', lengths: [20], shape: /^00\d{18}$/, fits: fitsGs1 },
  // USPS Publication 199, Intelligent Mail package barcode: 22 digits from 91 to 95, perhaps after `420` and a ZIP code.
  {
    name: 'a USPS number',
    lengths: [22, 30, 34],
    shape: /^(?:420(?:\d{5}|\d{9}))?9[1-5]\d{20}$/,
    fits: (number) => fitsGs1(number.slice(-22)),
  },
];

const BY_LENGTH: ReadonlyMap<number, Kind> = new Map(
  KINDS.flatMap((kind) => kind.lengths.map((length) => [length, kind] as const)),
);

/**
 * What looks odd about a tracking number whose check digit does not fit, as half a sentence; undefined where it does,
 * or where nobody can tell. Never a reason to refuse it: carriers have numbers that break their own rule.
 */
export function checkDigitDoubt(trackingNumber: string): string | undefined {
  const number = /[\sa-z]/.test(trackingNumber)
    ? trackingNumber.replace(/\s/g, '').toUpperCase()
    : trackingNumber;
  const kind = BY_LENGTH.get(number.length);
  if (kind === undefined || !kind.shape.test(number) || kind.fits(number)) return undefined;
  return `the check digit of ${trackingNumber} does not fit ${kind.name}; perhaps a typing error`;
}

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

function fitsS10(number: string): boolean {
  const sum = S10_WEIGHTS.reduce((total, weight, index) => total + weight * digitAt(number, index + 2), 0);
  const rest = 11 - (sum % 11);
  return digitAt(number, 10) === (rest === 10 ? 0 : rest === 11 ? 5 : rest);
}

/** Letters count as their place in the alphabet, from 2 for A, as UPS has it; every second character twice. */
function fitsUps(number: string): boolean {
  let sum = 0;
  for (let index = 2; index < number.length - 1; index += 1) {
    const code = number.charCodeAt(index);
    const value = code >= LETTER_A ? (code - LETTER_A + 2) % 10 : code - DIGIT_0;
    sum += index % 2 === 0 ? value : 2 * value;
  }
  return (10 - (sum % 10)) % 10 === digitAt(number, number.length - 1);
}

/** Weights 3 and 1 from the right, the check digit itself counting 1. */
function fitsGs1(number: string): boolean {
  let sum = 0;
  for (let index = number.length - 1, weight = 1; index >= 0; index -= 1, weight = 4 - weight)
    sum += weight * digitAt(number, index);
  return sum % 10 === 0;
}

const DIGIT_0 = 0x30;
const LETTER_A = 0x41;

function digitAt(number: string, index: number): number {
  return number.charCodeAt(index) - DIGIT_0;
}
