/** Letters that Unicode does not take apart, as they are written without them. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', '#': 'no', '°': 'o' };

/** Characters; marks of thousands in a row take seconds to be put into their order. */
const LONGEST_NAME = 200;

/**
 * A column's name without what differs between two exports of one system: case, blanks, punctuation, accents,
 * umlauts (`ü`, `ue` and `u` are one), quotes and byte order marks. `#`, `№` and `n°` are `no`. What comes
 * after 200 characters does not count.
 */
export function simplified(name: string): string {
  return name
    .slice(0, LONGEST_NAME)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[ßæœø#°]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/([aou])e/g, '$1');
}
