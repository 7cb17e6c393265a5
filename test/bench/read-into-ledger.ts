import { link, mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { built } from './built.ts';
import { plainConfig } from './plain-inbox.ts';
import { tell } from './said.ts';

const { dropId } = await built<typeof import('../../src/domain/drop.ts')>('domain/drop');
const { Events } = await built<typeof import('../../src/events.ts')>('events');
const { openLedger } = await built<typeof import('../../src/ledger/ledger.ts')>('ledger/ledger');
const { systemClock } = await built<typeof import('../../src/runtime/clock.ts')>('runtime/clock');
const { Inboxes } = await built<typeof import('../../src/steps/inboxes.ts')>('steps/inboxes');
const { readStep } = await built<typeof import('../../src/steps/read-step.ts')>('steps/read-step');

// The daemon's own step from a claimed file to a ledger that holds all of its rows. Argument: the file; the ledger is
// made beside it. Says on one line how many rows there were, how long that took, and the most memory it held.
const [file = ''] = process.argv.slice(2);
const { config, inbox } = await plainConfig(dirname(file));
using ledger = openLedger(config.ledger);
const events = new Events();
const parts = { ledger, events, clock: systemClock, signal: new AbortController().signal };
const inboxes = new Inboxes(config.inboxes, false, parts);
const id = dropId(systemClock.wallMs(), systemClock.random());
const name = basename(file);
const { size: bytes } = await stat(file);
const facts = { id, inbox: inbox.name, store: inbox.store, name, bytes, claimedAtMs: systemClock.wallMs() };
const drop = ledger.drops.begin(facts);
const path = inboxes.pathOf(drop);
await mkdir(dirname(path), { recursive: true });
await link(file, path);
let rows = 0;
events.on('drop.read', (read) => {
  rows = read.rows;
});

const startedAtMs = performance.now();
await readStep(inboxes, config.limits, parts).read(drop);
tell(rows, startedAtMs);
