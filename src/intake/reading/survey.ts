import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { StoppedError, UnreadableDropError } from '../../domain/failure.ts';
import { type FileState, isSameState, lookAt, stateOf } from '../file-state.ts';
import { type Encoding, markedEncoding, type TextFormat } from './text.ts';

/** What the first pass over a file finds: what it is, before any of it is taken for a row. */
export interface Survey extends FileState {
  /** Of the file's bytes as they lie there, in hex. */
  readonly sha256: string;
  readonly format: TextFormat;
}

/** Also what is parsed in one go between two turns of the event loop. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Reads the whole file once: hash, size, encoding.
 * @throws UnreadableDropError for what is no text, or is larger than `maxBytes`; StoppedError.
 */
export async function surveyFile(path: string, maxBytes: number, signal: AbortSignal): Promise<Survey> {
  const { stream, state } = await openRegular(path);
  const hash = createHash('sha256');
  let bytes = 0;
  let first: Buffer | undefined;
  let hasNul = false;
  let decoder: Decoder | undefined;
  let marked: Encoding | undefined;
  let isValid = true;
  for await (const chunk of stream) {
    if (signal.aborted) throw new StoppedError();
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    if (first === undefined) {
      first = chunk;
      refuseOtherKinds(chunk);
      marked = markedEncoding(chunk);
      decoder = new TextDecoder(marked ?? 'utf-8', { fatal: true });
    }
    hasNul ||= chunk.includes(0);
    isValid &&= decodes(decoder, chunk, true);
  }
  isValid &&= decodes(decoder, undefined, false);
  if (hasNul && marked !== 'utf-16le' && marked !== 'utf-16be') throw holdsNul();
  if (!isValid && marked !== undefined) throw notAsMarked(marked);
  const encoding = marked ?? (isValid ? 'utf-8' : 'windows-1252');
  return { ...state, bytes, sha256: hash.digest('hex'), format: { encoding, hasMark: marked !== undefined } };
}

/** True while the file is the one that was surveyed, and nobody wrote to it since: compared after the last read. */
export async function isAsSurveyed(path: string, survey: Survey): Promise<boolean> {
  const state = await lookAt(path);
  return state !== undefined && isSameState(survey, state);
}

/**
 * Opens a file for reading from its start, unless it is a link, a FIFO or anything else that is no regular file.
 * @throws UnreadableDropError `not-a-file`.
 */
export async function openRegular(
  path: string,
): Promise<{ stream: AsyncIterable<Buffer>; state: FileState }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) {
    await handle.close();
    throw new UnreadableDropError('not-a-file', 'This is not a file but a folder, a pipe or a device.', 1);
  }
  return {
    stream: handle.createReadStream({ highWaterMark: CHUNK_BYTES }),
    state: stateOf(stats),
  };
}

type Decoder = InstanceType<typeof TextDecoder>;

function decodes(decoder: Decoder | undefined, chunk: Buffer | undefined, stream: boolean): boolean {
  try {
    decoder?.decode(chunk, { stream });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

const SAVE_AS_CSV = 'Open it in the program that made it, save it as CSV (UTF-8), and drop that file.';

/** Signatures of what is dropped under a name like `orders.csv` and is something else. */
const OTHER_KINDS: readonly { readonly what: string; readonly starts: readonly (string | RegExp)[] }[] = [
  { what: 'an old Excel workbook (XLS)', starts: ['\xd0\xcf\x11\xe0'] },
  { what: 'a PDF document', starts: ['%PDF-'] },
  { what: 'a picture', starts: ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', /^RIFF....WEBP/s] },
  { what: 'a compressed file', starts: ['\x1f\x8b', '7z\xbc\xaf', 'Rar!', 'BZh', '\xfd7zXZ', '(\xb5/\xfd'] },
  {
    what: 'a web page (HTML)',
    starts: [/^(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b/is],
  },
  { what: 'an XML document', starts: [/^(\xef\xbb\xbf)?\s*<\?xml\s/is] },
  { what: 'a JSON document', starts: [/^(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*[{[])/s] },
];

function refuseOtherKinds(start: Buffer): void {
  const text = start.toString('latin1');
  let what = OTHER_KINDS.find(({ starts }) =>
    starts.some((sign) => (typeof sign === 'string' ? text.startsWith(sign) : sign.test(text))),
  )?.what;
  if (text.startsWith('PK\x03\x04')) what = zipKind(text);
  if (what === undefined) return;
  throw new UnreadableDropError(
    'not-text',
    `This is ${what}, not a CSV file, whatever its name says.`,
    1,
    SAVE_AS_CSV,
  );
}

/** An office document is a ZIP archive whose entries say what it is. */
function zipKind(text: string): string {
  if (/xl\/|sheet/i.test(text)) return 'an Excel workbook (XLSX)';
  return text.includes('word/') ? 'a Word document (DOCX)' : 'a ZIP archive or an office document';
}

function holdsNul(): UnreadableDropError {
  return new UnreadableDropError(
    'not-text',
    'The file holds zero bytes, which text never does: it is a program’s own format, text in UTF-16 without a byte order mark, or an upload that broke off.',
    1,
    SAVE_AS_CSV,
  );
}

function notAsMarked(encoding: Encoding): UnreadableDropError {
  return new UnreadableDropError(
    'not-text',
    `The file says at its start that it is ${encoding.toUpperCase()} text, but holds bytes that are not; it is damaged, or several files were joined.`,
    1,
    SAVE_AS_CSV,
  );
}

function tooLarge(maxBytes: number): UnreadableDropError {
  return new UnreadableDropError(
    'file-too-large',
    `The file is larger than ${maxBytes} bytes, the most that is taken (limits.fileBytes).`,
    1,
    'Split it into several files, each with the header line.',
  );
}
