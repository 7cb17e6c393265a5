import { RE2JS, RE2JSException } from 're2js';
import { type ColumnChoice, type ColumnRef, DELIMITERS, type Delimiter } from '../domain/profile.ts';
import { asIs, type JsonSchema, type Kind, Refusal } from './kind.ts';
import { choice, count, list, text } from './kinds.ts';

const columnName = text({ maxLength: 200 });
const columnNames = list(columnName);
const columnPosition = count(1, 10_000);

const COLUMN_SCHEMAS: readonly JsonSchema[] = [columnPosition.schema, columnName.schema, columnNames.schema];
const COLUMN_WORDS = 'the name of a column, a list of names, or a position counted from 1';

/** Where a column stands; the words `auto` and `none` mean themselves, where a role takes them. */
function readColumn(written: unknown): ColumnRef | Refusal {
  if (typeof written === 'number') {
    const position = columnPosition.read(written);
    return position instanceof Refusal ? new Refusal(COLUMN_WORDS) : { kind: 'position', position };
  }
  const names = columnNames.read(typeof written === 'string' ? [written] : written);
  return names instanceof Refusal ? new Refusal(COLUMN_WORDS) : { kind: 'name', names };
}

/** Where the column of a rule stands. */
export const columnRef: Kind<ColumnRef> = {
  name: 'name, list of names, or position',
  schema: { anyOf: COLUMN_SCHEMAS },
  secret: false,
  fromText: asIs,
  read: readColumn,
};

/** Where the column of a role stands; a column that is really called `auto` or `none` is written as a list. */
export function columnChoice(...words: readonly ('auto' | 'none')[]): Kind<ColumnChoice> {
  return {
    ...columnRef,
    name: `${words.join(' or ')}; name, list of names, or position`,
    schema: {
      anyOf: [{ enum: words }, ...COLUMN_SCHEMAS],
      ...(words.includes('none') ? {} : { not: { const: 'none' } }),
    },
    read(written) {
      const word = words.find((each) => each === written);
      if (word !== undefined) return word;
      const read = written === 'none' ? new Refusal(COLUMN_WORDS) : readColumn(written);
      return read instanceof Refusal ? new Refusal(`${words.join(' or ')}, or ${read.expected}`) : read;
    },
  };
}

const DELIMITER_WORDS = ['auto', ...Object.keys(DELIMITERS)] as readonly (keyof typeof DELIMITERS)[];

/** A delimiter by its name, or the character itself. */
export const delimiter: Kind<Delimiter | 'auto'> = {
  ...choice(DELIMITER_WORDS),
  schema: { enum: [...DELIMITER_WORDS, ...Object.values(DELIMITERS)] },
  read(written) {
    if (written === 'auto') return 'auto';
    const found = Object.entries(DELIMITERS).find((pair) => pair.some((each) => each === written));
    return found?.[1] ?? new Refusal(`${DELIMITER_WORDS.join(' or ')}, or the character itself`);
  },
};

/** What stands between several numbers in one cell; null once read: they are never split. */
export const separator: Kind<'auto' | string | null> = {
  name: 'auto, never, or the separator',
  schema: { anyOf: [{ enum: ['auto', 'never'] }, { type: 'string', pattern: '^[^\\p{L}\\p{N}]{1,10}$' }] },
  secret: false,
  fromText: asIs,
  read(written) {
    if (written === 'auto') return 'auto';
    if (written === 'never') return null;
    // Letters and digits are what numbers are made of: a mistyped `never` would cut them up.
    if (typeof written === 'string' && /^[^\p{L}\p{N}]{1,10}$/u.test(written)) return written;
    return new Refusal('auto, never, or a separator of 1 to 10 characters, none of them a letter or digit');
  },
};

/**
 * The address of a carrier's page for a number. Nothing but the number may differ from page to page of one shop, so it
 * stands behind the host.
 */
export const linkTemplate: Kind<string> = {
  name: 'address with {number}',
  schema: { type: 'string', maxLength: 1000, pattern: '^https?://[^\\s{}]*\\{number\\}[^\\s{}]*$' },
  secret: false,
  fromText: asIs,
  read(written) {
    const expected =
      'an http or https address with {number} in it once, behind the host, such as https://www.ups.com/track?tracknum={number}';
    if (typeof written !== 'string' || written.length > 1000) return new Refusal(expected);
    if (!/^https?:\/\/[^\s{}]*\{number\}[^\s{}]*$/.test(written)) return new Refusal(expected);
    const [one, other] = ['1', '2'].map((number) => hostOf(written.replace('{number}', number)));
    return one !== undefined && one === other ? written : new Refusal(expected);
  },
};

/** With port, user and password; undefined for what is no address. */
function hostOf(address: string): string | undefined {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  return parsed && `${parsed.username}:${parsed.password}@${parsed.host}`;
}

/** A regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax): its time is linear. */
export const linearPattern: Kind<string> = {
  ...text(),
  name: 'regular expression (RE2)',
  read(written) {
    const expected = 'a regular expression in RE2 syntax, without look-around and back-references';
    if (typeof written !== 'string' || written === '' || written.length > 1000) return new Refusal(expected);
    try {
      RE2JS.compile(written);
      return written;
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      return new Refusal(`${expected} (${error.message})`);
    }
  },
};

/** What a cell may hold: a pattern of `*` and `?`; the empty one is an empty cell. */
export const cellPattern: Kind<string> = {
  name: 'text',
  schema: { type: 'string', maxLength: 255 },
  secret: false,
  fromText: asIs,
  read(written) {
    const expected = 'text of up to 255 characters';
    // YAML takes an unquoted 01 for 1, and true for no text at all.
    if (typeof written === 'number' || typeof written === 'boolean')
      return new Refusal(`${expected}; put it in quotes`);
    return typeof written === 'string' && written.length <= 255 ? written : new Refusal(expected);
  },
};
