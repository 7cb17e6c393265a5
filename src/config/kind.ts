/** A JSON Schema, as far as the generated one needs it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Why a written value is not taken. `found` stands in for the value where the value must not be shown. */
export class Refusal {
  readonly expected: string;
  readonly found: string | undefined;

  constructor(expected: string, found?: string) {
    this.expected = expected;
    this.found = found;
  }
}

/** What values an option takes: how a written value becomes the one that the program uses. */
export interface Kind<T> {
  /** For the reference page: `duration`, `size`, `json or pretty`. */
  readonly name: string;
  readonly schema: JsonSchema;
  /** Values of this kind are never shown. */
  readonly secret: boolean;
  read(written: unknown): T | Refusal;
  /** What the text of an environment variable would be in the file. */
  fromText(text: string): unknown;
}

/** For kinds whose text is the value. */
export const asIs = (text: string): unknown => text;
