import { isUtf8 } from 'node:buffer';

/** Tells, piece by piece, whether bytes are text in an encoding in which not all bytes are. */
export interface Validity {
  /** The next piece, which may end in the middle of a character. */
  add(piece: Uint8Array): void;
  /** After the last piece. */
  isValid(): boolean;
}

/** What a check of `encoding` starts from. */
export function openValidity(encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): Validity {
  return encoding === 'utf-8' ? new Utf8Validity() : new Utf16Validity(encoding);
}

/** Makes no string of the whole file, as TextDecoder does: the survey would take twice as long. */
class Utf8Validity implements Validity {
  #isValid = true;
  /** The start of a character that the next piece ends. */
  #started: Uint8Array = Buffer.alloc(0);

  add(piece: Uint8Array): void {
    if (!this.#isValid) return;
    const missing = missingBytes(this.#started);
    const joint = Buffer.concat([this.#started, piece.subarray(0, missing)]);
    const rest = piece.subarray(missing);
    if (missingBytes(joint) > 0) {
      this.#started = joint;
      return;
    }
    const startAt = lastStart(rest);
    const isCut = missingBytes(rest.subarray(startAt)) > 0;
    this.#started = Buffer.from(isCut ? rest.subarray(startAt) : []);
    this.#isValid = isUtf8(joint) && isUtf8(isCut ? rest.subarray(0, startAt) : rest);
  }

  isValid(): boolean {
    return this.#isValid && this.#started.length === 0;
  }
}

/** Where the last character starts, as far as four bytes tell, which none is longer than. */
function lastStart(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 4); at -= 1) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return bytes.length;
}

/** How many bytes of one character are yet to come, by what its first byte says (RFC 3629). */
function missingBytes(character: Uint8Array): number {
  const first = character[0] ?? 0;
  const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return character.length === 0 ? 0 : Math.max(0, length - character.length);
}

class Utf16Validity implements Validity {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  #isValid = true;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  add(piece: Uint8Array): void {
    this.#isValid &&= this.#decodes(piece);
  }

  isValid(): boolean {
    this.#isValid &&= this.#decodes(undefined);
    return this.#isValid;
  }

  #decodes(piece: Uint8Array | undefined): boolean {
    try {
      this.#decoder.decode(piece, { stream: piece !== undefined });
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}
