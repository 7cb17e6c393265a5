import { printable } from '../../runtime/printable.ts';

/** A text as a word that may be pasted into a shell, where it means what it is. */
export function shellWord(text: string): string {
  return printable(/^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
}
