import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { makeDataFolder } from '../processes/data-folder.ts';
import { COMPILE_CACHE } from '../processes/node-process.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { plainFile } from '../running-daemon.ts';
import { killingAt } from './killed-at.ts';
import { WITH_DONE_FILES } from './scenes.ts';

const WORDS = { ...SHORT_TIMES, inbox: { ...SHORT_TIMES.inbox, doneFile: '{name}.done' } };

describe('A daemon that is killed while it takes a file that has a done-file', { concurrency: true }, () => {
  for (const step of WITH_DONE_FILES) {
    it(`at ${step} leaves none that the next file of that name would be taken by`, async () => {
      await using shop = await startSandbox();
      await using folder = await makeDataFolder(shop, WORDS);
      for (const incrementId of ['100', '101', '102']) shop.addOrder({ incrementId, shipments: [{}] });
      const come = (name: string, text: string) => folder.drop(new Map([[name, text]]));
      const done = (name: string) => writeFile(join(folder.inbox, `${name}.done`), '');
      await come('day.csv', plainFile(['100', '1Z100']));
      await done('day.csv');
      await using killed = startDaemonProcess({
        config: folder.config,
        ...killingAt({ step, nth: 1 }),
      });
      const { signal } = await killed.exit;
      assert.equal(signal, 'SIGKILL', `not killed at ${step}: ${killed.stderr()}`);
      const left = await readdir(folder.inbox);
      assert.deepEqual(left.includes('day.csv.done'), step === 'claim.renamed');

      // The next one of that name is not whole yet, and a file comes and goes meanwhile.
      await come('day.csv', plainFile(['101', '1Z10']));
      await using daemon = startDaemonProcess({ config: folder.config, env: COMPILE_CACHE });
      await daemon.waitFor('drop.settled', ({ name }) => name === 'day.csv');
      await come('other.csv', plainFile(['102', '1Z102']));
      await done('other.csv');
      await daemon.waitFor('drop.settled', ({ name }) => name === 'other.csv');
      assert.deepEqual(await readdir(folder.inbox), ['day.csv']);
      await come('day.csv', plainFile(['101', '1Z101']));
      await done('day.csv');
      await daemon.waitForMany('drop.settled', 2, ({ name }) => name === 'day.csv');
      await daemon.stop('SIGTERM');

      const standing = shop.tracks().map(({ order, trackNumber }) => `${order} ${trackNumber}`);
      assert.deepEqual(standing.sort(), ['100 1Z100', '101 1Z101', '102 1Z102']);
      assert.deepEqual(await readdir(folder.inbox), []);
    });
  }
});
