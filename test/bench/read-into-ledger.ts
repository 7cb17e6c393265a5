import { link, mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { dropId } from '../../src/domain/drop.ts';
import { Events } from '../../src/events.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Inboxes } from '../../src/steps/inboxes.ts';
import { readStep } from '../../src/steps/read-step.ts';
import { plainConfig, tell } from './plain-inbox.ts';

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
