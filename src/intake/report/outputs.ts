import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError } from '../../domain/failure.ts';
import { outcomeClass } from '../../domain/outcome.ts';
import type { DropLayout } from '../reading/layout.ts';
import type { TextFormat } from '../reading/text.ts';
import { OutputFile } from './output-file.ts';
import { type ReportRow, ReportWriter } from './report.ts';
import { RetryCopy, type Span } from './retry-file.ts';

/** A row with its outcome, and where its record stands in the file. */
export type SettledRow = ReportRow & Span;

/** What the report and the retry file are made from. */
export interface OutputSource {
  /** Of the drop; its report is known by it when it comes back. */
  readonly id: string;
  /** Where the drop's file lies. */
  readonly path: string;
  /** As read; null where the file could not be read as a whole, or holds nothing but blanks. */
  readonly layout: DropLayout | null;
  readonly format: TextFormat;
  /** Why the file as a whole could not be read, and on which line; null where it could. */
  readonly failure: { readonly message: string; readonly line: number } | null;
}

/** The files, whole and on the disk; `retry` is null where there is nothing to try again. */
export interface Outputs {
  readonly report: string;
  readonly retry: string | null;
  /** At least one row needs a person. */
  readonly hasFailed: boolean;
}

/**
 * Writes report and retry file into a folder under hidden names, in one pass over rows and drop. A drop that could
 * not be read as a whole has a report of one line, and no retry file: the drop itself is what there is to try again.
 * @throws StoppedError when the signal fires.
 */
export async function writeOutputs(
  source: OutputSource,
  rows: AsyncIterable<SettledRow> | Iterable<SettledRow>,
  folder: string,
  signal: AbortSignal,
): Promise<Outputs> {
  const report = join(folder, '.report');
  const retry = join(folder, '.retry');
  await rm(retry, { force: true });
  const writer = new ReportWriter(source.layout, source.id);
  await using reportFile = await OutputFile.create(report);
  await reportFile.write(writer.start());
  if (source.failure !== null) {
    await reportFile.write(writer.row(unreadableRow(source.failure)));
    await reportFile.finish();
    return { report, retry: null, hasFailed: true };
  }
  await using failed = new FailedRows(source, retry, signal);
  for await (const row of rows) {
    if (signal.aborted) throw new StoppedError();
    await reportFile.write(writer.row(row));
    if (outcomeClass(row.outcome) === 'failed') await failed.add(row);
  }
  await reportFile.finish();
  await failed.finish();
  return { report, retry: failed.isEmpty ? null : retry, hasFailed: !failed.isEmpty };
}

function unreadableRow({ message, line }: { readonly message: string; readonly line: number }): ReportRow {
  const none = { fields: null, orderId: null, shipmentId: null, trackId: null, mail: null };
  return { line, outcome: 'bad-row', message, ...none };
}

/** The retry file, which is only made, and the drop only read again, when there is a first failed row. */
class FailedRows implements AsyncDisposable {
  readonly #source: OutputSource;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #open = new AsyncDisposableStack();
  #parts: { file: OutputFile; copy: RetryCopy; lineEnd: DropLayout['dialect']['lineEnd'] } | undefined;

  constructor(source: OutputSource, path: string, signal: AbortSignal) {
    this.#source = source;
    this.#path = path;
    this.#signal = signal;
  }

  get isEmpty(): boolean {
    return this.#parts === undefined;
  }

  async add(row: Span): Promise<void> {
    this.#parts ??= await this.#start();
    const { file, copy, lineEnd } = this.#parts;
    for await (const piece of copy.record(row, lineEnd)) await file.write(piece);
  }

  async finish(): Promise<void> {
    await this.#parts?.file.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  async #start() {
    const { path, format, layout } = this.#source;
    if (layout === null) throw new Error('a row of a file that holds none');
    const file = this.#open.use(await OutputFile.create(this.#path));
    const copy = this.#open.use(await RetryCopy.open(path, format, this.#signal));
    for await (const piece of copy.start(layout.header)) await file.write(piece);
    return { file, copy, lineEnd: layout.dialect.lineEnd };
  }
}
