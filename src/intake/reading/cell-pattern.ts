import { RE2JS } from 're2js';

/** Cells of one column repeat; a file with a text of its own in every row must not fill the memory. */
const MOST_REMEMBERED = 1_000;

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

/** A function of a cell's text that works each text out once, as long as there are few of them. */
export function remembered<Value>(workOut: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = workOut(text);
    if (known.size < MOST_REMEMBERED) known.set(text, value);
    return value;
  };
}

function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s/gu, '');
}
