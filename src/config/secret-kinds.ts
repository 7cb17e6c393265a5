import { asIs, type Kind, Refusal } from './kind.ts';

/** Text that no message and no log may show. */
export const secret: Kind<string> = {
  name: 'secret',
  schema: { type: 'string', minLength: 1 },
  secret: true,
  fromText: asIs,
  read(written) {
    if (written === '') return new Refusal('the secret itself', 'empty text');
    // YAML takes an unquoted secret of digits for a number and loses its leading zeros.
    if (typeof written !== 'string') return new Refusal('text; put it in quotes', 'something else than text');
    // An HTTP header cannot carry anything else, and a stray line end is the usual way to get a 401.
    if (!/^[\x21-\x7e]+$/.test(written))
      return new Refusal('printable ASCII without blanks', 'other characters');
    return written;
  },
};

/** A secret that a person chose: it travels in a body, so that blanks and any letters may stand in it. */
export const password: Kind<string> = {
  ...secret,
  read(written) {
    if (written === '') return new Refusal('the password itself', 'empty text');
    if (typeof written !== 'string') return new Refusal('text; put it in quotes', 'something else than text');
    return written;
  },
};

/** Base32 (RFC 4648, section 6) as authenticator apps show it: blanks between groups and small letters are common. */
export const otpSecret: Kind<string> = {
  ...secret,
  read(written) {
    const found = 'something else';
    if (typeof written !== 'string') return new Refusal('text; put it in quotes', found);
    const plain = written.replace(/[\s=-]/g, '').toUpperCase();
    return /^[A-Z2-7]{16,}$/.test(plain)
      ? plain
      : new Refusal('base32: at least 16 letters A to Z and digits 2 to 7', found);
  },
};
