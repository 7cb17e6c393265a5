import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { outcomeClass } from '../../src/domain/outcome.ts';
import { trackingKey } from '../../src/domain/row.ts';
import { parseWitnessName } from '../../src/intake/names.ts';
import type { ControlledShipment, ControlledTrack } from '../../src/sandbox/control.ts';
import type { DataFolder } from '../processes/data-folder.ts';
import type { Cargo, CargoFile, CargoRow } from './cargo.ts';

/** What was found when everything had come to rest. */
export interface Verdict {
  /** Rows in reports. */
  readonly rows: number;
  /** Numbers that stand nowhere. */
  readonly lost: number;
  /** Numbers that stand twice, and orders with a shipment too many. */
  readonly doubled: number;
  /** Every breach of a promise, in words; empty when all is well. */
  readonly breaches: readonly string[];
}

export interface Evidence {
  readonly folder: DataFolder;
  /** Every file that was dropped, one that was dropped twice twice. */
  readonly dropped: readonly CargoFile[];
  readonly cargo: Pick<Cargo, 'orders'>;
  readonly tracks: readonly ControlledTrack[];
  readonly shipments: readonly ControlledShipment[];
}

interface ReportedRow {
  readonly where: string;
  readonly outcome: string;
  readonly trackId: string;
}

/** Which rows said what about one number of one order. */
type Told = Map<string, ReportedRow[]>;

/** Compares shop, folders and reports with what was dropped. Nothing may be at work any more. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const breaches: string[] = [];
  const told: Told = new Map();
  const { inbox, working, processed, failed } = evidence.folder;
  const files = await readTrees([inbox, working, processed, failed]);
  judgeLeftovers(files, evidence.folder, breaches);
  const rows = judgeFiles(files, evidence, told, breaches);
  const { lost, doubled } = judgeShop(evidence, told, breaches);
  return { rows, lost, doubled, breaches };
}

/** Path to content; null for a folder without anything in it. */
type Tree = ReadonlyMap<string, Buffer | null>;

async function readTrees(roots: readonly string[]): Promise<Tree> {
  const tree = new Map<string, Buffer | null>();
  for (const root of roots.filter(existsSync)) {
    for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) tree.set(path, await readFile(path));
      else if ((await readdir(path)).length === 0) tree.set(path, null);
    }
  }
  return tree;
}

/**
 * Inbox and `working/` hold nothing, and nowhere is a file that is hidden, temporary or empty. The original of a file that
 * was copied stays for a while, and must be what lies at the end.
 */
function judgeLeftovers(files: Tree, folder: DataFolder, breaches: string[]): void {
  const mustBeEmpty = new Set([folder.inbox, folder.working]);
  const settled = [...files].filter(([path]) => isOutput(path, folder)).map(([, content]) => content);
  for (const [path, content] of files) {
    const shown = relative(folder.path, path);
    if (parseWitnessName(basename(path)) !== undefined) {
      if (!settled.some((other) => content !== null && other?.equals(content)))
        breaches.push(`${shown} holds what no settled file holds`);
      continue;
    }
    const isBelow = [...mustBeEmpty].some((each) => path.startsWith(`${each}/`));
    if (isBelow) breaches.push(`${shown} was left behind`);
    else if (basename(path).startsWith('.')) breaches.push(`${shown} is a hidden name`);
    else if (content?.length === 0 && isOutput(path, folder))
      breaches.push(`${shown} is an empty placeholder`);
  }
}

function isOutput(path: string, { processed, failed }: DataFolder): boolean {
  return path.startsWith(`${processed}/`) || path.startsWith(`${failed}/`);
}

/** Every input lies in one folder, whole, with its report and its retry file; returns the rows reported. */
function judgeFiles(
  files: Tree,
  { folder, dropped, cargo }: Evidence,
  told: Told,
  breaches: string[],
): number {
  const expected = new Map<string, CargoFile[]>();
  for (const file of dropped) {
    const content = file.bytes.toString('base64');
    expected.set(content, [...(expected.get(content) ?? []), file]);
  }
  const companions = new Set<string>();
  let rows = 0;
  for (const [path, content] of files) {
    if (content === null || !isOutput(path, folder) || isCompanion(path)) continue;
    const shown = relative(folder.path, path);
    const input = expected.get(content.toString('base64'))?.pop();
    if (input === undefined) {
      breaches.push(`${shown} is no file that was dropped, or lies there once too often`);
      continue;
    }
    const say = (what: string) => breaches.push(`${shown}: ${what}`);
    const { report, retry } = companionsOf(path);
    companions.add(report).add(retry);
    const failed = input.rows.filter(isFailed);
    const belongs = failed.length > 0 || input.isUnreadable ? folder.failed : folder.processed;
    if (!path.startsWith(`${belongs}/`)) say(`belongs into ${basename(belongs)}/`);
    rows += judgeReport(input, files.get(report)?.toString(), { path: shown, cargo, told, say });
    const wanted = failed.length === 0 ? undefined : input.head + failed.map(({ record }) => record).join('');
    if (files.get(retry)?.toString() !== wanted) say('its retry file does not hold exactly the failed rows');
  }
  for (const inputs of expected.values()) {
    for (const { name, bytes } of inputs) breaches.push(`${name} (${bytes.length} bytes) lies in no folder`);
  }
  for (const path of files.keys()) {
    if (isOutput(path, folder) && isCompanion(path) && !companions.has(path))
      breaches.push(`${relative(folder.path, path)} belongs to no file`);
  }
  return rows;
}

