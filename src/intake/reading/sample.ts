import { type Head, readHead } from './head.ts';
import { type Survey, surveyFile } from './survey.ts';
import { TextWindow } from './window.ts';

/** The beginning of a file, and what was found out about all of it. */
export interface Sample {
  readonly survey: Survey;
  /** Null for a file of nothing but blanks. */
  readonly head: Head | null;
  /** From the first line that is not blank on. */
  readonly text: Buffer;
}

const SAMPLE_BYTES = 1024 * 1024;

/**
 * Looks at all of a file's bytes, and keeps at most the first MiB.
 * @throws UnreadableDropError for what is no text, or larger than `maxBytes`; StoppedError.
 */
export async function readSample(
  path: string,
  { maxBytes }: { readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Sample> {
  const survey = await surveyFile(path, { maxBytes, encoding: 'auto' }, signal);
  const head = await readHead(path, survey.format, signal);
  if (head === null) return { survey, head, text: Buffer.alloc(0) };
  await using window = await TextWindow.open(path, survey.format, signal);
  await window.skipTo(head.startByte);
  while (!window.isEnd && window.text.length < SAMPLE_BYTES) await window.extend();
  return { survey, head, text: Buffer.from(window.text.subarray(0, SAMPLE_BYTES)) };
}
