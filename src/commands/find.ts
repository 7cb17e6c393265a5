import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import { readConfig } from '../config/read.ts';
import { isThere } from '../intake/file-state.ts';
import { quoted } from '../intake/wording.ts';
import { type DoneBy, type FoundRow, type FoundWrite, findRows } from '../ledger/search.ts';
import { printable, printableJson } from '../runtime/printable.ts';
import { zonedTime } from '../runtime/zoned-time.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';

/** What the command line asks for. */
interface FindOptions {
  readonly config: string | undefined;
  /** Order numbers and tracking numbers. */
  readonly asked: readonly string[];
  readonly json: boolean;
}

/** A row with the path of its drop's file; null where it is not to be found any more. */
interface PlacedRow extends FoundRow {
  readonly liesAt: string | null;
}

/** What the ledger knows of one thing that was asked for. */
interface Finding {
  readonly asked: string;
  readonly rows: readonly PlacedRow[];
}

/**
 * Says everything that is known of orders and tracking numbers: which files named them, what became of those rows, which
 * writes were made, and where the files lie now. Exit code 0 when each of them was found, else 1.
 * @throws ConfigError as `readConfig` does; what `findRows` throws.
 */
export async function findCommand(
  { config: file, asked, json }: FindOptions,
  shell: Pick<Shell, 'env' | 'cwd' | 'stdout'>,
): Promise<number> {
  const { config } = await readConfig({ file, env: shell.env, cwd: shell.cwd });
  const findings: Finding[] = [];
  for (const each of asked) {
    const rows = findRows(config.ledger, each) ?? [];
    findings.push({ asked: each, rows: await placed(rows, config.inboxes) });
  }
  if (json) shell.stdout.write(`${printableJson({ ledger: config.ledger, findings })}\n`);
  else {
    const told = { ledger: config.ledger, time: zonedTime(config.timezone) };
    shell.stdout.write(findings.map((finding) => inWords(finding, told)).join('\n'));
  }
  return findings.every(({ rows }) => rows.length > 0) ? EXIT.done : 1;
}

/** A file that many rows were in is looked for once. */
async function placed(rows: readonly FoundRow[], inboxes: readonly InboxConfig[]): Promise<PlacedRow[]> {
  const paths = new Map<string, string | null>();
  const found: PlacedRow[] = [];
  for (const row of rows) {
    let liesAt = paths.get(row.drop);
    if (liesAt === undefined) {
      liesAt = await placeOf(row, inboxes);
      paths.set(row.drop, liesAt);
    }
    found.push({ ...row, liesAt });
  }
  return found;
}

async function placeOf(
  { drop, inbox, name, folder, file }: FoundRow,
  inboxes: readonly InboxConfig[],
): Promise<string | null> {
  const own = inboxes.find((each) => each.name === inbox);
  const places = own ? [join(own.working, drop, name), join(own.waiting, name)] : [];
  if (folder !== null && file !== null) places.unshift(join(folder, file));
  for (const path of places) if (await isThere(path)) return path;
  return null;
}

interface Telling {
  readonly ledger: string;
  time(atMs: number): string;
}

function inWords({ asked, rows }: Finding, { ledger, time }: Telling): string {
  if (rows.length === 0) {
    return `${printable(asked)}: no file in ${ledger} named this order or tracking number\n`;
  }
  const lines = [`${asked}: ${rows.length === 1 ? '1 row' : `${rows.length} rows`}`];
  let drop = '';
  for (const row of rows) {
    if (row.drop !== drop) lines.push(...dropInWords(row, time));
    drop = row.drop;
    lines.push(...rowInWords(row, time));
  }
  return lines.map((line) => `${printable(line)}\n`).join('');
}

const MOVED = 'its file is not where it was put: it was moved, taken away or removed for its age';
const TAKEN = 'its file was taken away from the folder working or waiting before it was put away';

function dropInWords(
  { name, drop, inbox, claimedAtMs, settledAtMs, state, file, liesAt }: PlacedRow,
  time: Telling['time'],
): string[] {
  const wasTaken = settledAtMs !== null && file === null;
  const settled = settledAtMs === null ? state : `${wasTaken ? 'ended' : 'settled'} ${time(settledAtMs)}`;
  return [
    `  ${name}, taken ${time(claimedAtMs)} from inbox ${inbox}, ${settled} (${drop})`,
    `    ${liesAt ?? (wasTaken ? TAKEN : MOVED)}`,
  ];
}

function rowInWords(row: PlacedRow, time: Telling['time']): string[] {
  const { line, order, trackingNumber, outcome, message, note, orderId, shipmentId, trackId, mail, doneBy } =
    row;
  const ids = [
    ['order', orderId],
    ['shipment', shipmentId],
    ['track', trackId],
  ].flatMap(([what, id]) => (id === null ? [] : [`${what} ${id}`]));
  const said = outcome === null ? 'no outcome yet' : `${outcome}: ${message ?? ''}`;
  return [
    `    line ${line}: ${trackingNumber} on order ${order}: ${said}${note === null ? '' : `; ${note}`}`,
    ...(ids.length === 0 ? [] : [`      Magento ids: ${ids.join(', ')}`]),
    ...(mail === null ? [] : [`      customer: ${mail}`]),
    ...(doneBy === null ? [] : [`      ${doneByInWords(doneBy, time)}`]),
    ...row.writes.map((write) => `      ${writeInWords(write, time)}`),
  ];
}

/** As the report of the drop says it. */
function doneByInWords({ drop, name, claimedAtMs, line }: DoneBy, time: Telling['time']): string {
  const row = line === null ? '' : `line ${line} of `;
  return `done by ${row}${quoted(name)}, which came at ${time(claimedAtMs)} (${drop})`;
}

function writeInWords(
  { kind, state, message, sentAtMs, answeredAtMs, write }: FoundWrite,
  time: Telling['time'],
): string {
  const answered = answeredAtMs === null ? '' : `, answered ${time(answeredAtMs)}`;
  return `${kind} ${state}, sent ${time(sentAtMs)}${answered} (${write})${message && `: ${message}`}`;
}
