import { styleText } from 'node:util';
import type { Shell } from './shell.ts';

/** What lines for people are made for. */
export interface Terminal {
  /** Undefined where there is none: lines are as long as it takes. */
  readonly columns: number | undefined;
  readonly isColoured: boolean;
}

/** Fewer columns would leave no room for a message. */
const NARROWEST = 60;

/** The one behind stdout; in colours where a person looks who has not turned them off (NO_COLOR, https://no-color.org). */
export function terminalOf({ stdout, env }: Pick<Shell, 'stdout' | 'env'>): Terminal {
  return { columns: stdout.columns, isColoured: stdout.isTTY && !env.NO_COLOR };
}

/** How many columns a line may take. */
export function widthOf({ columns }: Terminal): number {
  return Math.max(NARROWEST, columns ?? Number.POSITIVE_INFINITY);
}

/** Puts text into a style, where the terminal is coloured. */
export function dressFor({ isColoured }: Terminal) {
  return (style: Parameters<typeof styleText>[0], text: string): string =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;
}
