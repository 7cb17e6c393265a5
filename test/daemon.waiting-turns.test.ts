import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';

const DAY_MS = 24 * 3_600_000;
const SOON = { orderNotFoundMs: 60_000, orderHeldMs: 0, unpaidMs: 0, everyMs: 60 };
/** The next full one is far away. */
const LATER = { ...SOON, orderNotFoundMs: 3_000 * DAY_MS, everyMs: 1_000 * DAY_MS };

/** The first is looked at by itself only when the test is long over, the second all the time. */
const inboxes = (onExisting: InboxConfig['onExisting'] = 'skip') => [
  { name: 'rare', folder: 'rare', onExisting, waitFor: LATER },
  { name: 'main', onExisting, waitFor: SOON },
];

/** `early.csv` in the first, then `late.csv` in the second, wait for the order 900. */
async function bothWait(onExisting?: InboxConfig['onExisting']): Promise<RunningDaemon> {
  const daemon = await RunningDaemon.start({ inboxes: inboxes(onExisting) });
  for (const [name, inbox] of [
    ['early.csv', 'rare'],
    ['late.csv', 'inbox'],
  ] as const) {
    const rests = daemon.next('drop.waiting', (facts) => facts.name.startsWith(name.slice(0, -4)));
    await daemon.settle(name, plainFile(['900', `1Z${name}`]), inbox);
    await rests;
  }
  return daemon;
}

const settled = (daemon: RunningDaemon, name: string) =>
  daemon.next('drop.settled', (facts) => facts.name === name);

/** How the rows of the file end. */
async function endOf(daemon: RunningDaemon, name: string): Promise<readonly string[]> {
  return (await daemon.report(await settled(daemon, name))).lines;
}

const comes = (daemon: RunningDaemon) => daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });

describe('Files that wait for the same order', { concurrency: true }, () => {
  it('are written in the order of their claims, though the later one is the one that is due', async () => {
    await using daemon = await bothWait();
    const ends = Promise.all([endOf(daemon, 'early.waiting.csv'), endOf(daemon, 'late.waiting.csv')]);
    comes(daemon);
    assert.deepEqual(await ends, [['2: tracked'], ['2: skipped']]);
    assert.deepEqual(daemon.standing('900'), ['1Zearly.csv']);
  });

  it('leave the number of the last one with replace, and the customer is told of both in turn', async () => {
    await using daemon = await bothWait('replace');
    const ends = Promise.all([endOf(daemon, 'early.waiting.csv'), endOf(daemon, 'late.waiting.csv')]);
    comes(daemon);
    assert.deepEqual(await ends, [['2: tracked'], ['2: replaced']]);
    assert.deepEqual(daemon.standing('900'), ['1Zlate.csv']);
  });

  it('go before each other over a third file that waits for orders of both', async () => {
    await using daemon = await RunningDaemon.start({ inboxes: inboxes() });
    for (const [name, content, inbox] of [
      ['a.csv', plainFile(['900', '1ZA']), 'rare'],
      ['b.csv', plainFile(['900', '1ZB'], ['901', '1ZB1']), 'rare'],
      ['c.csv', plainFile(['901', '1ZC'], ['902', '1ZC2']), 'inbox'],
    ] as const) {
      const rests = daemon.next('drop.waiting', (facts) => facts.name.startsWith(name.slice(0, 1)));
      await daemon.settle(name, content, inbox);
      await rests;
    }
    const ends = Promise.all([endOf(daemon, 'a.waiting.csv'), endOf(daemon, 'b.waiting.csv')]);
    daemon.sandbox.addOrders(['900', '901'].map((incrementId) => ({ incrementId, shipments: [{}] })));
    assert.deepEqual(await ends, [['2: tracked'], ['2: skipped', '3: tracked']]);
    assert.deepEqual([...daemon.standing('900'), ...daemon.standing('901')], ['1ZA', '1ZB1']);
  });

  it('hold no later one back once the earlier one was taken away', async () => {
    await using daemon = await bothWait();
    const [ended, end] = [daemon.next('drop.wait-ended'), endOf(daemon, 'late.waiting.csv')];
    await rm(join(daemon.data, 'waiting-rare/early.waiting.csv'));
    assert.equal((await ended).name, 'early.waiting.csv');
    comes(daemon);
    assert.deepEqual(await end, ['2: tracked']);
  });

  it('hold no later one back where the folder of the earlier one is not there', async () => {
    await using daemon = await bothWait();
    const [stuck, end] = [daemon.next('drop.stuck'), endOf(daemon, 'late.waiting.csv')];
    await rename(join(daemon.data, 'waiting-rare'), join(daemon.data, 'elsewhere'));
    assert.equal((await stuck).name, 'early.waiting.csv');
    comes(daemon);
    assert.deepEqual(await end, ['2: tracked']);
    assert.deepEqual(daemon.standing('900'), ['1Zlate.csv']);
  });

  it('are each looked at once when they are due, however many there are', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.start({ clock, inbox: { waitFor: LATER } });
    const waits = async (name: string, order: string) => {
      const rests = daemon.next('drop.waiting', (facts) => facts.name === `${name}.waiting.csv`);
      await daemon.settle(`${name}.csv`, plainFile([order, `1Z${name}`]));
      await rests;
    };
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await waits(name, '900');
    daemon.sandbox.resetCounts();
    const looks: string[] = [];
    const all = daemon.next('drop.waiting', ({ name }) => looks.push(name) === names.length + 1);
    clock.aheadMs = LATER.everyMs;
    // Nothing else has the daemon look at the clock before a minute is over.
    await waits('f', '901');
    await all;
    assert.deepEqual(
      looks.sort(),
      [...names, 'f'].map((name) => `${name}.waiting.csv`),
    );
    assert.equal(daemon.sandbox.counts().orders, names.length + 1);
  });
});
