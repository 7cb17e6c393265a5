const LONGEST_QUOTE = 60;
const LONGEST_LIST = 12;

/** A value of a file as it may stand in a sentence: in quotes, cut, with nothing that a terminal would obey. */
export function quoted(value: string): string {
  const characters = Array.from(value);
  const cut = characters.slice(0, LONGEST_QUOTE).join('');
  const safe = cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const named = NAMED[character];
    return named ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${safe}${characters.length > LONGEST_QUOTE ? '…' : ''}"`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Things in a sentence: `a, b and c`. */
export function list(things: readonly string[]): string {
  const shown = things.slice(0, LONGEST_LIST);
  if (shown.length < things.length) return `${shown.join(', ')} and ${things.length - shown.length} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
