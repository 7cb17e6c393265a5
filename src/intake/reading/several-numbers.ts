/** What joins numbers in one cell; no carrier's number holds any of them. */
const JOINT = /[,;|]/;
const LOOKS_LIKE_A_NUMBER = /^#?[0-9A-Za-z][0-9A-Za-z/._-]*$/;
/** What most numbers are; the rest is for the others. */
const ORDINARY = /^[A-Za-z]{0,2}\d[0-9A-Za-z]{5,}$/;
/** With fewer, `1,001` would be two numbers. */
const FEWEST_CHARACTERS = 6;
/**
 * A comma between digits, and on one side of it nothing but seven digits at most: `123456,789012` may be one number.
 */
const MAY_BE_ONE = /(?:^|,)\d{1,7},\d|\d,\d{1,7}(?:,|$)/;
/** What else people write between two numbers, and what no carrier's number holds. */
const BETWEEN = /\s\/\s|[&+]/;
/** All that may stand between numbers, blanks too: one number is printed in groups of at most eight characters. */
const ANY_JOINT = /[,;|&+/\s]+/;
const LONG_NUMBER = /^(?=.*\d)[0-9A-Za-z]{10,}$/;

/** True where a cell seems to hold several numbers. */
export function looksLikeSeveral(value: string): boolean {
  return JOINT.test(value) || BETWEEN.test(value);
}

/**
 * Prepares taking a cell apart at a profile's separator; pieces are trimmed, empty ones dropped. `auto` takes it
 * apart only where each piece by itself looks like a number: at least six letters and digits, one digit among them,
 * no blank inside; and eight digits where nothing but a comma stands between digits. Pieces of ten letters and digits or
 * more may also have blanks, `/`, `&` or `+` between them. A cell that stays whole is one piece.
 */
export function openSplit(separator: 'auto' | string | null): (value: string) => readonly string[] {
  if (separator === null) return (value) => [value];
  if (separator !== 'auto') {
    const between = separator.replaceAll('\r\n', '\n');
    return (value) =>
      value.includes(between) || value.includes('\r')
        ? piecesOf(value.replace(/\r\n?/g, '\n'), between)
        : [value];
  }
  return (value) => {
    if (!ANY_JOINT.test(value)) return [value];
    const pieces = piecesOf(value, JOINT);
    if (JOINT.test(value) && pieces.length > 0 && pieces.every(looksLikeANumber) && !MAY_BE_ONE.test(value))
      return pieces;
    const long = piecesOf(value, ANY_JOINT);
    return long.length > 1 && long.every((piece) => LONG_NUMBER.test(piece)) ? long : [value];
  };
}

function piecesOf(value: string, separator: string | RegExp): readonly string[] {
  return value
    .split(separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

/** True for what can hardly be anything but a number: six letters and digits or more, at least one digit. */
export function looksLikeANumber(value: string): boolean {
  if (ORDINARY.test(value)) return true;
  const characters = value.replace(/[^0-9A-Za-z]/g, '');
  return LOOKS_LIKE_A_NUMBER.test(value) && characters.length >= FEWEST_CHARACTERS && /\d/.test(characters);
}
