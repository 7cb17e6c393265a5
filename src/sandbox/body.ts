import { problem, type Result, typeInvalid } from './answer.ts';

/** A body as the web API reads it, or its refusal. */
type Body =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly refusal: Result };

const EMPTY: Body = { kind: 'read', values: {} };

/** An empty body is read without a look at its type (ship-no-body, shipment-emails-ok). Only JSON is known here. */
export function readBody(text: string, contentType: string | undefined): Body {
  if (text === '') return EMPTY;
  if (contentType === undefined || contentType === '') {
    return { kind: 'refused', refusal: problem(400, 'Content-Type header is empty.') };
  }
  const mediaType = contentType.split(';')[0]?.trim() ?? '';
  if (mediaType !== 'application/json') {
    const message = `Server cannot understand Content-Type HTTP header media type ${mediaType}`;
    return { kind: 'refused', refusal: problem(400, message) };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { kind: 'read', values: value } : EMPTY;
  } catch {
    // The one thing that JSON.parse throws; Magento has one sentence for all of them.
    return { kind: 'refused', refusal: problem(400, 'Decoding error.') };
  }
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** PHP's is_numeric. */
const NUMERIC = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/iu;

/** A value that cannot become its type; the message is Magento's. */
export class TypeInvalidError extends Error {}

/** Magento's cast of a scalar: a number given as text is a number, an increment id is one too. */
export function toNumber(value: unknown, type: 'int' | 'float'): number | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!NUMERIC.test(text)) throw new TypeInvalidError(typeInvalid(value, type));
  return type === 'int' ? Math.trunc(Number(text)) : Number(text);
}

/**
 * A scalar as PHP casts it to a string: true is `1`, false is empty. Null stays null.
 * @throws TypeInvalidError for anything else
 */
export function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') throw new TypeInvalidError(typeInvalid('array', 'string'));
  if (typeof value === 'boolean') return value ? '1' : '';
  return String(value);
}

/** A field's type error as the web API words it. */
export function atField<Value>(field: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeInvalidError)) throw error;
    throw new TypeInvalidError(`Error occurred during "${field}" processing. ${error.message}`);
  }
}

/** PHP's `empty` for text: nothing, or a single zero. */
export function isEmptyText(text: string | null): boolean {
  return text === null || text === '' || text === '0';
}

/** `track_number` and `trackNumber` are both `TrackNumber` to the web API. */
export function upperCamel(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());
}
