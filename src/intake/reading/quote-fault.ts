import { isWrapped } from '../protect.ts';

/** The first cell of a line whose quotes do not fit. */
interface QuoteFault {
  readonly index: number;
  /** As it stands there, from its first character on. */
  readonly value: string;
  /** A quote opens in it and the line ends before one closes it; else there is one where none can be. */
  readonly isOpen: boolean;
}

/** Undefined where the quotes of a line, taken by itself, all fit. */
export function quoteFault(line: string, delimiter: string): QuoteFault | undefined {
  for (let at = 0, index = 0; at <= line.length; index += 1) {
    const start = afterBlanks(line, at, delimiter);
    const close = line[start] === '"' ? closingQuote(line, start + 1) : undefined;
    if (close === -1) return { index, value: line.slice(start).trim(), isOpen: true };
    const rest = close === undefined ? start : afterBlanks(line, close + 1, delimiter);
    const found = line.indexOf(delimiter, rest);
    const end = found < 0 ? line.length : found;
    const isSound = close === undefined ? isSoundPlain(line.slice(start, end)) : rest === end;
    if (!isSound) return { index, value: line.slice(start, end).trim(), isOpen: false };
    at = end + 1;
  }
  return undefined;
}

function afterBlanks(line: string, from: number, delimiter: string): number {
  let at = from;
  while (at < line.length && line[at] !== delimiter && line[at]?.trim() === '') at += 1;
  return at;
}

/** Two side by side are one of the cell's own; -1 where none closes it. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

function isSoundPlain(cell: string): boolean {
  return !cell.includes('"') || isWrapped(cell.trim());
}
