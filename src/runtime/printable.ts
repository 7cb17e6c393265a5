/**
 * Characters that a terminal or a log reader obeys instead of showing: C0, DEL and C1 controls (ESC among
 * them), line and paragraph separators, and marks that turn the direction of text round.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the pattern is for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text of a file or a store made fit for one line of output: such characters become `\u001b` and the like. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A value as JSON on one line, with the same characters escaped. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value));
}

/** Returns the function that takes known secrets out of a text, also in their percent-encoded form. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // Anything shorter would turn ordinary words into stars and protect nothing.
  const long = secrets.filter((secret) => secret.length >= 4);
  const forms = [...new Set(long.flatMap((secret) => [secret, encodeURIComponent(secret)]))];
  // A secret may be the beginning of another.
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
}
