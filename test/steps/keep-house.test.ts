import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Events } from '../../src/events.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { keepHouse, tidyUp } from '../../src/steps/keep-house.ts';
import { HandClock } from '../intake/hand-clock.ts';
import { ledgerFolder } from '../ledger/folder.ts';
import { enterDrop } from '../ledger/small-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
const ROWS = [['100', 'A']] as const;

async function house() {
  const folder = await ledgerFolder();
  const ledger = openLedger(folder.file);
  const events = new Events();
  const clock = new HandClock();
  const stop = new AbortController();
  const config = {
    keep: { processedMs: null, failedMs: null, ledgerMs: DAY_MS },
    inboxes: [],
  };
  return {
    ledger,
    events,
    clock,
    parts: { ledger, events, clock, signal: stop.signal, mounts: { require: async () => {} } },
    config,
    /** A drop that was settled so long ago, by the clock as it is now. */
    settle: (id: string, agoMs: number) =>
      enterDrop(ledger, { id, rows: ROWS, settledAtMs: clock.nowMs() - agoMs, folder: '/nowhere' }),
    pruned: () => events.next('ledger.pruned', undefined, AbortSignal.timeout(60_000)),
    /** Ends when every settled drop has its keys; a turn of the event loop each time that it looks. */
    async untilKeyed() {
      const deadlineMs = performance.now() + 60_000;
      while (ledger.rowKeys.nextWithout(0) !== undefined) {
        assert.ok(performance.now() < deadlineMs, 'the keys were never entered');
        await new Promise(setImmediate);
      }
    },
    stop: () => stop.abort(),
    async [Symbol.asyncDispose]() {
      ledger[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('Beside the work', () => {
  it('the rows of a drop are entered by their keys at the start, and of each that is settled later', async () => {
    await using at = await house();
    at.settle('before', 0);
    const kept = keepHouse(at.config, at.parts);
    await at.untilKeyed();
    at.settle('later', 0);
    at.events.emit('drop.settled', {
      drop: 'later',
      inbox: 'inbox',
      name: 'later.csv',
      folder: '/nowhere',
      file: 'later.csv',
      counts: {},
    });
    await at.untilKeyed();
    at.stop();
    await kept;
  });

  for (const end of ['drop.vanished', 'drop.wait-ended'] as const) {
    it(`they are entered of one that ends without a file to put away too, as ${end} says`, async () => {
      await using at = await house();
      const kept = keepHouse(at.config, at.parts);
      at.settle('gone', 0);
      const facts = {
        drop: 'gone',
        inbox: 'inbox',
        name: 'gone.csv',
        folder: '/nowhere',
        rows: 0,
        gaveUp: 0,
      };
      at.events.emit(end, { ...facts, why: 'taken-away' });
      await at.untilKeyed();
      at.stop();
      await kept;
    });
  }

  it('what is too old goes a minute after the start, and then once a day', async () => {
    await using at = await house();
    at.settle('old', 2 * DAY_MS);
    const kept = keepHouse(at.config, at.parts);
    const first = at.pruned();
    await at.clock.move(59_999);
    assert.ok(at.ledger.drops.byId('old'));
    await at.clock.move(1);
    assert.deepEqual(await first, { files: 0, drops: 1, rows: 1 });

    at.settle('next', 2 * DAY_MS);
    const second = at.pruned();
    await at.clock.move(DAY_MS - 1);
    assert.ok(at.ledger.drops.byId('next'));
    await at.clock.move(1);
    await second;
    at.stop();
    await kept;
  });

  it('a run that ends by itself does both once', async () => {
    await using at = await house();
    at.settle('old', 2 * DAY_MS);
    at.settle('young', 0);
    await tidyUp(at.config, at.parts);
    assert.equal(at.ledger.drops.byId('old'), undefined);
    assert.ok(at.ledger.drops.byId('young'));
    await at.untilKeyed();
  });
});
