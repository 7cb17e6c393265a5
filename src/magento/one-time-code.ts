import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../runtime/clock.ts';

const A_MOMENT_MS = 1_000;

/**
 * The codes of an authenticator app, as Magento's Google provider takes them (OTPHP\TOTP with its defaults: RFC
 * 6238, SHA1, six digits, 30 s). None is given out twice: a shop may take a second use for a replay.
 */
export class OneTimeCodes {
  readonly #totp: TOTP;
  readonly #clock: Clock;
  #last = Number.NaN;

  /** @param secret base32 (RFC 4648, section 6) */
  constructor(secret: string, clock: Clock) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
    this.#clock = clock;
  }

  /**
   * The present code; where that was given out before, the next one, up to 30 s later: `onWait` is told how long, where
   * it is more than a moment. Throws StoppedError.
   */
  async next(signal: AbortSignal, onWait?: (delayMs: number) => void): Promise<string> {
    let timestamp = this.#clock.wallMs();
    while (this.#totp.counter({ timestamp }) === this.#last) {
      const delayMs = this.#totp.remaining({ timestamp });
      if (delayMs > A_MOMENT_MS) onWait?.(delayMs);
      await this.#clock.sleep(delayMs, signal);
      timestamp = this.#clock.wallMs();
    }
    this.#last = this.#totp.counter({ timestamp });
    return this.#totp.generate({ timestamp });
  }
}
