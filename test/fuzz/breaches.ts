import { UnreadableDropError } from '../../src/domain/failure.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import type { DropLayout } from '../../src/intake/reading/layout.ts';
import { type DropReading, type ReadOptions, readDrop } from '../../src/intake/reading/read.ts';
import type { TextFormat } from '../../src/intake/reading/text.ts';

const signal = new AbortController().signal;

/** A file that was read to its end, or refused as a whole. */
export interface Read {
  readonly reading: Omit<DropReading, 'records'> | null;
  readonly records: readonly FileRecord[];
}

/** Reads a file, once more where the first reading says so. @throws what no reading may throw. */
export async function readAll(path: string, options: ReadOptions): Promise<Read> {
  try {
    const reading = await readDrop(path, options, signal);
    const records: FileRecord[] = [];
    for await (const some of reading.records) records.push(...some);
    const damaged = reading.damagedColumns();
    if (options.damaged === undefined && damaged.length > 0)
      return await readAll(path, { ...options, damaged });
    return { reading, records };
  } catch (error) {
    if (!(error instanceof UnreadableDropError)) throw error;
    if (error.message === '' || error.line < 1)
      throw new Error('an error that says nothing', { cause: error });
    return { reading: null, records: [] };
  }
}

/** What reading a file has broken of its promises, in words; `bytes` are the file's. */
export function breachesOf({ reading, records }: Read, bytes: Buffer): readonly string[] {
  if (reading === null) return [];
  const { layout, survey } = reading;
  const text = textOf(bytes, survey.format);
  if (layout === null) return isBlank(text.toString()) ? [] : ['a file that is not blank has no layout'];
  return [
    ...records.flatMap(breachesOfVerdict),
    ...breachesOfOrder(records),
    ...breachesOfCover(records, layout, text),
    ...breachesOfLines(records, layout, text),
  ];
}

/** As it is decoded elsewhere, for a second opinion. */
function textOf(bytes: Buffer, { encoding }: TextFormat): Buffer {
  if (encoding === 'iso-8859-1') return Buffer.from(bytes.toString('latin1'));
  return Buffer.from(new TextDecoder(encoding).decode(bytes));
}

function breachesOfVerdict({ line, verdict, fields }: FileRecord): readonly string[] {
  switch (verdict.kind) {
    case 'row':
      return verdict.rows.every(
        (row, part) =>
          row.line === line && row.part === part && row.orderNumber !== '' && row.trackingNumber !== '',
      ) && fields !== null
        ? []
        : [`the rows of line ${line} are not whole: ${JSON.stringify(verdict.rows)}`];
    case 'bad':
      return verdict.message.startsWith(`Line ${line}: `)
        ? []
        : [`a bad row of line ${line} says ${verdict.message}`];
    case 'skipped':
      return verdict.reason === '' ? [`line ${line} is skipped without a reason`] : [];
  }
}

function breachesOfOrder(records: readonly FileRecord[]): readonly string[] {
  return records.flatMap(({ line, startByte, endByte }, at) => {
    const before = records[at - 1];
    const isAfter = before === undefined || (line > before.line && startByte >= before.endByte);
    return isAfter && endByte > startByte
      ? []
      : [`the record of line ${line} stands at ${startByte} to ${endByte}`];
  });
}

/** All that is no record, and not the header, is blank. */
function breachesOfCover(
  records: readonly FileRecord[],
  { header }: DropLayout,
  text: Buffer,
): readonly string[] {
  const spans = [...records, ...(header === null ? [] : [header])].sort((a, b) => a.startByte - b.startByte);
  const ends = [0, ...spans.map(({ endByte }) => endByte)];
  const starts = [...spans.map(({ startByte }) => startByte), text.length];
  return ends.flatMap((end, at) => {
    const between = text.toString('utf8', end, starts[at]);
    return isBlank(between) ? [] : [`no record holds ${JSON.stringify(between)}`];
  });
}

/** Lines as an editor counts them, where one kind of line end stands in the file. */
function breachesOfLines(
  records: readonly FileRecord[],
  { dialect }: DropLayout,
  text: Buffer,
): readonly string[] {
  const whole = text.toString();
  const isMixed = dialect.lineEnd === 'cr' ? /\n/.test(whole) : /\r(?!\n)/.test(whole);
  if (isMixed) return [];
  const lineEnd = dialect.lineEnd === 'cr' ? CR : LF;
  let [expected, at] = [1, 0];
  return records.flatMap(({ line, startByte }) => {
    for (; at < startByte; at += 1) if (text[at] === lineEnd) expected += 1;
    return line === expected ? [] : [`the record of line ${line} stands on line ${expected}`];
  });
}

const LF = 0x0a;
const CR = 0x0d;

/** Quotes round nothing are nothing. */
function isBlank(text: string): boolean {
  return /^(\s|"\s*")*$/.test(text);
}
