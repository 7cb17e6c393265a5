import assert from 'node:assert/strict';
import { appendFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const DONE = { inbox: { doneFile: '{name}.done' } };

describe('With done-files', { concurrency: true }, () => {
  it('a file that stalls in the middle of a number is not read before it is done', async () => {
    await using daemon = await RunningDaemon.start(DONE);
    const [one, other] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const path = join(daemon.data, 'inbox', 'slow.csv');
    const whole = plainFile([one, '1Z0001']);
    await writeFile(path, whole.slice(0, -13));
    // Another file comes and goes meanwhile.
    await daemon.drop('b.csv', plainFile([other, 'B1']));
    const settled = daemon.next('drop.settled');
    await writeFile(join(daemon.data, 'inbox', 'b.csv.done'), '');
    assert.equal((await settled).name, 'b.csv');
    await appendFile(path, whole.slice(-13));
    const slow = daemon.next('drop.settled');
    await writeFile(`${path}.done`, '');
    assert.equal((await slow).name, 'slow.csv');
    assert.deepEqual([daemon.standing(one), daemon.standing(other)], [['1Z0001'], ['B1']]);
    assert.equal(daemon.sandbox.counts().track, 2);
    assert.deepEqual(await readdir(join(daemon.data, 'inbox')), []);
  });

  it('the same name day by day is taken once a day, each time by a done-file of its own', async () => {
    await using daemon = await RunningDaemon.start(DONE);
    const orders = daemon.sandbox.generate(3, { shipped: true });
    const path = join(daemon.data, 'inbox', 'daily.csv');
    for (const [day, order] of orders.entries()) {
      await daemon.drop('daily.csv', plainFile([order, `N${day}`]));
      const settled = daemon.next('drop.settled');
      await writeFile(`${path}.done`, '');
      await settled;
      assert.deepEqual(daemon.standing(order), [`N${day}`]);
      assert.deepEqual(await readdir(join(daemon.data, 'inbox')), []);
    }
    assert.equal(daemon.count('drop.claimed'), 3);
  });

  it('a run that ends by itself leaves a file that has none, says so, and takes it when it has', async () => {
    await using daemon = await RunningDaemon.prepare({ ...DONE, once: true });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    const left = daemon.next('file.left');
    await daemon.start();
    await daemon.ended();
    assert.deepEqual(await left, { inbox: 'main', name: 'a.csv', doubt: 'not-done' });
    assert.ok((await stat(join(daemon.data, 'inbox', 'a.csv'))).isFile());
    await writeFile(join(daemon.data, 'inbox', 'A.CSV.DONE'), '');
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assert.deepEqual(daemon.standing(order), ['A1']);
    assert.deepEqual(await readdir(join(daemon.data, 'inbox')), []);
  });
});