function isCompanion(path: string): boolean {
  return /\.(report|retry)\.[^.]+$/.test(path);
}

function companionsOf(path: string): { readonly report: string; readonly retry: string } {
  const extension = extname(path);
  const stem = join(dirname(path), basename(path, extension));
  return { report: `${stem}.report.csv`, retry: `${stem}.retry${extension}` };
}

function isFailed({ kind }: CargoRow): boolean {
  return kind.kind === 'fixed' && outcomeClass(kind.outcome) === 'failed';
}

interface ReportContext {
  readonly path: string;
  readonly cargo: Pick<Cargo, 'orders'>;
  readonly told: Told;
  readonly say: (what: string) => void;
}

function judgeReport(input: CargoFile, text: string | undefined, context: ReportContext): number {
  const { say } = context;
  if (text === undefined) {
    say('has no report');
    return 0;
  }
  const delimiter = input.isUnreadable ? [',', ';'] : input.delimiter;
  const [head = [], ...records] = parse(text, { bom: true, delimiter }) as string[][];
  const ours = head.indexOf('trackdrop_line');
  if (input.isUnreadable) {
    if (records.length !== 1 || records[0]?.[ours + 1] !== 'bad-row')
      say('an unreadable file has one bad row');
    return records.length;
  }
  const lines = records.map((record) => Number(record[ours]));
  const expected = input.rows.map(({ line }) => line);
  if (lines.join() !== expected.join()) {
    say(`its report has the lines ${lines.join()}, the file has ${expected.join()}`);
    return records.length;
  }
  for (const [at, row] of input.rows.entries()) {
    const record = records[at] ?? [];
    const original = record.slice(0, ours).map(unprotected);
    if (original.join('\0') !== row.fields.join('\0'))
      say(`line ${row.line} stands there as ${original.join('|')}`);
    judgeRow(row, record.slice(ours), context);
  }
  return records.length;
}

function judgeRow({ kind, line }: CargoRow, reported: readonly string[], context: ReportContext): void {
  const [, outcome = '', message = '', , , trackId = ''] = reported;
  if (message === '') context.say(`line ${line} has no message`);
  if (kind.kind === 'fixed') {
    if (outcome !== kind.outcome)
      context.say(`line ${line} ended ${outcome} (${message}), not ${kind.outcome}`);
    return;
  }
  const key = keyOf(kind.order, kind.number);
  const rows = context.told.get(key) ?? [];
  context.told.set(key, [...rows, { where: `${context.path} line ${line}: ${message}`, outcome, trackId }]);
}

function unprotected(cell: string): string {
  return /^="(.*)"$/s.exec(cell)?.[1] ?? cell.replace(/^'/, '');
}

function keyOf(order: string, number: string): string {
  return `${order} ${trackingKey(number)}`;
}

/** Each number that was told stands once, each order has the shipments it needs, and nothing else is there. */
function judgeShop(
  { cargo, tracks, shipments }: Evidence,
  told: Told,
  breaches: string[],
): { lost: number; doubled: number } {
  let lost = 0;
  let doubled = 0;
  const standing = Map.groupBy(tracks, ({ order, trackNumber }) => keyOf(order, trackNumber));
  const before = new Set<string>();
  for (const { number, before: numbers } of cargo.orders.values())
    for (const each of numbers) before.add(keyOf(number, each));

  for (const [key, rows] of told) {
    const found = standing.get(key) ?? [];
    if (found.length === 0) {
      lost += 1;
      breaches.push(`lost: ${key}, told by ${rows.map(inWords).join('; ')}`);
    }
    const ids = new Set(found.map(({ entityId }) => String(entityId)));
    for (const { trackId, where } of rows) {
      if (trackId !== '' && !ids.has(trackId)) breaches.push(`${where}: track ${trackId} does not stand`);
    }
    const writers = rows.filter(({ outcome }) => outcome === 'tracked' || outcome === 'shipped');
    const followers = rows.filter(({ outcome }) => outcome === 'already-tracked');
    const isTrue = writers.length === (before.has(key) ? 0 : 1);
    if (!isTrue || writers.length + followers.length !== rows.length)
      breaches.push(`the rows about ${key} ended ${rows.map(inWords).join('; ')}`);
  }
  for (const [key, found] of standing) {
    if (found.length > 1) {
      doubled += 1;
      breaches.push(`doubled: ${key} stands ${found.length} times, ${JSON.stringify(found)}`);
    }
    if (!told.has(key) && !before.has(key)) breaches.push(`${key} stands, and no row asked for it`);
  }
  const shippedOrders = Map.groupBy(shipments, ({ order }) => order);
  const wanted = new Set([...told.keys()].map((key) => key.split(' ', 1)[0]));
  for (const { number, state } of cargo.orders.values()) {
    const needed = state === 'shipped' || (state === 'open' && wanted.has(number)) ? 1 : 0;
    const found = shippedOrders.get(number)?.length ?? 0;
    if (found > needed) doubled += 1;
    if (found !== needed) breaches.push(`the order ${number} (${state}) has ${found} shipments`);
  }
  return { lost, doubled };
}

function inWords({ where, outcome }: ReportedRow): string {
  return `${outcome} (${where})`;
}
