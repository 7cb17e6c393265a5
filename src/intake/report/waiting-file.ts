import { StoppedError } from '../../domain/failure.ts';
import { countLineEnds, type Dialect } from '../reading/cells.ts';
import type { DropLayout } from '../reading/layout.ts';
import { encodeText, type TextFormat } from '../reading/text.ts';
import { OutputFile } from './output-file.ts';
import type { OutputSource, SettledRow } from './outputs.ts';
import { ReportWriter } from './report.ts';
import { RetryCopy, type Span } from './retry-file.ts';

/** Where a record stands. */
type RecordPlace = Span & { readonly line: number };

/** Where a record stands in the file that it was copied into, and the line on which it stood before. */
type CopiedPlace = RecordPlace & { readonly originalLine: number };

/** The file whose records are copied. */
interface CopySource {
  readonly path: string;
  readonly layout: DropLayout;
  readonly format: TextFormat;
}

/**
 * Writes header and chosen records of a drop into a file of their own, byte for byte as they came, and tells with each
 * page where they stand there; flushed to the disk at the end. Returns how the new file is to be read.
 * @throws StoppedError when the signal fires.
 */
export async function* writeWaitingFile(
  { path, layout, format }: CopySource,
  pages: Iterable<readonly RecordPlace[]>,
  target: string,
  signal: AbortSignal,
): AsyncGenerator<readonly CopiedPlace[], DropLayout, undefined> {
  await using file = await OutputFile.create(target);
  await using copy = await RetryCopy.open(path, format, signal);
  for await (const piece of copy.start(layout.header)) await file.write(piece);
  const headerBytes = layout.header === null ? 0 : layout.header.endByte - layout.header.startByte;
  let at = { line: 1, byte: headerBytes };
  if (layout.header !== null) {
    await using head = await RetryCopy.open(path, format, signal);
    at = { line: 1 + (await linesOf(head.text(layout.header), layout.dialect)), byte: headerBytes };
  }
  for (const page of pages) {
    const copied: CopiedPlace[] = [];
    for (const { line: originalLine, startByte, endByte } of page) {
      if (signal.aborted) throw new StoppedError();
      const start = at;
      const lines = await linesOf(
        written(copy.text({ startByte, endByte }), file, format.encoding),
        layout.dialect,
      );
      at = { line: start.line + lines, byte: start.byte + endByte - startByte };
      copied.push({ originalLine, line: start.line, startByte: start.byte, endByte: at.byte });
    }
    yield copied;
  }
  await file.finish();
  const header = layout.header === null ? null : { line: 1, startByte: 0, endByte: headerBytes };
  return { ...layout, header };
}

/** Passes text on after it was written to the file. */
async function* written(
  pieces: AsyncIterable<Buffer>,
  file: OutputFile,
  encoding: TextFormat['encoding'],
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    // A copy: the window reads on into the same bytes.
    await file.write(Buffer.from(encodeText(piece, encoding)));
    yield piece;
  }
}

/** A record ends its line even where nothing does at the end of the file. */
async function linesOf(pieces: AsyncIterable<Buffer>, dialect: Dialect): Promise<number> {
  const whole: Buffer[] = [];
  for await (const piece of pieces) whole.push(Buffer.from(piece));
  return Math.max(1, countLineEnds(Buffer.concat(whole), dialect));
}

/**
 * Writes the report of rows that wait; whole and on the disk when it resolves.
 * @throws StoppedError when the signal fires.
 */
export async function writeWaitingReport(
  source: Pick<OutputSource, 'id' | 'layout'>,
  rows: Iterable<SettledRow>,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const writer = new ReportWriter(source.layout, source.id);
  await using file = await OutputFile.create(target);
  await file.write(writer.start());
  for (const row of rows) {
    if (signal.aborted) throw new StoppedError();
    await file.write(writer.row(row));
  }
  await file.finish();
}
