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

/** The words with which every value of a later version is refused. */
const NOT_THERE_YET = 'not there yet';

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

/** A path, still as written: it is made absolute when it is known what it is relative to. */
export const path: Kind<string> = {
  ...text({ maxLength: 4000, pattern: /^[^\0]*$/, expected: 'a path' }),
  name: 'path',
  schema: { type: 'string', minLength: 1 },
};

/** A name of a file, or a pattern of names. */
export const filePattern: Kind<string> = text({
  maxLength: 255,
  pattern: /^[^/\\]+$/,
  expected: 'a pattern such as *.csv, without a folder',
});

/** The name of a done-file, made from the name of the file that it speaks for. */
export const doneFile: Kind<string> = text({
  maxLength: 255,
  pattern: /^(?=[^{]*\{(name|stem)\}[^{]*$)(?!\{(name|stem)\}$)[^/\\]+$/,
  expected: 'a name with {name} or {stem} in it once, and more, such as {name}.done, without a folder',
});

/** Permission bits in octal, as text: YAML reads 0640 as a number of its own. */
export const mode: Kind<number> = {
  name: 'octal mode',
  schema: { type: 'string', pattern: '^0?[0-7]{3}$' },
  secret: false,
  fromText: asIs,
  read(written) {
    const expected = 'an octal mode in quotes, such as "0640"';
    if (typeof written !== 'string' || !/^0?[0-7]{3}$/.test(written)) return new Refusal(expected);
    return Number.parseInt(written, 8);
  },
};

/** Names of stores, inboxes and profiles: they appear in log lines and in file names. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const ourName: Kind<string> = text({ pattern: NAME, expected: "letters, digits, '.', '_' and '-'" });

/** How an inbox reads its files; whether there is a profile of that name is decided later. */
export const profileName: Kind<string> = { ...ourName, name: '`auto`, `plain` or the name of a profile' };

/** Magento's code of a carrier; PHP takes `0` for nothing. */
export const carrierCode: Kind<string> = text({
  maxLength: 32,
  pattern: /^(?!0$)\S+$/,
  expected: 'a carrier code: 1 to 32 characters, no blanks',
});

export const flag: Kind<boolean> = {
  name: 'true or false',
  schema: { type: 'boolean' },
  secret: false,
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  read: (written) => (typeof written === 'boolean' ? written : new Refusal('true or false')),
};

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
export function choice<const Word extends string>(
  words: readonly Word[],
  later: readonly string[] = [],
): Kind<Word> {
  const expected = words.join(' or ');
  return {
    name: expected,
    schema: { enum: words },
    secret: false,
    fromText: asIs,
    read(written) {
      const word = words.find((each) => each === written);
      if (word !== undefined) return word;
      const isLater = typeof written === 'string' && later.includes(written);
      return new Refusal(isLater ? `${expected}: this value is ${NOT_THERE_YET}` : expected);
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

/** The shop's address as a browser knows it; trailing slashes are cut. */
export const url: Kind<string> = {
  name: 'URL',
  schema: { type: 'string', pattern: '^https?://' },
  secret: false,
  fromText: asIs,
  read(written) {
    const expected = 'an http or https URL such as https://shop.example.com';
    if (typeof written !== 'string') return new Refusal(expected);
    const found = JSON.stringify(withoutSecrets(written));
    const parsed = URL.canParse(written) ? new URL(written) : null;
    if (!parsed || !/^https?:$/.test(parsed.protocol)) return new Refusal(expected, found);
    if (parsed.username || parsed.password) {
      return new Refusal('a URL without a user name or password: sign-in belongs under auth', found);
    }
    if (/[?#]/.test(written)) return new Refusal('a URL without ? and #', found);
    const [, shop, rest] = /^(.*?)(\/rest(?:\/.*)?)?\/*$/.exec(parsed.pathname) ?? [];
    if (rest) {
      const better = parsed.origin + (shop ?? '');
      return new Refusal(`the shop's URL without ${rest}, which Trackdrop adds itself: ${better}`, found);
    }
    return parsed.origin + (shop ?? '');
  },
};

function withoutSecrets(written: string): string {
  return written.replace(/\/\/.*@/s, '//***@').replace(/\?.*/s, '?***');
}

/** An IANA time zone that this Node knows. */
export const timezone: Kind<string> = {
  ...text(),
  name: 'time zone',
  read(written) {
    const expected = 'a time zone such as UTC or Europe/Berlin';
    if (typeof written !== 'string') return new Refusal(expected);
    try {
      new Intl.DateTimeFormat('en', { timeZone: written });
      return written;
    } catch {
      // Intl tells of an unknown zone by a RangeError only.
      return new Refusal(expected);
    }
  },
};

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
