/** What a text can mean as a date; null where it does not say. */
interface DateReading {
  readonly day: number | null;
  readonly month: number;
  readonly year: number | null;
}

/** The beginnings of the months' names in English and German, and how Excel shortens them in German. */
const MONTHS: readonly (readonly string[])[] = [
  ['january', 'januar', 'jan', 'jän', 'jänner'],
  ['february', 'februar', 'feb'],
  ['march', 'märz', 'mar', 'mär', 'mrz'],
  ['april', 'apr'],
  ['may', 'mai'],
  ['june', 'juni', 'jun'],
  ['july', 'juli', 'jul'],
  ['august', 'aug'],
  ['september', 'sept', 'sep'],
  ['october', 'oktober', 'oct', 'okt'],
  ['november', 'nov'],
  ['december', 'dezember', 'dec', 'dez'],
];

/**
 * True where a spreadsheet shows `original`, taken for a date, as `returned`: `1-2` as `01. Feb` (Excel in German),
 * `2-Jan` (in English), `01.02.2026`, or the number of its day.
 */
export function isDateOf(original: string, returned: string): boolean {
  if (!isWrittenAsDate(returned)) return false;
  const before = readings(original);
  if (before.length === 0) return false;
  const after = /^\d+$/.test(returned) ? [dayOfNumber(Number(returned))] : readings(returned);
  return before.some((one) => after.some((other) => isSameDate(one, other)));
}

/** True where a spreadsheet shows `original`, taken for a time of day, as `returned`: `1:2` as `01:02`. */
export function isTimeOf(original: string, returned: string): boolean {
  const [before, after] = [timeOf(original), timeOf(returned)];
  return before !== undefined && before === after;
}

function timeOf(text: string): string | undefined {
  const [, hours, minutes, seconds = '0'] =
    /^(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?(?: [AP]M)?$/.exec(text) ?? [];
  return hours && minutes && [hours, minutes, seconds].map(Number).join(':');
}

/** The number of a day in a cell without a date's format; from 1954 to 2119, since others are numbers of articles. */
const DAY_NUMBER = /^[2-7]\d{4}$/;

/** No spreadsheet writes `2-1`: the name of the month, or a year and the same sign twice. */
function isWrittenAsDate(text: string): boolean {
  return (
    DAY_NUMBER.test(text) ||
    /\p{L}[-. ]|[-. ]\p{L}/u.test(text) ||
    /^\d{1,2}([./])\d{1,2}\1(\d{2}|\d{4})$/.test(text) ||
    /^(\d{1,2}-\d{1,2}-\d{4}|\d{4}([-/.])\d{1,2}\2\d{1,2})$/.test(text)
  );
}

function dayOfNumber(days: number): DateReading {
  const date = new Date(Date.UTC(1899, 11, 30 + days));
  return { day: date.getUTCDate(), month: date.getUTCMonth() + 1, year: date.getUTCFullYear() };
}

function readings(text: string): readonly DateReading[] {
  if (!/^[\d\p{L}](?:[\d\p{L}./, -]*[\d\p{L}.])?$/u.test(text)) return [];
  const pieces = text.match(/\d+|\p{L}+/gu) ?? [];
  const months = pieces.map(monthOf);
  const named = months.findIndex((month) => month !== undefined);
  if (pieces.some((piece, at) => !/^\d{1,4}$/.test(piece) && at !== named)) return [];
  const numbers = pieces.filter((_, at) => at !== named).map(Number);
  return (named < 0 ? allNumeric(numbers) : withMonth(months[named] ?? 0, numbers)).filter(isPossible);
}

function monthOf(piece: string): number | undefined {
  const at = MONTHS.findIndex((names) => names.includes(piece.toLowerCase()));
  return at < 0 ? undefined : at + 1;
}

function withMonth(month: number, [one, two, ...more]: readonly number[]): DateReading[] {
  if (one === undefined || more.length > 0) return [];
  if (two !== undefined)
    return [
      { day: one, month, year: two },
      { day: two, month, year: one },
    ];
  return [
    { day: one, month, year: null },
    { day: null, month, year: one },
  ];
}

function allNumeric([one, two, three, ...more]: readonly number[]): DateReading[] {
  if (one === undefined || two === undefined || more.length > 0) return [];
  if (three !== undefined)
    return [
      { day: one, month: two, year: three },
      { day: two, month: one, year: three },
      { day: three, month: two, year: one },
    ];
  return [
    { day: one, month: two, year: null },
    { day: two, month: one, year: null },
    { day: null, month: one, year: two },
    { day: null, month: two, year: one },
  ];
}

function isPossible({ day, month, year }: DateReading): boolean {
  return (
    month >= 1 &&
    month <= 12 &&
    (day === null || (day >= 1 && day <= 31)) &&
    (year === null || year < 100 || year >= 1900)
  );
}

/** A year that is not written is the present one, which nobody meant. */
function isSameDate(one: DateReading, other: DateReading): boolean {
  if (one.month !== other.month) return false;
  const hasDays = one.day !== null && other.day !== null;
  const hasYears = one.year !== null && other.year !== null;
  if (hasDays && one.day !== other.day) return false;
  if (hasYears && (one.year ?? 0) % 100 !== (other.year ?? 0) % 100) return false;
  return hasDays || hasYears;
}
