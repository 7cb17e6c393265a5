import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../src/runtime/clock.ts';
import { RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const DAY_MS = 24 * 60 * 60_000;
const HEADER = 'order_number,tracking_number\n';

const orders = (daemon: RunningDaemon, count: number): string[] =>
  daemon.sandbox.generate(count, { shipped: true });

const fileOf = (...rows: readonly (readonly [order: string, number: string])[]): string =>
  HEADER + rows.map((row) => `${row.join(',')}\n`).join('');

/** The file as far as it came, when it broke off in the middle of the number. */
const brokenAt = (text: string, number: string): string =>
  text.slice(0, text.indexOf(number) + Math.ceil(number.length / 2));

const filesIn = async (daemon: RunningDaemon, folder: string): Promise<string[]> =>
  (await daemon.files()).filter((file) => file.startsWith(`${folder}/`));

const messagesOf = (report: string): string[] => {
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf('trackdrop_message')] ?? '');
};

describe('An upload that broke off and is sent again from its start', { concurrency: true }, () => {
  it('leaves no half number: it is taken back once the whole one stands, and the report says what came before', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two, three] = orders(daemon, 3) as [string, string, string];
    const whole = fileOf([one, '1ZAAAA01'], [two, '1ZBBBB02'], [three, '1ZCCCC03']);
    const half = await daemon.settle('day.csv', brokenAt(whole, '1ZBBBB02'));
    assert.deepEqual([half.lines, daemon.standing(two)], [['2: tracked', '3: tracked'], ['1ZBB']]);
    const { lines, text } = await daemon.settle('day.csv', whole);
    assert.deepEqual(lines, ['2: already-tracked', '3: tracked', '4: tracked']);
    assert.deepEqual(
      [one, two, three].map((order) => daemon.standing(order)),
      [['1ZAAAA01'], ['1ZBBBB02'], ['1ZCCCC03']],
    );
    const [first, second] = messagesOf(text);
    const remark =
      /begins with all of day\.csv of \d{4}-\d\d-\d\d \d\d:\d\d.*, which ended in the middle of a line/;
    assert.match(first ?? '', remark);
    assert.match(second ?? '', /took the place of the cut-off 1ZBB \(track \d+\)/);
    const { track, untrack } = daemon.sandbox.counts();
    assert.deepEqual({ track, untrack }, { track: 4, untrack: 1 });
  });

  it('takes the half out of failed/, where its last row was none', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = orders(daemon, 2) as [string, string];
    const whole = fileOf([one, '1Z1'], [two, '1Z2']);
    const half = await daemon.settle('day.csv', whole.slice(0, whole.indexOf(two) + 4));
    assert.deepEqual([half.folder, half.lines], ['failed', ['2: tracked', '3: bad-row']]);
    const redone = daemon.next('drop.redone');
    await daemon.settle('day.csv', whole);
    const { file, folder, by } = await redone;
    assert.deepEqual(by, ['day.csv']);
    assert.deepEqual(await filesIn(daemon, 'failed'), []);
    const report = await daemon.read(
      join(folder, file.replace('.csv', '.report.csv')).slice(daemon.data.length + 1),
    );
    assert.match(messagesOf(report)[1] ?? '', /; done by line 3 of "day\.csv", which came at /);
    assert.deepEqual([daemon.standing(one), daemon.standing(two)], [['1Z1'], ['1Z2']]);
  });

  it('takes the half out of failed/, too, where its last order number was cut off', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = orders(daemon, 2) as [string, string];
    const whole = `tracking_number,order_number\n1Z1,${one}\n1Z2,${two}\n`;
    const half = await daemon.settle('day.csv', whole.slice(0, -4));
    assert.deepEqual(half.lines, ['2: tracked', '3: order-not-found']);
    const redone = daemon.next('drop.redone');
    await daemon.settle('day.csv', whole);
    await redone;
    assert.deepEqual(await filesIn(daemon, 'failed'), []);
  });

  it('takes the half out of failed/, too, where that could not be read at all', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = orders(daemon, 2) as [string, string];
    const whole = fileOf([one, '1Z1'], [two, '1Z2']);
    await daemon.settle('day.csv', whole.slice(0, 17));
    assert.equal(daemon.count('drop.unreadable'), 1);
    const redone = daemon.next('drop.redone');
    await daemon.settle('day.csv', whole);
    await redone;
    assert.deepEqual(await filesIn(daemon, 'failed'), []);
  });

  for (const [how, name] of [
    ['its retry file is done', 'day-3.retry.csv'],
    ['another file has done the same', 'other.csv'],
  ] as const) {
    it(`that fails itself leaves all tries in failed/ until ${how}`, async () => {
      await using daemon = await RunningDaemon.start();
      const [one] = orders(daemon, 1) as [string];
      const late = '300000001';
      const whole = fileOf([one, '1Z1'], [late, '1Z2']);
      // The first cannot be read, the second breaks off in an order number, the third names an order that is not there.
      for (const bytes of [17, whole.indexOf(late) + 4, whole.length])
        assert.equal((await daemon.settle('day.csv', whole.slice(0, bytes))).folder, 'failed');
      assert.equal(daemon.count('drop.redone'), 0);
      daemon.sandbox.addOrder({ incrementId: late, shipments: [{}] });
      const moved = new Set<string>();
      const all = daemon.next('drop.redone', ({ file }) => moved.add(file).size === 3);
      await daemon.settle(name, await daemon.read('failed/day-3.retry.csv'));
      await all;
      assert.deepEqual(await filesIn(daemon, 'failed'), []);
      assert.deepEqual(daemon.standing(late), ['1Z2']);
    });
  }

  it('several times, longer and shorter, leaves the whole numbers only', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two, three] = orders(daemon, 3) as [string, string, string];
    const whole = fileOf([one, '1ZAAAA01'], [two, '1ZBBBB02'], [three, '1ZCCCC03']);
    for (const number of ['1ZBBBB02', '1ZCCCC03', '1ZAAAA01'])
      await daemon.settle('day.csv', brokenAt(whole, number));
    // The second try has taken back what was left of the first, and the third has left a half again.
    assert.deepEqual(
      [one, two, three].map((order) => daemon.standing(order)),
      [['1ZAA', '1ZAAAA01'], ['1ZBBBB02'], ['1ZCC']],
    );
    await daemon.settle('day.csv', whole);
    assert.deepEqual(
      [one, two, three].map((order) => daemon.standing(order)),
      [['1ZAAAA01'], ['1ZBBBB02'], ['1ZCCCC03']],
    );
    const { track, untrack } = daemon.sandbox.counts();
    assert.deepEqual({ track, untrack }, { track: 6, untrack: 3 });
    const { text } = await daemon.settle('day.csv', whole);
    assert.match(text, /same content as day\.csv of /);
    assert.equal(daemon.sandbox.counts().track, 6);
  });

  it('while the half is still worked on is known as well', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 100 } });
    const [one, two] = orders(daemon, 2) as [string, string];
    const whole = fileOf([one, '1ZAAAA01'], [two, '1ZBBBB02']);
    const sent = daemon.next('write.sent');
    await daemon.drop('day.csv', brokenAt(whole, '1ZBBBB02'));
    await sent;
    const settled = daemon.next('drop.settled', ({ file }) => file === 'day-2.csv');
    await daemon.drop('day.csv', whole);
    await settled;
    assert.deepEqual([daemon.standing(one), daemon.standing(two)], [['1ZAAAA01'], ['1ZBBBB02']]);
  });

  it('has the rows that waited, and no half of one waits on', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { waitFor: { orderNotFoundMs: DAY_MS, orderHeldMs: 0, unpaidMs: 0, everyMs: 200 } },
    });
    const [one] = orders(daemon, 1) as [string];
    const late = '300000001';
    const whole = fileOf([late, '1ZAAAA01'], [one, '1ZBBBB02']);
    await daemon.settle('day.csv', brokenAt(whole, '1ZBBBB02'));
    const ended = daemon.next('drop.wait-ended');
    await daemon.settle('day.csv', whole);
    assert.equal((await ended).why, 'read-again');
    daemon.sandbox.addOrder({ incrementId: late, shipments: [{}] });
    await daemon.next('drop.settled');
    assert.deepEqual([daemon.standing(late), daemon.standing(one)], [['1ZAAAA01'], ['1ZBBBB02']]);
  });

  it('is another file where its bytes, its name or its week are others, or the first one ended with a line', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + aheadMs };
    await using daemon = await RunningDaemon.start({ clock });
    const [byBytes, byName, byTime, byLine] = orders(daemon, 4) as [string, string, string, string];
    const half = (order: string) => `${HEADER}${order},1Z99`;
    const whole = (order: string) => `${HEADER}${order},1Z999AA1\n`;
    await daemon.settle('bytes.csv', half(byBytes));
    await daemon.settle('bytes.csv', whole(byBytes).replace(',', ';').replace(`${byBytes},`, `${byBytes};`));
    await daemon.settle('name.csv', half(byName));
    await daemon.settle('other.csv', whole(byName));
    await daemon.settle('line.csv', `${half(byLine)}\n`);
    const longer = await daemon.settle('line.csv', `${half(byLine)}\n${byLine},1Z999AA1\n`);
    await daemon.settle('time.csv', half(byTime));
    aheadMs = 8 * DAY_MS;
    const { text } = await daemon.settle('time.csv', whole(byTime));
    for (const report of [longer.text, text]) assert.doesNotMatch(report, /begins with/);
    for (const order of [byBytes, byName, byTime, byLine])
      assert.deepEqual(daemon.standing(order), ['1Z99', '1Z999AA1']);
    assert.equal(daemon.sandbox.counts().untrack, 0);
  });
});

