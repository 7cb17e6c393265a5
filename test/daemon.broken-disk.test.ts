import assert from 'node:assert/strict';
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const { lstat } = promises;
let failures = 0;

/** No file system can be asked for such an error without a broken disk. */
function failing(...[path, options]: Parameters<typeof lstat>): ReturnType<typeof lstat> {
  if (failures > 0 || !/\.witness-.*-a\.csv$/.test(String(path))) return lstat(path, options);
  failures += 1;
  const error = new Error(`ESTALE: stale file handle, lstat '${String(path)}'`);
  return Promise.reject(Object.assign(error, { code: 'ESTALE', syscall: 'lstat' }));
}

describe('A disk that cannot tell whether a claimed file was copied', () => {
  before(() => {
    promises.lstat = failing as typeof lstat;
    syncBuiltinESMExports();
  });
  after(() => {
    promises.lstat = lstat;
    syncBuiltinESMExports();
  });

  it('is asked again at the next rescan, and ends no daemon', async () => {
    await using daemon = await RunningDaemon.start();
    const stuck = daemon.next('drop.stuck');
    const unstuck = daemon.next('drop.unstuck');
    const { lines } = await daemon.settle('a.csv', plainFile(['900', 'A1']));
    assert.match((await stuck).message, /ESTALE/);
    await unstuck;
    assert.deepEqual(lines, ['2: order-not-found']);
  });
});
