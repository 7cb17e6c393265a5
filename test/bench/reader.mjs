import { createReadStream } from 'node:fs';
import { link, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'csv-parse';

// Reads a plain file in one of three ways, and says on one line how many rows there were, how long that took, and the
// most memory it held. Arguments: the way, the file.
//
// JavaScript, and made of the built program: from TypeScript a process holds Node's compiler as well, some 25 MB
// that no daemon has.

const BYTES_PER_KIB = 1024;
const built = (path) => import(new URL(`../../dist/${path}.js`, import.meta.url).href);

/** What csv-parse alone does: records, each looked at by nobody. */
async function withCsvParse(file) {
  const startedAtMs = performance.now();
  const parser = createReadStream(file).pipe(parse());
  let records = 0;
  // The quickest of the ways that its documentation shows.
  parser.on('readable', () => {
    while (parser.read() !== null) records += 1;
  });
  await new Promise((resolve, reject) => {
    parser.once('end', resolve).once('error', reject);
  });
  return { rows: records - 1, startedAtMs };
}

/** To rows, and nobody who keeps them. */
async function toRows(file) {
  const { readDrop } = await built('intake/reading/read');
  const { config, inbox } = await plainConfig(dirname(file));
  const startedAtMs = performance.now();
  const options = { ...inbox, name: basename(file), limits: config.limits };
  const { records } = await readDrop(file, options, new AbortController().signal);
  let rows = 0;
  for await (const some of records) {
    for (const { verdict } of some) if (verdict.kind === 'row') rows += verdict.rows.length;
  }
  return { rows, startedAtMs };
}

/** The daemon's own step from a claimed file to a ledger that holds all of its rows; the ledger is made beside it. */
async function intoLedger(file) {
  const { dropId } = await built('domain/drop');
  const { Events } = await built('events');
  const { openLedger } = await built('ledger/ledger');
  const { systemClock } = await built('runtime/clock');
  const { intakeSteps } = await built('steps/intake-steps');
  const { config, inbox } = await plainConfig(dirname(file));
  using ledger = openLedger(config.ledger);
  const events = new Events();
  const parts = { ledger, events, clock: systemClock, signal: new AbortController().signal };
  const { limits, timezone } = config;
  const steps = intakeSteps(config.inboxes, { limits, timezone, once: false, doubtForMs: 0 }, parts);
  const drop = ledger.drops.begin({
    id: dropId(systemClock.wallMs(), systemClock.random()),
    inbox: inbox.name,
    store: inbox.store,
    name: basename(file),
    bytes: (await stat(file)).size,
    claimedAtMs: systemClock.wallMs(),
  });
  const path = join(inbox.working, drop.id, drop.name);
  await mkdir(dirname(path), { recursive: true });
  await link(file, path);
  let rows = 0;
  events.on('drop.read', (read) => {
    rows = read.rows;
  });
  const startedAtMs = performance.now();
  await steps.read(drop);
  return { rows, startedAtMs };
}

/** What a daemon without a configuration file decides: every default, the presets among them. Nobody asks its store. */
async function plainConfig(data) {
  const { readConfig } = await built('config/read');
  const env = {
    TRACKDROP_DATA: data,
    TRACKDROP_STORE_URL: 'http://127.0.0.1:1',
    TRACKDROP_STORE_BEARER: 'none',
  };
  const { config } = await readConfig({ env, cwd: data });
  return { config, inbox: config.inboxes[0] };
}

const WAYS = { 'csv-parse': withCsvParse, rows: toRows, ledger: intoLedger };
const [way, file] = process.argv.slice(2);
const { rows, startedAtMs } = await WAYS[way](file);
const tookMs = performance.now() - startedAtMs;
const mostResidentBytes = process.resourceUsage().maxRSS * BYTES_PER_KIB;
process.stdout.write(`${JSON.stringify({ rows, tookMs, mostResidentBytes })}\n`);
