import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import winston from 'winston';
import type { Clock } from './clock.ts';
import { printable, printableJson } from './printable.ts';
import type { Secrets } from './secrets.ts';

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 } as const;
const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;

/** How much it matters; `error` most. */
export type LogLevel = keyof typeof LEVELS;

/** One thing that happened, for programs and for people. */
export interface LogEntry {
  /** A stable name for programs, such as `drop.settled`. */
  readonly event: string;
  /** A sentence for people. */
  readonly msg: string;
  /** Plain values; undefined ones are left out. A value called `stack` may have several lines. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Where the daemon says what it does. */
export interface Log {
  /** Ask first where an entry is dear to make: most installations never look at debug. */
  isOn(level: LogLevel): boolean;
  write(level: LogLevel, entry: LogEntry): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** What is said, and how. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'pretty';
  /** Colours in the pretty format: for terminals only. */
  readonly colour: boolean;
  /** Values that are replaced by stars wherever they appear. */
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/**
 * Opens a log that writes one line an entry (in the pretty format a stack adds lines of its own, indented).
 * What comes out holds no control character of the entry and none of the secrets.
 */
export function openLog(options: LogOptions, write: (chunk: string) => void): Log {
  const { redact } = options.secrets;
  const time = () => new Date(options.clock.wallMs()).toISOString();
  const line =
    options.format === 'json'
      ? (level: LogLevel, entry: LogEntry) => jsonLine(time(), level, entry, redact)
      : (level: LogLevel, entry: LogEntry) => prettyLine(time(), level, entry, redact, options.colour);
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  });
  const logger = winston.createLogger({
    level: options.level,
    levels: LEVELS,
    format: winston.format.printf((info) => line(info.level as LogLevel, info.entry as LogEntry)),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const limit = LEVELS[options.level];
  return {
    isOn: (level) => LEVELS[level] <= limit,
    write: (level, entry) => {
      logger.log({ level, message: '', entry });
    },
    close: () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      stream.once('finish', resolve).once('error', reject);
      logger.once('finish', () => stream.end());
      logger.end();
      return promise;
    },
  };
}

type Redact = (text: string) => string;

function jsonLine(time: string, level: LogLevel, { event, msg, facts }: LogEntry, redact: Redact): string {
  return printableJson(clean({ time, level, event, msg, ...facts }, redact));
}

/** Redacts before the text is quoted: a quoted secret may look different. */
function clean(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((each) => clean(each, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [redact(name), clean(each, redact)]));
}

const EVENT_WIDTH = 19;

function prettyLine(
  time: string,
  level: LogLevel,
  { event, msg, facts }: LogEntry,
  redact: Redact,
  colour: boolean,
): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const show = (text: string) => printable(redact(text));
  const drop = typeof facts.drop === 'string' ? ` ${style('gray', show(`[${facts.drop}]`))}` : '';
  const stack = typeof facts.stack === 'string' ? facts.stack.split('\n') : [];
  const words = [
    style('gray', time.slice(11, 23)),
    style(COLOURS[level], level.padEnd(5)),
    style('gray', show(event).padEnd(EVENT_WIDTH)),
    show(msg) + drop,
  ];
  return [words.join(' '), ...stack.map((each) => `    ${show(each)}`)].join('\n');
}
