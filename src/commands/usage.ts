import { InvalidArgumentError } from 'commander';

/** The option by which a command is told its configuration. */
export const CONFIG = [
  '--config <file>',
  'configuration file (default: $TRACKDROP_CONFIG, ./trackdrop.yaml, ...)',
] as const;

/** The examples below a command's help. */
export function examples(...lines: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length)) + 2;
  const shown = lines.map(([command, what]) => `  ${command.padEnd(width)}${what}`.trimEnd());
  return `\nExamples:\n${shown.join('\n')}\n`;
}

/** Reads the argument of an option that takes a whole number, from 0 to `most`. */
export function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value <= most)) throw new InvalidArgumentError(`Expected a number from 0 to ${most}.`);
    return value;
  };
}

/** What a command leaves for the process. */
export interface Asked {
  exitCode: number;
}
