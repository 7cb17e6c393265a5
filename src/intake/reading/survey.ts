import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { StoppedError, UnreadableDropError } from '../../domain/failure.ts';
import { type FileState, isSameState, lookAt, stateOf } from '../file-state.ts';
import { EncodingSearch } from './find-encoding.ts';
import { refuseOtherKinds } from './other-kinds.ts';
import type { Encoding, TextFormat } from './text.ts';

/** What the first pass over a file finds: what it is, before any of it is taken for a row. */
export interface Survey extends FileState {
  /** Of the file's bytes as they lie there, in hex. */
  readonly sha256: string;
  readonly format: TextFormat;
  /** A report of ours that was dropped again, perhaps after a spreadsheet saved it in a dialect of its own. */
  readonly isReport: boolean;
}

/** Also what is parsed in one go between two turns of the event loop. */
const CHUNK_BYTES = 128 * 1024;

/** The column that makes a file a report of ours. */
const REPORT_SIGN = 'trackdrop_outcome';

/**
 * Reads the whole file once: hash, size, encoding. The encoding that is `wanted` must fit, except of a report of
 * ours, which is UTF-8 whatever the drop was, and whatever a spreadsheet made of it later.
 * @throws UnreadableDropError for what is no text, not the text that is wanted, or larger than `maxBytes`; StoppedError.
 */
export async function surveyFile(
  path: string,
  { maxBytes, encoding: wanted }: { readonly maxBytes: number; readonly encoding: Encoding | 'auto' },
  signal: AbortSignal,
): Promise<Survey> {
  const { stream, state } = await openRegular(path);
  const hash = createHash('sha256');
  let bytes = 0;
  let search: EncodingSearch | undefined;
  let isReport = false;
  for await (const chunk of stream) {
    if (signal.aborted) throw new StoppedError();
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    if (search === undefined) {
      refuseOtherKinds(chunk);
      isReport = chunk.toString('latin1').replaceAll('\0', '').includes(REPORT_SIGN);
      search = new EncodingSearch(chunk, isReport ? 'auto' : wanted);
    }
    search.add(chunk);
  }
  const format = search?.found() ?? { encoding: wanted === 'auto' ? 'utf-8' : wanted, hasMark: false };
  return { ...state, bytes, sha256: hash.digest('hex'), format, isReport };
}

/** True while the file is the one that was surveyed, and nobody wrote to it since: compared after the last read. */
export async function isAsSurveyed(path: string, survey: Survey): Promise<boolean> {
  const state = await lookAt(path);
  return state !== undefined && isSameState(survey, state);
}

/** A file that is open for reading. */
export interface OpenedFile {
  readonly stream: AsyncIterable<Buffer>;
  readonly state: FileState;
  /** For whoever does not read the stream, which closes the file at its end. */
  close(): Promise<void>;
}

/**
 * Opens a file for reading from its start, unless it is a link, a FIFO or anything else that is no regular file.
 * @throws UnreadableDropError `not-a-file`.
 */
export async function openRegular(path: string): Promise<OpenedFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) {
    await handle.close();
    throw new UnreadableDropError('not-a-file', 'This is not a file but a folder, a pipe or a device.', 1);
  }
  return {
    stream: handle.createReadStream({ highWaterMark: CHUNK_BYTES }),
    state: stateOf(stats),
    close: () => handle.close(),
  };
}

function tooLarge(maxBytes: number): UnreadableDropError {
  return new UnreadableDropError(
    'file-too-large',
    `The file is larger than ${maxBytes} bytes, the most that is taken (limits.fileBytes).`,
    1,
    'Split it into several files, each with the header line.',
  );
}
