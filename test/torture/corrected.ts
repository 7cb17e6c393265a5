import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { outcomeClass } from '../../src/domain/outcome.ts';
import type { Cargo } from './cargo.ts';
import type { CargoFile, CargoRow } from './cargo-file.ts';
import { unprotected } from './judge.ts';

/**
 * The report of a file that lies in `failed/` with each failed row made one that can be done, by one cell, as a person does who then
 * drops it again; undefined where none lies there whose rows failed. The file itself is marked as redone. No file is
 * corrected twice, and none of which there are several: nobody could say which of them it is.
 */
export async function correctReport(
  failed: string,
  dropped: readonly CargoFile[],
  cargo: Cargo,
): Promise<CargoFile | undefined> {
  for (const name of await readdir(failed).catch(() => [])) {
    const content = await readFile(join(failed, name));
    const found = dropped.filter(({ bytes }) => bytes.equals(content));
    const [file] = found;
    if (!file || found.length > 1 || file.isUnreadable || file.end.isRedone) continue;
    const report = join(failed, `${basename(name, extname(name))}.report.csv`);
    const corrected = correctedOf(await readFile(report, 'utf8'), file, cargo);
    file.end.isRedone = true;
    return corrected;
  }
  return undefined;
}

const written = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function correctedOf(report: string, { delimiter }: CargoFile, cargo: Cargo): CargoFile {
  const [header = [], ...records] = parse(report, { bom: true, delimiter }) as string[][];
  const ours = header.indexOf('trackdrop_line');
  const columnOf = (words: string) =>
    header.findIndex((name) => name.toLowerCase().replace(/[ _-]/g, '') === words);
  const [orderAt, numberAt] = [columnOf('ordernumber'), columnOf('trackingnumber')];
  const head = `${header.map(written).join(delimiter)}\r\n`;
  const rows: CargoRow[] = [];
  let line = 2;
  for (const cells of records) {
    const isFailed = outcomeClass(cells[ours + 1] as Parameters<typeof outcomeClass>[0]) === 'failed';
    let kind: CargoRow['kind'] = { kind: 'fixed', outcome: 'skipped' };
    if (isFailed) {
      const [order, number] = [cells[orderAt] ?? '', cells[numberAt] ?? ''].map(unprotected);
      const right = cargo.correct(order ?? '', number ?? '');
      cells[orderAt] = right.order;
      cells[numberAt] = right.number;
      kind = { kind: 'number', order: right.order, number: right.number };
    }
    const record = `${cells.map(written).join(delimiter)}\r\n`;
    rows.push({ line, record, fields: cells.slice(0, ours).map(unprotected), kind });
    line += record.split('\n').length - 1;
  }
  const bytes = Buffer.from(head + rows.map(({ record }) => record).join(''));
  return { name: 'corrected.csv', bytes, head, delimiter, rows, isUnreadable: false, end: {} };
}
