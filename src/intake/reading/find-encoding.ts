import type { UnreadableDropError } from '../../domain/failure.ts';
import { notText } from './other-kinds.ts';
import { type Encoding, markedEncoding, type TextFormat } from './text.ts';
import { openValidity, type Validity } from './validity.ts';

/** Of 16-bit units in the first piece: of text in UTF-16, delimiters, digits and blanks alone are more. */
const LEAST_SHARE_OF_ZEROS = 1 / 4;

/**
 * Finds out how a file's bytes are text: by its byte order mark, or as wanted, or, by validity, as UTF-8, as UTF-16
 * without a mark, as Windows-1252, in this order.
 */
export class EncodingSearch {
  readonly #marked: Encoding | undefined;
  readonly #wanted: Encoding | 'auto';
  /** What is checked; undefined where every byte is a character, as in Windows-1252. */
  readonly #checked: 'utf-8' | 'utf-16le' | 'utf-16be' | undefined;
  readonly #validity: Validity | undefined;
  #hasNul = false;

  /** `start` is the first piece of the file. */
  constructor(start: Buffer, wanted: Encoding | 'auto') {
    this.#marked = markedEncoding(start);
    this.#wanted = wanted;
    const expected = this.#marked ?? (wanted === 'auto' ? (unmarkedUtf16(start) ?? 'utf-8') : wanted);
    this.#checked = isFallible(expected) ? expected : undefined;
    this.#validity = this.#checked && openValidity(this.#checked);
  }

  /** Looks at the next piece, the first among them. */
  add(chunk: Buffer): void {
    this.#hasNul ||= chunk.includes(0);
    this.#validity?.add(chunk);
  }

  /**
   * After the last piece.
   * @throws UnreadableDropError where the bytes are no text, or not the text that the mark or the profile says.
   */
  found(): TextFormat {
    const isValid = this.#validity?.isValid() ?? true;
    const marked = this.#marked;
    const wanted = this.#wanted;
    if (marked !== undefined) {
      if (wanted !== 'auto' && wanted !== marked)
        throw notAsWanted(wanted, `starts with the mark of ${nameOf(marked)}`);
      if (!isValid) throw notAsMarked(marked);
      return { encoding: marked, hasMark: true };
    }
    const isUtf16 = this.#checked === 'utf-16le' || this.#checked === 'utf-16be';
    if (this.#hasNul && !(isUtf16 && isValid)) throw holdsNul();
    if (wanted !== 'auto') {
      if (!isValid) throw notAsWanted(wanted, 'holds bytes that are not');
      return { encoding: wanted, hasMark: false };
    }
    const encoding = isValid ? this.#checked : 'windows-1252';
    return { encoding: encoding ?? 'windows-1252', hasMark: false };
  }
}

function isFallible(encoding: Encoding): encoding is 'utf-8' | 'utf-16le' | 'utf-16be' {
  return encoding !== 'windows-1252' && encoding !== 'iso-8859-1';
}

/** In UTF-16 every second byte of Latin text is zero; undefined where that is not so. */
function unmarkedUtf16(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const zeros = { even: 0, odd: 0 };
  for (let at = start.indexOf(0); at >= 0; at = start.indexOf(0, at + 1))
    zeros[at % 2 === 0 ? 'even' : 'odd'] += 1;
  const [low, high] = [Math.min(zeros.even, zeros.odd), Math.max(zeros.even, zeros.odd)];
  if (low > 0 || high === 0 || high < (start.length / 2) * LEAST_SHARE_OF_ZEROS) return undefined;
  return zeros.odd > 0 ? 'utf-16le' : 'utf-16be';
}

function nameOf(encoding: Encoding): string {
  return encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase();
}

function holdsNul(): UnreadableDropError {
  return notText(
    'The file holds zero bytes, which text never does: it is a program’s own format, text in UTF-16 that is damaged, or an upload that broke off.',
  );
}

function notAsMarked(encoding: Encoding): UnreadableDropError {
  return notText(
    `The file says at its start that it is ${nameOf(encoding)} text, but holds bytes that are not; it is damaged, or several files were joined.`,
  );
}

function notAsWanted(wanted: Encoding, but: string): UnreadableDropError {
  return notText(
    `By its profile the file is ${nameOf(wanted)} text, but it ${but}.`,
    'Have the file written as before, or change `encoding` in the profile; `auto` finds it out.',
  );
}
