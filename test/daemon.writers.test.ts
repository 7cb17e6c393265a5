import assert from 'node:assert/strict';
import { appendFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../src/runtime/clock.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const MINUTE_MS = 60_000;

describe('A writer that goes on after its file was put away', { concurrency: true }, () => {
  it('has its later rows pushed by a drop of its own, and those that are done not again', async () => {
    await using daemon = await RunningDaemon.start();
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('slow.csv', plainFile([early, 'A1']));
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), `${late},B1,ups,UPS\n`);

    const second = await daemon.report(await settled);
    assert.deepEqual(first.lines, ['2: tracked']);
    assert.deepEqual(second.lines, ['2: already-tracked', '3: tracked']);
    assert.match(second.text, /read again, since the file changed after it was put away as slow\.csv/);
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
    assert.equal(daemon.sandbox.counts().track, 2);
    assert.equal(await daemon.read(`${second.folder}/slow-2.csv`), plainFile([early, 'A1'], [late, 'B1']));
  });

  it('is heard as often as it comes to rest, each time once', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(4, { shipped: true });
    const row = (at: number) => `${orders[at]},N${at},ups,UPS\n`;
    const first = await daemon.settle('slow.csv', plainFile([orders[0] ?? '', 'N0']));
    for (const at of [1, 2, 3]) {
      const settled = daemon.next('drop.settled');
      await appendFile(join(daemon.data, first.folder, first.file), row(at));
      await settled;
    }
    assert.deepEqual(
      orders.map((order) => daemon.standing(order)),
      [['N0'], ['N1'], ['N2'], ['N3']],
    );
    assert.equal(daemon.count('drop.grown'), 3);
    assert.equal(daemon.sandbox.counts().track, 4);
  });

  it('while no daemon runs is heard by the next one, however late that comes', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + aheadMs };
    await using daemon = await RunningDaemon.start({ clock });
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('slow.csv', plainFile([early, 'A1']));
    await daemon.stop();
    await appendFile(join(daemon.data, first.folder, first.file), `${late},B1,ups,UPS\n`);
    aheadMs = 60 * MINUTE_MS;
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
  });

  it('is heard by runs that end when the inbox is empty, until a look ten minutes after', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + aheadMs };
    await using daemon = await RunningDaemon.prepare({ once: true, clock });
    const [early, late, never] = daemon.sandbox.generate(3, { shipped: true }) as [string, string, string];
    const run = async () => {
      await daemon.start();
      await daemon.ended();
      await daemon.stop();
    };
    await daemon.drop('slow.csv', plainFile([early, 'A1']));
    const settled = daemon.next('drop.settled');
    await run();
    const path = join((await settled).folder, 'slow.csv');
    await appendFile(path, `${late},B1,ups,UPS\n`);
    await run();
    assert.deepEqual(daemon.standing(late), ['B1']);
    aheadMs = 11 * MINUTE_MS;
    await run();
    await appendFile(path, `${never},C1,ups,UPS\n`);
    await run();
    assert.deepEqual(daemon.standing(never), []);
    assert.equal(daemon.count('drop.claimed'), 1);
    assert.equal(daemon.count('drop.grown'), 1);
  });

  it('and changed nothing but the time of its file makes no drop', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const run = async () => {
      await daemon.start();
      await daemon.ended();
      await daemon.stop();
    };
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    const settled = daemon.next('drop.settled');
    await run();
    const { folder, file } = await settled;
    await utimes(join(folder, file), new Date('2026-01-01'), new Date('2026-01-01'));
    await run();
    assert.equal(daemon.count('drop.grown'), 0);
    assert.equal(daemon.count('drop.settled'), 1);
  });
});
