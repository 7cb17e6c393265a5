/** Facts of a failure as plain values, fit for a log line. Never a secret. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * The base of every error that Trackdrop expects. Anything else that is thrown is a bug: reported loudly with
 * its stack, never retried.
 */
export class TrackdropError extends Error {
  /** A stable name for programs, in kebab case. */
  readonly code: string;
  readonly facts: Facts;
  /** What a person can do about it. */
  readonly hint: string;

  constructor(code: string, message: string, more: { facts?: Facts; hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = more.facts ?? {};
    this.hint = more.hint ?? '';
  }
}

/** A configuration that cannot be used; `problems` has one line each, with the key's path. Exit code 2. */
export class ConfigError extends TrackdropError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], hint = '') {
    super('bad-configuration', problems.join('\n'), { hint });
    this.problems = problems;
  }
}

/** A command used wrongly, or a precondition that is missing (no inbox, another daemon). Exit code 2. */
export class UsageError extends TrackdropError {}

/** A folder or file that cannot be used at the moment; it stays where it is and is tried again. */
export class FolderError extends TrackdropError {}

/** The file of a claimed drop was taken away; nothing more can be done about it. */
export class DropVanishedError extends TrackdropError {}

/** A file that cannot be read as a whole (no text, no such column): the drop fails, nothing of it is pushed. */
export class UnreadableDropError extends TrackdropError {
  /** Line on which the trouble starts, counted from 1. */
  readonly line: number;

  constructor(code: string, message: string, line: number, hint = '') {
    super(code, message, { facts: { line }, hint });
    this.line = line;
  }
}

/** A request to a store that failed; see magento/answers.ts for how answers are classified. */
export class StoreError extends TrackdropError {}

/** The process was asked to stop; work that sees this leaves everything as it is. */
export class StoppedError extends TrackdropError {
  constructor() {
    super('stopped', 'Trackdrop was asked to stop');
  }
}