describe('A file whose writer went on, of which the first part failed', { concurrency: true }, () => {
  it('leaves failed/ once its last row is done, by the file as it is now', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = orders(daemon, 2) as [string, string];
    const whole = fileOf([one, '1Z1'], [two, '1Z2']);
    const cut = whole.indexOf(two) + 4;
    const first = await daemon.settle('slow.csv', whole.slice(0, cut));
    assert.deepEqual([first.folder, first.lines], ['failed', ['2: tracked', '3: bad-row']]);
    const redone = daemon.next('drop.redone');
    await appendFile(join(daemon.data, 'failed', first.file), whole.slice(cut));
    assert.deepEqual((await redone).by, ['slow.csv']);
    assert.deepEqual(await filesIn(daemon, 'failed'), []);
  });

  it('leaves failed/, too, where that part could not be read', async () => {
    await using daemon = await RunningDaemon.start();
    const [one] = orders(daemon, 1) as [string];
    const whole = fileOf([one, '1Z1']);
    const first = await daemon.settle('slow.csv', whole.slice(0, 17));
    const redone = daemon.next('drop.redone');
    await appendFile(join(daemon.data, 'failed', first.file), whole.slice(17));
    await redone;
    assert.deepEqual(await filesIn(daemon, 'failed'), []);
  });
});
