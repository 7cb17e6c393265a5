import { printable } from '../../runtime/printable.ts';

/**
 * A text as it may stand anywhere in YAML, also inside of `[ ]` and `{ }`. JSON's strings are YAML's: a name with a
 * colon, a bracket or `#` would be read as something else without quotes.
 */
export function yamlText(value: string): string {
  const isPlain = /^[\p{L}_]([\p{L}\p{N} _-]*[\p{L}\p{N}_])?$/u.test(value);
  return isPlain && !/^(true|false|null|yes|no|on|off|y|n|auto|none)$/i.test(value)
    ? value
    : printable(JSON.stringify(value));
}

/** Texts as a list on one line. */
export function yamlList(values: readonly string[]): string {
  return `[${values.map(yamlText).join(', ')}]`;
}

/** A column as a profile's `columns` name it; one that is really called `auto` or `none` must stand in a list. */
export function yamlColumn(column: string | number): string {
  if (typeof column === 'number') return String(column);
  return column === 'auto' || column === 'none' ? `[${yamlText(column)}]` : yamlText(column);
}
