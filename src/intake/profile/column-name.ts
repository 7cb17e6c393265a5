/** Letters that have a second spelling in two letters of their own: `Stückzahl`, `Stueckzahl`. */
const TWO_LETTERS: Readonly<Record<string, string>> = {
  ä: 'a',
  ö: 'o',
  ü: 'u',
  ß: 'ss',
  æ: 'a',
  œ: 'o',
  ø: 'o',
};

/**
 * A column's name without what differs between two exports of one system: case, blanks, punctuation, accents,
 * umlauts (`ü`, `ue` and `u` are one), quotes and byte order marks. `#`, `№` and `n°` are `no`.
 */
export function simplified(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüßæœø]/g, (letter) => TWO_LETTERS[letter] ?? letter)
    .replaceAll('#', 'no')
    .replaceAll('°', 'o')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/([aou])e/g, '$1');
}
