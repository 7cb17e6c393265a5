import type { ProfileEncoding } from '../../domain/profile.ts';

/** How a drop's bytes are text. */
export interface TextFormat {
  readonly encoding: Encoding;
  /** The file starts with a byte order mark. */
  readonly hasMark: boolean;
}

/** What the bytes of a file are read as; see ProfileEncoding. */
export type Encoding = ProfileEncoding;

const MARKS: Readonly<Record<Encoding, Buffer>> = {
  'utf-8': Buffer.of(0xef, 0xbb, 0xbf),
  'utf-16le': Buffer.of(0xff, 0xfe),
  'utf-16be': Buffer.of(0xfe, 0xff),
  'windows-1252': Buffer.alloc(0),
  'iso-8859-1': Buffer.alloc(0),
};

/** The encoding that a byte order mark at the start of the file names; undefined without one. */
export function markedEncoding(start: Uint8Array): Encoding | undefined {
  return (['utf-8', 'utf-16le', 'utf-16be'] as const).find((encoding) =>
    MARKS[encoding].equals(start.subarray(0, MARKS[encoding].length)),
  );
}

/** The byte order mark with which a file in this format starts; empty where it has none. */
export function markOf(format: TextFormat): Buffer {
  return format.hasMark ? MARKS[format.encoding] : Buffer.alloc(0);
}

/**
 * Decodes a file to UTF-8 without its byte order mark; all offsets of records count in this text. Every step can
 * be undone by `encodeText`, so that a record comes out of the retry file byte for byte as it came in.
 * @throws TypeError where UTF-16 is damaged; a survey has ruled that out.
 */
export async function* decodeText(chunks: AsyncIterable<Buffer>, format: TextFormat): AsyncGenerator<Buffer> {
  if (format.encoding === 'utf-8') {
    let markBytes = markOf(format).length;
    for await (const chunk of chunks) {
      yield chunk.subarray(markBytes);
      markBytes -= Math.min(markBytes, chunk.length);
    }
    return;
  }
  // What the WHATWG calls iso-8859-1, and TextDecoder with it, is Windows-1252.
  if (format.encoding === 'iso-8859-1') {
    for await (const chunk of chunks) yield Buffer.from(chunk.toString('latin1'));
    return;
  }
  const decoder = new TextDecoder(format.encoding, { fatal: true });
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** The bytes, in the file's own encoding, of a piece of its text; the piece must hold whole characters. */
export function encodeText(text: Uint8Array, encoding: Encoding): Buffer {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  switch (encoding) {
    case 'utf-8':
      return bytes;
    case 'utf-16le':
      return Buffer.from(bytes.toString(), 'utf16le');
    case 'utf-16be':
      return Buffer.from(bytes.toString(), 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(Array.from(bytes.toString(), (character) => windows1252Byte(character)));
    case 'iso-8859-1':
      return Buffer.from(bytes.toString(), 'latin1');
    default:
      return encoding satisfies never;
  }
}

let windows1252: ReadonlyMap<string, number> | undefined;

/** Node can decode Windows-1252 but not encode it; its 256 characters are distinct, so the way back is a table. */
function windows1252Byte(character: string): number {
  windows1252 ??= new Map(
    Array.from(
      new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
      (c, byte) => [c, byte],
    ),
  );
  const byte = windows1252.get(character);
  if (byte === undefined) throw new RangeError('a character is not in Windows-1252');
  return byte;
}
