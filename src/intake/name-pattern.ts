/**
 * A test of names against a pattern: `*` is any run of characters, `?` is one, all else is itself, case aside. A name
 * costs its length times the pattern's at most: a star takes more only where all behind it fails, and those before it
 * are never tried again, as a regular expression would.
 */
export function openNamePattern(pattern: string): (name: string) => boolean {
  const wanted = Array.from(pattern, folded);
  return (name) => fits(wanted, Array.from(name, folded));
}

/** The same text for all names that differ in nothing but case, or in how letters with marks are put together. */
export function foldedName(name: string): string {
  return Array.from(name.normalize('NFC'), folded).join('');
}

function fits(wanted: readonly string[], given: readonly string[]): boolean {
  let at = 0;
  let inPattern = 0;
  /** The latest star and where the text that it takes ends. */
  let star = -1;
  let starEnd = 0;
  while (at < given.length) {
    const next = wanted[inPattern];
    if (next === '*') {
      star = inPattern;
      starEnd = at;
      inPattern += 1;
    } else if (next === '?' || next === given[at]) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      starEnd += 1;
      at = starEnd;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(inPattern).every((rest) => rest === '*');
}

/** By way of both cases: `ſ` and `s`, `ς` and `σ` are equal in upper case only, `ẞ` and `ß` in lower case only. */
function folded(character: string): string {
  return character.toLowerCase().toUpperCase();
}
