import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { outcomeClass } from '../../src/domain/outcome.ts';
import { parseWitnessName } from '../../src/intake/names.ts';
import type { DataFolder } from '../processes/data-folder.ts';
import type { Cargo } from './cargo.ts';
import type { CargoFile, CargoRow } from './cargo-file.ts';
import { judgeShop, keyOf, type Owed, type ShopEvidence, type Told } from './judge-shop.ts';

/** What was found when everything had come to rest. */
export interface Verdict {
  /** Rows in reports. */
  readonly rows: number;
  /** Rows that waited for their orders. */
  readonly waited: number;
  /** Numbers that stand nowhere. */
  readonly lost: number;
  /** Numbers that stand twice, and orders with a shipment too many. */
  readonly doubled: number;
  /** Every breach of a promise, in words; empty when all is well. */
  readonly breaches: readonly string[];
}

export interface Evidence extends ShopEvidence {
  readonly folder: DataFolder;
  /** Every file that was dropped, one that was dropped twice twice. */
  readonly dropped: readonly CargoFile[];
}

/** Compares shop, folders and reports with what was dropped. Nothing may be at work any more. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const breaches: string[] = [];
  const told: Told = new Map();
  const { inbox, working, waiting, processed, failed } = evidence.folder;
  const files = await readTrees([inbox, working, waiting, processed, failed]);
  judgeLeftovers(files, evidence.folder, breaches);
  const owed: Owed = new Map();
  const rows = judgeFiles(files, evidence, { told, owed }, breaches);
  const waited = owed.size;
  for (const [key, count] of owed)
    if (count !== 0) breaches.push(`${count} rows about ${key} wait in no file`);
  const { lost, doubled } = judgeShop(evidence, told, breaches);
  return { rows, waited, lost, doubled, breaches };
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
 * Inbox, `working/` and `waiting/` hold nothing, and nowhere is a file that is hidden, temporary or empty. The original of a file that
 * was copied stays for a while, and must be what lies at the end.
 */
function judgeLeftovers(files: Tree, folder: DataFolder, breaches: string[]): void {
  const mustBeEmpty = new Set([folder.inbox, folder.working, folder.waiting]);
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

/** What must lie somewhere, each file once; and what a file may have been taken for while its writer paused, at most once. */
class Expected {
  readonly #files: Map<string, CargoFile[]>;
  /** By what the settled file may hold: the first part, or all of it where that is the file that the writer went on with. */
  readonly #parts = new Map<string, CargoFile>();
  readonly #taken = new Set<CargoFile>();

  constructor(dropped: readonly CargoFile[]) {
    this.#files = Map.groupBy(dropped, ({ bytes }) => keyOfContent(bytes));
    for (const { bytes, part } of dropped)
      if (part) this.#parts.set(keyOfContent(bytes), part).set(keyOfContent(part.bytes), part);
  }

  /** Which file this is, by its bytes and by how many rows its report tells of; undefined where it is none any more. */
  take(content: Buffer, report: string | undefined): CargoFile | undefined {
    const part = this.#parts.get(keyOfContent(content));
    if (part && report !== undefined && !this.#taken.has(part)) {
      const records = parse(report, { bom: true, delimiter: part.delimiter }) as string[][];
      if (records.length - 1 === part.rows.length) {
        this.#taken.add(part);
        return part;
      }
    }
    return this.#files.get(keyOfContent(content))?.pop();
  }

  left(): readonly CargoFile[] {
    return [...this.#files.values()].flat();
  }
}

function keyOfContent(content: Buffer): string {
  return content.toString('base64');
}

/** Every input lies in one folder, whole, with its report and its retry file; returns the rows reported. */
function judgeFiles(
  files: Tree,
  { folder, dropped, cargo }: Evidence,
  { told, owed }: { readonly told: Told; readonly owed: Owed },
  breaches: string[],
): number {
  const expected = new Expected(dropped);
  const companions = new Set<string>();
  let rows = 0;
  for (const [path, content] of files) {
    if (content === null || !isOutput(path, folder) || isCompanion(path)) continue;
    const shown = relative(folder.path, path);
    const { report, retry } = companionsOf(path);
    const input = expected.take(content, files.get(report)?.toString());
    if (input === undefined && isOfWaiting(path)) {
      companions.add(report);
      if (!path.startsWith(`${folder.processed}/`)) breaches.push(`${shown} belongs into processed`);
      rows += judgeWaited(shown, files.get(report)?.toString(), { told, owed }, breaches);
      continue;
    }
    if (input === undefined) {
      breaches.push(`${shown} is no file that was dropped, or lies there once too often`);
      continue;
    }
    const say = (what: string) => breaches.push(`${shown}: ${what}`);
    companions.add(report).add(retry);
    const failed = input.rows.filter(isFailed);
    const isFailure = (failed.length > 0 && !input.end.isRedone) || input.isUnreadable;
    const belongs = isFailure ? folder.failed : folder.processed;
    if (!path.startsWith(`${belongs}/`)) say(`belongs into ${basename(belongs)}/`);
    rows += judgeReport(input, files.get(report)?.toString(), { path: shown, cargo, told, owed, say });
    const wanted = failed.length === 0 ? undefined : input.head + failed.map(({ record }) => record).join('');
    if (files.get(retry)?.toString() !== wanted) say('its retry file does not hold exactly the failed rows');
  }
  for (const { name, bytes } of expected.left())
    breaches.push(`${name} (${bytes.length} bytes) lies in no folder`);
  for (const path of files.keys()) {
    if (isOutput(path, folder) && isCompanion(path) && !companions.has(path))
      breaches.push(`${relative(folder.path, path)} belongs to no file`);
  }
  return rows;
}

/** Rows that waited, in the file in which they did; its orders have all come, and so it is done. */
function judgeWaited(
  path: string,
  text: string | undefined,
  { told, owed }: { readonly told: Told; readonly owed: Owed },
  breaches: string[],
): number {
  if (text === undefined) {
    breaches.push(`${path} has no report`);
    return 0;
  }
  const [head = [], ...records] = parse(text, { bom: true, delimiter: [',', ';'] }) as string[][];
  const words = head.map((name) => name.toLowerCase().replace(/[ _-]/g, ''));
  for (const record of records) {
    const cell = (name: string) => record[words.indexOf(name)] ?? '';
    const key = keyOf(unprotected(cell('ordernumber')), unprotected(cell('trackingnumber')));
    const [outcome, trackId] = [cell('trackdropoutcome'), cell('trackdroptrackid')];
    const where = `${path} line ${cell('trackdropline')}: ${cell('trackdropmessage')}`;
    told.set(key, [...(told.get(key) ?? []), { where, outcome, trackId }]);
    owed.set(key, (owed.get(key) ?? 0) - 1);
  }
  return records.length;
}

function isOfWaiting(path: string): boolean {
  return /\.waiting(-\d+)?\.[^.]+$/.test(path);
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
  readonly owed: Owed;
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
  if (outcome === 'waiting' && context.cargo.orders.get(kind.order)?.isLate) {
    context.owed.set(key, (context.owed.get(key) ?? 0) + 1);
    return;
  }
  const rows = context.told.get(key) ?? [];
  context.told.set(key, [...rows, { where: `${context.path} line ${line}: ${message}`, outcome, trackId }]);
}

/** A cell of a report as the file had it. */
export function unprotected(cell: string): string {
  return /^="(.*)"$/s.exec(cell)?.[1] ?? cell.replace(/^'/, '');
}
