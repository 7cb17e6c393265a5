import { asIs, type Kind, Refusal } from './kind.ts';

/** The words with which every value of a later version is refused. */
const NOT_THERE_YET = 'not there yet';

/**
 * Text that is not blank, of 1 to 1000 characters unless `maxLength` says otherwise; `pattern` must match it. A number is
 * refused with the advice to quote it: YAML has dropped leading zeros of one by then.
 */
export function text(limits: { maxLength?: number; pattern?: RegExp; expected?: string } = {}): Kind<string> {
  const { maxLength = 1000, pattern, expected = `text of 1 to ${maxLength} characters` } = limits;
  return {
    name: 'text',
    schema: { type: 'string', minLength: 1, maxLength, ...(pattern ? { pattern: pattern.source } : {}) },
    secret: false,
    fromText: asIs,
    read(written) {
      if (typeof written === 'number') return new Refusal(`${expected}; put it in quotes`);
      if (typeof written !== 'string') return new Refusal(expected);
      const fits =
        written.trim() !== '' && [...written].length <= maxLength && (pattern?.test(written) ?? true);
      return fits ? written : new Refusal(expected);
    },
  };
}

/** `true` or `false`; YAML's `yes` and `on` are text, and refused. */
export const flag: Kind<boolean> = {
  name: 'true or false',
  schema: { type: 'boolean' },
  secret: false,
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  read: (written) => (typeof written === 'boolean' ? written : new Refusal('true or false')),
};

/** A whole number; both ends are allowed. */
export function count(min: number, max: number): Kind<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return {
    name: `number, ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    secret: false,
    fromText: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
    read(written) {
      const fits =
        typeof written === 'number' && Number.isInteger(written) && written >= min && written <= max;
      return fits ? written : new Refusal(expected);
    },
  };
}

/** So many a second; below one is allowed. */
export function rate(min: number, max: number): Kind<number> {
  return {
    name: `number, ${min} to ${max}`,
    schema: { type: 'number', minimum: min, maximum: max },
    secret: false,
    fromText: (text) => (/^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : text),
    read: (written) =>
      typeof written === 'number' && written >= min && written <= max
        ? written
        : new Refusal(`a number from ${min} to ${max}`),
  };
}

/** One of some words; those in `later` belong to a version to come. */
export function choice<const Word extends string>(words: readonly Word[]): Kind<Word> {
  const expected = words.join(' or ');
  return {
    name: expected,
    schema: { enum: words },
    secret: false,
    fromText: asIs,
    read(written) {
      return words.find((each) => each === written) ?? new Refusal(expected);
    },
  };
}

/** A list; `fewest` is how many entries it must have. */
export function list<T>(item: Kind<T>, fewest = 1): Kind<readonly T[]> {
  return {
    name: `list of ${item.name}`,
    schema: { type: 'array', ...(fewest > 0 ? { minItems: fewest } : {}), items: item.schema },
    secret: item.secret,
    fromText: (text) => text.split(',').map((each) => item.fromText(each.trim())),
    read(written) {
      if (!Array.isArray(written))
        return new Refusal(fewest > 0 ? 'a list with at least one entry' : 'a list');
      if (written.length < fewest) return new Refusal('a list with at least one entry');
      const items: T[] = [];
      for (const each of written) {
        const value = item.read(each);
        if (value instanceof Refusal) return new Refusal(`each entry to be ${value.expected}`, value.found);
        items.push(value);
      }
      return items;
    },
  };
}

/** A value that may also be `null`, for nothing. */
export function orNothing<T>(kind: Kind<T>): Kind<T | null> {
  return {
    ...kind,
    schema: { anyOf: [kind.schema, { type: 'null' }] },
    read: (written) => (written === null ? null : kind.read(written)),
  };
}

/** Of options of a later version only the default can be written; `name` is for the reference page. */
export function future(name: string, isSecret = false): Kind<unknown> {
  return {
    name,
    schema: {},
    secret: isSecret,
    fromText: asIs,
    read: () => new Refusal(`nothing: this key is ${NOT_THERE_YET}`),
  };
}
