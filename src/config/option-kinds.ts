import { asIs, type Kind, Refusal } from './kind.ts';
import { count, text } from './kinds.ts';

/** Names of stores, inboxes and profiles: they appear in log lines and in file names. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A name that we give to a store, an inbox or a profile; see NAME. */
export const ourName: Kind<string> = text({ pattern: NAME, expected: "letters, digits, '.', '_' and '-'" });

/** How an inbox reads its files; whether there is a profile of that name is decided later. */
export const profileName: Kind<string> = { ...ourName, name: '`auto`, `plain` or the name of a profile' };

/** Magento's code of a carrier; PHP takes `0` for nothing. */
export const carrierCode: Kind<string> = text({
  maxLength: 32,
  pattern: /^(?!0$)\S+$/,
  expected: 'a carrier code: 1 to 32 characters, no blanks',
});

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

/** Magento's code of an inventory source (Magento\Inventory, `inventory_source.source_code`: VARCHAR(255)). */
export const sourceCode: Kind<string> = text({
  maxLength: 255,
  pattern: /^\S+$/,
  expected: "a source's code: no blanks",
});

/** Magento's id of a store view (Magento\Store, `store.store_id`: SMALLINT without a sign); 0 is the admin's. */
export const storeViewId: Kind<number> = count(0, 65_535);

/** What a comment is made of. */
export const commentTemplate: Kind<string> = text({
  maxLength: 1000,
  pattern: /^(?:[^{}]|\{(?:carrier|number|drop|link)\})+$/,
  expected:
    'text of 1 to 1,000 characters, not blanks alone, with no other braces than {carrier}, {number}, {drop} and {link}',
});
