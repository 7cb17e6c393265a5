import { DELIMITERS } from '../../domain/profile.ts';
import { quoted } from '../wording.ts';

/** What a profile calls a delimiter; one that it knows no name for is quoted. */
export function delimiterName(delimiter: string): string {
  const [name] = Object.entries(DELIMITERS).find(([, character]) => character === delimiter) ?? [];
  return name ?? quoted(delimiter);
}
