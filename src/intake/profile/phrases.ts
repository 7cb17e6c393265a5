/**
 * How surely a name says what its column is.
 *
 * - `sure`: it says so. Where two columns of a line do, nobody can tell which of them is meant: beside an
 *   `order_number` of the warehouse's own an `order_id` or `external_order_number` is the shop's, or the reverse.
 * - `possible`: the bare noun, or a word with a second meaning; taken where no other column of the line could be it.
 * - `misleading`: as often something else; never taken, only named to whoever has to say which column it is.
 */
export type Certainty = 'sure' | 'possible' | 'misleading';

/**
 * Words of one kind: a single one, or each of the first with each of the last, such as `order` with `number` and `no`.
 */
interface Phrase {
  /** As the documents show it. */
  readonly shown: string;
  readonly words: readonly string[];
}

/** The words for one role. */
export type Phrases = Readonly<Record<Certainty, readonly Phrase[]>>;

const byCommas = (line: string): readonly string[] => line.split(/,\s*/);

/** Words as people write them, by commas. */
export const words = (...lines: readonly string[]): readonly Phrase[] =>
  lines.flatMap(byCommas).map((word) => ({ shown: word, words: [word] }));

/** Each of the first with each of the last. */
export const each = (first: string, last: string): readonly Phrase[] => [
  {
    shown: `(${byCommas(first).join(' | ')}) with (${byCommas(last).join(' | ')})`,
    words: byCommas(first).flatMap((start) => byCommas(last).map((end) => `${start} ${end}`)),
  },
];

/** What follows or precedes a noun to make it one of a number; here in English, below in German and Romance languages. */
export const NUMBER = 'number, numbers, no, nos, nr, num, nbr';
/** See NUMBER. */
export const NUMMER = 'Nummer, Nummern, Nr, No';
/** See NUMBER. */
export const NUMERO =
  'numéro, numéro de, numéro d’, numero di, num, num de, num d’, num di, n, n de, n d’, n di, nr, nr de, nr di, nro, nro de, no, no de, no di, n°, n° de, n° d’, n° di, n.º, n.º de';
