import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { OUTCOMES, outcomeClass } from '../../src/domain/outcome.ts';
import type { Controls } from '../../src/sandbox/control.ts';
import type { DataFolder } from '../processes/data-folder.ts';
import type { Expectation, ModelFile } from './expectation.ts';

/** Everything that is other than expected, in words; empty when all is well. */
export async function findings(
  expected: Expectation,
  folder: DataFolder,
  shop: Pick<Controls, 'tracks' | 'shipments'>,
): Promise<readonly string[]> {
  return [...(await inFolders(expected.files, folder)), ...inShop(expected.standing, shop)];
}

function inShop(
  standing: ReadonlySet<string>,
  { tracks, shipments }: Pick<Controls, 'tracks' | 'shipments'>,
): string[] {
  const found: string[] = [];
  const there = Map.groupBy(tracks(), ({ order, trackNumber }) => `${order} ${trackNumber}`);
  for (const each of standing) if (!there.has(each)) found.push(`lost: ${each} stands nowhere`);
  for (const [each, same] of there) {
    if (!standing.has(each)) found.push(`${each} stands, and no file asks for it`);
    if (same.length > 1) found.push(`doubled: ${each} stands ${same.length} times`);
  }
  for (const [order, same] of Map.groupBy(shipments(), (shipment) => shipment.order)) {
    if (same.length > 1) found.push(`doubled: order ${order} has ${same.length} shipments`);
  }
  return found;
}

async function inFolders(files: readonly ModelFile[], folder: DataFolder): Promise<string[]> {
  const found: string[] = [];
  const show = (path: string) => relative(folder.path, path);
  for (const root of [folder.inbox, folder.working, folder.waiting]) {
    for (const path of await pathsIn(root)) found.push(`${show(path)} was left behind`);
  }
  const awaited = [...files];
  const settled = [...(await pathsIn(folder.processed)), ...(await pathsIn(folder.failed))];
  const companions = new Set<string>();
  for (const path of settled.filter((each) => !isCompanion(each))) {
    const bytes = await readFile(path);
    const at = awaited.findIndex((file) => file.bytes.equals(bytes));
    const [file] = at === -1 ? [] : awaited.splice(at, 1);
    if (file === undefined) {
      found.push(`${show(path)} was dropped by nobody, or lies there once too often`);
      continue;
    }
    const { report, retry } = companionsOf(path);
    companions.add(report).add(retry);
    for (const what of await ofSettled(file, path, folder)) found.push(`${show(path)}: ${what}`);
  }
  for (const { bytes } of awaited) found.push(`a file lies in no folder: ${JSON.stringify(String(bytes))}`);
  for (const path of settled.filter(isCompanion)) {
    if (!companions.has(path)) found.push(`${show(path)} belongs to no file`);
  }
  return found;
}

async function ofSettled(file: ModelFile, path: string, folder: DataFolder): Promise<string[]> {
  const { report, retry } = companionsOf(path);
  const hasFailed = file.rows.some(({ isGood }) => !isGood);
  const belongs = hasFailed ? folder.failed : folder.processed;
  const found: string[] = [];
  if (!path.startsWith(`${belongs}/`)) found.push(`belongs into ${basename(belongs)}/`);
  if (existsSync(retry) !== hasFailed) found.push(hasFailed ? 'has no retry file' : 'has a retry file');
  if (!existsSync(report)) return [...found, 'has no report'];
  const [head = [], ...records] = parse(await readFile(report), { bom: true }) as string[][];
  const at = head.indexOf('trackdrop_outcome');
  const outcomes = records.map((record) => OUTCOMES.find((outcome) => outcome === record[at]));
  if (outcomes.length !== file.rows.length) found.push(`its report has ${outcomes.length} rows`);
  for (const [index, { isGood }] of file.rows.entries()) {
    const outcome = outcomes[index];
    const wanted = isGood ? 'done' : 'failed';
    if (outcome === undefined || outcomeClass(outcome) !== wanted)
      found.push(`row ${index + 1} ended ${outcome}, not as one that is ${wanted}`);
  }
  return found;
}

async function pathsIn(root: string): Promise<string[]> {
  if (!existsSync(root)) return [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function isCompanion(path: string): boolean {
  return /\.(report|retry)\.csv$/.test(path);
}

function companionsOf(path: string): { readonly report: string; readonly retry: string } {
  const stem = join(dirname(path), basename(path, extname(path)));
  return { report: `${stem}.report.csv`, retry: `${stem}.retry.csv` };
}
