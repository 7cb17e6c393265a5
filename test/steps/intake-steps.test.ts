import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { StoppedError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { intakeSteps } from '../../src/steps/intake-steps.ts';
import { HandClock } from '../intake/hand-clock.ts';
import { ledgerFolder } from '../ledger/folder.ts';

const ACCESS = { uid: null, fileMode: 0o640, folderMode: 0o750, gid: null };
const OPTIONS = {
  limits: { fileBytes: 1, rows: 1, recordBytes: 1, fieldBytes: 1 },
  timezone: 'UTC',
  doubtForMs: 1,
  once: false,
};

/** The steps of a store, with a ledger that finds no room until it is given some. */
async function scene() {
  const folder = await ledgerFolder();
  const whole = openLedger(folder.file);
  const stop = new AbortController();
  let isFull = true;
  const ledger = {
    ...whole,
    drops: {
      ...whole.drops,
      unsettled() {
        if (isFull) throw new Error('database or disk is full');
        return whole.drops.unsettled();
      },
    },
  };
  const parts = { ledger, events: new Events(), clock: new HandClock(), signal: stop.signal, access: ACCESS };
  return {
    steps: intakeSteps([], OPTIONS, parts),
    stop,
    makeRoom: () => {
      isFull = false;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      whole[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('The files of writers that go on', () => {
  it('are not looked at before what was left is known, also where that needs another try', async () => {
    await using at = await scene();
    let isBegun = false;
    // It ends as it begins: no inbox feeds the store.
    const hearing = at.steps.hearWriters().then(() => {
      isBegun = true;
    });
    await assert.rejects(at.steps.leftovers(), { message: /disk is full/ });
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    assert.equal(isBegun, false);
    at.makeRoom();
    await at.steps.leftovers();
    await hearing;
  });

  it('are not waited for by a process that stops meanwhile', async () => {
    await using at = await scene();
    const hearing = at.steps.hearWriters();
    at.stop.abort();
    await assert.rejects(hearing, StoppedError);
  });
});
