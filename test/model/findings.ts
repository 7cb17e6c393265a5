import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { OUTCOMES, outcomeClass } from '../../src/domain/outcome.ts';
import { parseWitnessName } from '../../src/intake/names.ts';
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
  const settled = [...(await pathsIn(folder.processed)), ...(await pathsIn(folder.failed))];
  const contents = new Map<string, Buffer>();
  for (const path of settled) contents.set(path, await readFile(path));
  for (const root of [folder.inbox, folder.working, folder.waiting]) {
    for (const path of await pathsIn(root)) {
      const bytes = await readFile(path);
      // The original of a file that was copied stays for a while.
      const isKept = parseWitnessName(basename(path)) !== undefined;
      if (!isKept || ![...contents.values()].some((each) => each.equals(bytes)))
        found.push(`${show(path)} was left behind`);
    }
  }
  const drops = settled.filter((path) => !isCompanion(path));
  const known = new Set<string>();
  for (const same of Map.groupBy(files, ({ bytes }) => bytes.toString('base64')).values()) {
    const [file] = same as [ModelFile];
    const paths = drops.filter((path) => contents.get(path)?.equals(file.bytes));
    for (const path of paths) known.add(path);
    const mayBeMore = same.some(({ part }) => part !== null);
    if (paths.length > same.length && !mayBeMore) found.push(`${paths.map(show).join()} are one too many`);
    const wrong: string[] = [];
    let right = 0;
    for (const path of paths) {
      const what = await ofSettled(file, path, folder);
      if (what.length === 0) right += 1;
      wrong.push(...what.map((each) => `${show(path)}: ${each}`));
    }
    if (right >= same.length) continue;
    const text = JSON.stringify(String(file.bytes));
    found.push(`of ${same.length} times ${text} there are ${right} as they must be`, ...wrong);
  }
  const parts = files.flatMap(({ part }) => (part === null ? [] : [part]));
  for (const path of drops) {
    if (!known.has(path) && !parts.some((part) => contents.get(path)?.equals(part)))
      found.push(`${show(path)} was dropped by nobody`);
    if (!existsSync(companionsOf(path).report)) found.push(`${show(path)} has no report`);
  }
  const companions = new Set(drops.flatMap((path) => Object.values(companionsOf(path))));
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
  if (!existsSync(report)) return found;
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
