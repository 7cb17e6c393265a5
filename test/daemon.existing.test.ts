import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { numbersOf } from '../src/domain/write.ts';
import type { EventMap } from '../src/events.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const ORDER = '200000001';
const LONG_AGO = '2026-01-02 03:04:05';

const start = (onExisting: 'add' | 'fill' | 'replace' | 'skip', more: Choices = {}) =>
  RunningDaemon.start({ inbox: { onExisting }, ...more });

const messagesOf = (report: string): string[] => {
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf('trackdrop_message')] ?? '');
};

/** What was sent to the store, as `track 1Z1` and `untrack 1Z0`, in its order. */
const sentBy = (daemon: RunningDaemon): string[] =>
  daemon.seen
    .filter(({ name }) => name === 'write.sent')
    .map(({ facts }) => (facts as EventMap['write.sent']).action)
    .map((action) => `${action.kind} ${numbersOf(action).join(', ')}`);

describe('A shipment that carries another number', { concurrency: true }, () => {
  it('is left as it is with skip, and the row says which number stands', async () => {
    await using daemon = await start('skip');
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks: [{ number: 'OLD' }] }] });
    const { lines, text, folder } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: skipped']);
    assert.match(messagesOf(text)[0] ?? '', /has the number OLD already \(track \d+\)/);
    assert.match(folder, /^processed/);
    assert.deepEqual(sentBy(daemon), []);
  });

  it('has every number of one file added with skip where none stood before', async () => {
    await using daemon = await start('skip');
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
    assert.deepEqual(daemon.standing(ORDER), ['1Z1', '1Z2']);
  });

  it('gives way with fill to one of the order that has none', async () => {
    await using daemon = await start('fill');
    const { shipmentIds } = daemon.sandbox.addOrder({
      incrementId: ORDER,
      items: [{ qty: 2 }],
      shipments: [
        { items: [{ index: 0, qty: 1 }] },
        { items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD' }] },
      ],
    });
    const first = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(first.lines, ['2: tracked']);
    const [added] = daemon.sandbox.tracks().filter(({ trackNumber }) => trackNumber === '1Z1');
    assert.equal(added?.shipmentId, shipmentIds[0]);
    const second = await daemon.settle('b.csv', plainFile([ORDER, '1Z2']));
    assert.deepEqual(second.lines, ['2: skipped']);
  });

  it('loses it with replace to the number of a later file, once that stands', async () => {
    await using daemon = await start('replace');
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    const [{ entityId } = { entityId: 0 }] = daemon.sandbox.tracks();
    const { lines, text } = await daemon.settle('b.csv', plainFile([ORDER, '1Z2']));
    assert.deepEqual(lines, ['2: replaced']);
    assert.match(messagesOf(text)[0] ?? '', new RegExp(`it took the place of 1Z1 \\(track ${entityId}\\)$`));
    assert.deepEqual(daemon.standing(ORDER), ['1Z2']);
    assert.deepEqual(sentBy(daemon), ['track 1Z1', 'track 1Z2', 'untrack 1Z1']);
  });

  it('keeps both parcels of one file with replace, and loses what stood before, twice over', async () => {
    await using daemon = await start('replace');
    const tracks = ['OLD1', 'OLD1', 'OLD2'].map((number) => ({ number, createdAt: LONG_AGO }));
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    const { lines } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2'], [ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: replaced', '3: replaced', '4: already-tracked']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z1', '1Z2']);
  });

  it('keeps with replace a number that came after the file, and of which nothing is on record', async () => {
    await using daemon = await start('replace');
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks: [{ number: 'BY-HAND' }] }] });
    const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: tracked']);
    assert.match(messagesOf(text)[0] ?? '', /BY-HAND \(track \d+\) stays beside it: /);
    assert.deepEqual(daemon.standing(ORDER), ['1Z1', 'BY-HAND']);
  });

  it('keeps with replace the number of a file that came later than one whose row waited', async () => {
    const waitFor = { orderNotFoundMs: 60_000, orderHeldMs: 0, unpaidMs: 0, everyMs: 1_000 * 24 * 3_600_000 };
    await using daemon = await start('replace', { inboxes: [{ waitFor }] });
    const waiting = daemon.next('drop.waiting');
    await daemon.drop('monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    await waiting;
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.settle('tuesday.csv', plainFile([ORDER, '1Z-TUESDAY']));
    await daemon.stop();
    // A next look that is farther off than the interval comes at once.
    daemon.inboxes = [{ waitFor: { ...waitFor, everyMs: 60 } }];
    const looked = daemon.next('drop.settled', ({ name }) => name === 'monday.waiting.csv');
    await daemon.start();
    const { lines, text } = await daemon.report(await looked);
    assert.deepEqual(lines, ['2: skipped']);
    assert.match(messagesOf(text)[0] ?? '', /a file that came later has brought it/);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-TUESDAY']);
  });

  it('is written to in the order in which the files came, from two inboxes too', async () => {
    await using daemon = await RunningDaemon.prepare({
      inboxes: [{ onExisting: 'replace' }, { name: 'other', folder: 'other', onExisting: 'replace' }],
      sandbox: { writeMs: 20 },
    });
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.start();
    const settled = Promise.all(
      ['a.csv', 'b.csv', 'c.csv'].map((name) => daemon.next('drop.settled', (facts) => facts.name === name)),
    );
    for (const [name, number, inbox] of [
      ['a.csv', '1Z1', 'inbox'],
      ['b.csv', '1Z2', 'other'],
      ['c.csv', '1Z3', 'inbox'],
    ] as const) {
      const claimed = daemon.next('drop.claimed', (facts) => facts.name === name);
      await daemon.drop(name, plainFile([ORDER, number]), inbox);
      await claimed;
    }
    await settled;
    assert.deepEqual(daemon.standing(ORDER), ['1Z3']);
    assert.deepEqual(
      sentBy(daemon).filter((sent) => sent.startsWith('track')),
      ['track 1Z1', 'track 1Z2', 'track 1Z3'],
    );
  });
});
