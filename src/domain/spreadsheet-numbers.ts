/** The value of a number, exactly: 0.DIGITS times ten to the power of `point`. */
interface Decimal {
  readonly isNegative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  readonly point: number;
}

/** A number keeps this many digits in Excel, and in LibreOffice where the cell's format is a general one. */
const KEPT_DIGITS = 15;
/** What a double holds at most, for programs that show all of it. */
const DOUBLE_DIGITS = [KEPT_DIGITS, 16, 17];

/**
 * As spreadsheets write numbers: no zeros in front, thousands in groups or not, an exponent with its sign and at
 * least two digits. A person who corrects a number to `00123` writes none of these.
 */
const WRITTEN = /^-?(0|[1-9]\d{0,2}(?:([.,])\d{3})+|[1-9]\d*)(?:[.,]\d+)?(E[+-]\d{2,})?$/i;

/** What happened to `original` on the way to `returned`, both as text and not the same; undefined where nothing did. */
export function numberTrace(
  original: string,
  returned: string,
): 'zeros-lost' | 'shortened' | 'number-form' | undefined {
  if (!WRITTEN.test(returned)) return undefined;
  const before = readings(original);
  const after = readings(returned);
  if (before.some((value) => after.some((other) => isEqual(value, other))))
    return /^[+-]?0\d/.test(original) ? 'zeros-lost' : 'number-form';
  return before.some((value) => after.some((other) => isShortened(value, other, returned)))
    ? 'shortened'
    : undefined;
}

/** What a text means where a dot, or a comma, divides the decimals, and where it divides thousands. */
function readings(text: string): readonly Decimal[] {
  const [, sign = '', body = '', exponent = '0'] =
    /^([+-]?)([\d.,]*\d)(?:e([+-]?\d{1,4}))?$/i.exec(text) ?? [];
  const [, whole, decimals] = /^(\d*)(?:[.,](\d+))?$/.exec(body) ?? [];
  const [, groups, , rest] = /^(\d{1,3}(?:([.,])\d{3})+)(?:(?!\2)[.,](\d+))?$/.exec(body) ?? [];
  const found: Decimal[] = [];
  if (whole !== undefined) found.push(decimal(sign, whole, decimals ?? '', Number(exponent)));
  if (groups !== undefined)
    found.push(decimal(sign, groups.replace(/[.,]/g, ''), rest ?? '', Number(exponent)));
  return found;
}

function decimal(sign: string, whole: string, decimals: string, exponent: number): Decimal {
  const all = whole + decimals;
  const digits = all.replace(/^0+/, '');
  return {
    isNegative: sign === '-',
    digits: digits.replace(/0+$/, ''),
    point: digits === '' ? 0 : whole.length + exponent - (all.length - digits.length),
  };
}

function isEqual(one: Decimal, other: Decimal): boolean {
  return one.isNegative === other.isNegative && one.digits === other.digits && one.point === other.point;
}

/** Digits beyond those that are shown are gone: rounded, cut off, or what a double has in their place. */
function isShortened(original: Decimal, returned: Decimal, shown: string): boolean {
  if (original.digits.length <= returned.digits.length && original.digits.length <= KEPT_DIGITS) return false;
  const [mantissa = '', exponent] = shown.split(/e/i);
  const lengths = exponent === undefined ? DOUBLE_DIGITS : [mantissa.replace(/\D/g, '').length];
  if (lengths.some((length) => isEqual(cut(original, length), returned))) return true;
  if (lengths.some((length) => isEqual(rounded(original, length), returned))) return true;
  return isEqual(asDouble(original), returned);
}

function cut({ isNegative, digits, point }: Decimal, length: number): Decimal {
  return { isNegative, digits: digits.slice(0, length).replace(/0+$/, ''), point };
}

function rounded(value: Decimal, length: number): Decimal {
  const { isNegative, digits, point } = value;
  if ((digits[length] ?? '0') < '5') return cut(value, length);
  const up = String(BigInt(digits.slice(0, length)) + 1n);
  return { isNegative, digits: up.replace(/0+$/, ''), point: point + up.length - length };
}

/** Every digit of the nearest double: LibreOffice shows them in a cell whose format is a whole number. */
function asDouble({ isNegative, digits, point }: Decimal): Decimal {
  const value = Number(`0.${digits}e${point}`);
  if (point < digits.length || !Number.isFinite(value)) return { isNegative, digits, point };
  return decimal(isNegative ? '-' : '', String(BigInt(value)), '', 0);
}
