import { redactor } from './printable.ts';

/** Enough for the tokens of several stores, the last one of each included; the others have ended. */
const KEPT_TOKENS = 20;

/** What must not be read in anything that is written out: the configured secrets, and tokens that stores give. */
export class Secrets {
  readonly #configured: readonly string[];
  readonly #tokens: string[] = [];
  #redact: (text: string) => string;

  constructor(configured: readonly string[]) {
    this.#configured = configured;
    this.#redact = redactor(configured);
  }

  /** Holds from the next text on. */
  readonly keep = (token: string): void => {
    this.#tokens.push(token);
    if (this.#tokens.length > KEPT_TOKENS) this.#tokens.shift();
    this.#redact = redactor([...this.#configured, ...this.#tokens]);
  };

  /** The text with stars in place of every secret, also where that is percent-encoded. */
  readonly redact = (text: string): string => this.#redact(text);
}
