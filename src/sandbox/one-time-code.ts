import { createHmac } from 'node:crypto';

/** RFC 6238 with the values that every authenticator app has: a code holds for 30 s and has six digits. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4648, section 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The code of a moment (RFC 6238, SHA-1).
 * @throws RangeError where the secret is no Base32.
 */
export function oneTimeCode(secret: string, atMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / STEP_MS)));
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  // RFC 4226, section 5.3: the last four bits say where the 31 bits of the code begin.
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const code = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS;
  return String(code).padStart(DIGITS, '0');
}

/**
 * Whether a code holds now or held, or will hold, one step away: Magento's `twofactorauth/google/otp_window` of 1,
 * which the class Magento\TwoFactorAuth\Model\Provider\Engine\Google hands to OTPHP. The same code may be used
 * again: nothing remembers it there.
 * @throws RangeError where the secret is no Base32.
 */
export function isValidCode(code: string, secret: string, nowMs: number): boolean {
  return [0, -STEP_MS, STEP_MS].some((shiftMs) => oneTimeCode(secret, nowMs + shiftMs) === code);
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const letter of text.replaceAll(/[\s=]/gu, '').toUpperCase()) {
    const value = BASE32.indexOf(letter);
    if (value < 0) throw new RangeError(`A secret in Base32 cannot hold ${letter}`);
    bits = (bits << 5) | value;
    bitCount += 5;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes.push((bits >>> bitCount) & 0xff);
      bits &= (1 << bitCount) - 1;
    }
  }
  if (bytes.length === 0) throw new RangeError('A secret in Base32 cannot be empty');
  return Buffer.from(bytes);
}
