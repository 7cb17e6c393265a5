import { StoppedError, UnreadableDropError } from '../../domain/failure.ts';
import { type Content, ContentHash } from '../content-hash.ts';
import { type FileState, isSameState, lookAt } from '../file-state.ts';
import { EncodingSearch } from './find-encoding.ts';
import { openRegular } from './open-file.ts';
import { refuseOtherKinds } from './other-kinds.ts';
import { isReportStart } from './report-sign.ts';
import type { Encoding, TextFormat } from './text.ts';

/** What the first pass over a file finds: what it is, before any of it is taken for a row. */
export interface Survey extends FileState, Content {
  readonly format: TextFormat;
  /** A report of ours that was dropped again, perhaps after a spreadsheet saved it in a dialect of its own. */
  readonly isReport: boolean;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads the whole file once: hash, size, encoding. The encoding that is `wanted` must fit, except of a report of
 * ours, which is UTF-8 whatever the drop was, and whatever a spreadsheet made of it later.
 * @throws UnreadableDropError for what is no text, not the text that is wanted, or larger than `maxBytes`; StoppedError.
 */
export async function surveyFile(
  path: string,
  {
    maxBytes,
    encoding: wanted,
    beginningsAt,
  }: {
    readonly maxBytes: number;
    readonly encoding: Encoding | 'auto';
    /** See ContentHash. */
    readonly beginningsAt?: readonly number[] | undefined;
  },
  signal: AbortSignal,
): Promise<Survey> {
  const { chunks, state, close } = await openRegular(path, CHUNK_BYTES);
  try {
    const hash = new ContentHash(beginningsAt);
    let search: EncodingSearch | undefined;
    let isReport = false;
    for await (const chunk of chunks) {
      if (signal.aborted) throw new StoppedError();
      if (hash.bytes + chunk.length > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      if (search === undefined) {
        refuseOtherKinds(chunk);
        isReport = isReportStart(chunk);
        search = new EncodingSearch(chunk, isReport ? 'auto' : wanted);
      }
      search.add(chunk);
    }
    const format = search?.found() ?? { encoding: wanted === 'auto' ? 'utf-8' : wanted, hasMark: false };
    return { ...state, ...hash.end(), format, isReport };
  } finally {
    await close();
  }
}

/** True while the file is the one that was surveyed, and nobody wrote to it since: compared after the last read. */
export async function isAsSurveyed(path: string, survey: Survey): Promise<boolean> {
  const state = await lookAt(path);
  return state !== undefined && isSameState(survey, state);
}

function tooLarge(maxBytes: number): UnreadableDropError {
  return new UnreadableDropError(
    'file-too-large',
    `The file is larger than ${maxBytes} bytes, the most that is taken (limits.fileBytes).`,
    1,
    'Split it into several files, each with the header line.',
  );
}
