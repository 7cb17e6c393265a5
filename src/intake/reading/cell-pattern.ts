import { RE2JS } from 're2js';

/** Cells of one column repeat; a file with a text of its own in every row must not fill the memory. */
const MOST_REMEMBERED = 1_000;
/** Characters: what names a carrier or a status is shorter, and what is longer hardly comes twice. */
const LONGEST_REMEMBERED = 256;
/**
 * More marks in a row than any writing has (UAX #15, Stream-Safe Text Format): putting them into their order takes the
 * square of their number.
 */
const MARKS_TOO_MANY = /(\p{M}{30})\p{M}+/gu;

/**
 * Tells which of the patterns is the first that a cell's text fits, by index, -1 for none. `*` is any run of
 * characters, `?` is one; case and blanks of any kind do not count. No text makes it slow, whatever the pattern.
 */
export function openCellPatterns(patterns: readonly string[]): (text: string) => number {
  const expressions = patterns.map((pattern) => {
    const source = comparable(pattern)
      .replace(/[^*?]+/gu, RE2JS.quote)
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    return RE2JS.compile(source, RE2JS.DOTALL);
  });
  return remembered((text) => {
    const wanted = comparable(text);
    return expressions.findIndex((expression) => expression.matches(wanted));
  });
}

/** Tells which of a profile's entries is the first that a cell's text fits; no entry fits an empty one. */
export function openEntries<Entry extends { readonly says: readonly string[] }>(
  entries: readonly Entry[],
): (text: string) => Entry | undefined {
  if (entries.length === 0) return () => undefined;
  const byPattern = entries.flatMap((entry) => entry.says.map(() => entry));
  const fits = openCellPatterns(entries.flatMap(({ says }) => says));
  return (text) => (text === '' ? undefined : byPattern[fits(text)]);
}

/** A function of a cell's text that works each short text out once, as long as there are few of them. */
export function remembered<Value>(workOut: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return workOut(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) return workOut(text);
    const own = copyOf(text);
    const value = workOut(own);
    known.set(own, value);
    return value;
  };
}

/** A cell is a part of the piece of the file that it was cut from, and would keep all of that in memory. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function comparable(text: string): string {
  return text.replace(MARKS_TOO_MANY, '$1').normalize('NFC').toLowerCase().replace(/\s/gu, '');
}
