/**
 * The pattern of a file's name whose digits are another day's tomorrow: `ACME_20261122_0915.csv` is `ACME_*.csv`. Of a
 * name that is all digits each is a `?`, since `*.csv` would be any file.
 */
export function filePattern(name: string): string {
  // A backslash in a pattern would look like a folder.
  const plain = name.replaceAll('\\', '?');
  const dot = plain.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, ''];
  const hasLetters = /\p{L}/u.test(stem);
  return hasLetters
    ? stem.replace(/\d+(?:[-_. ]?\d+)*/g, '*') + extension
    : stem.replace(/\d/g, '?') + extension;
}

/** A name for the profile of such files: the letters of theirs, or else `new-3pl`. */
export function profileName(name: string): string {
  const stem = name
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .toLowerCase();
  const words = stem.replace(/\p{M}/gu, '').match(/[a-z][a-z0-9]*/g) ?? [];
  return words.join('-').slice(0, 40) || 'new-3pl';
}
