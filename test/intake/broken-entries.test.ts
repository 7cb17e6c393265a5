import assert from 'node:assert/strict';
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, beforeEach, describe, it } from 'node:test';
import { dataFolder } from './folders.ts';
import { watching } from './watching.ts';

const { lstat } = promises;
/** Ends of paths that the disk cannot read at the moment. */
let bad: readonly string[] = [];

/** No file system can be asked for such an error without a broken disk. */
function failing(...[path, options]: Parameters<typeof lstat>): ReturnType<typeof lstat> {
  if (!bad.some((end) => String(path).endsWith(end))) return lstat(path, options);
  const error = new Error(`EIO: i/o error, lstat '${String(path)}'`);
  return Promise.reject(Object.assign(error, { code: 'EIO', syscall: 'lstat' }));
}

describe('An entry that cannot be looked at', () => {
  before(() => {
    promises.lstat = failing as typeof lstat;
    syncBuiltinESMExports();
  });
  beforeEach(() => {
    bad = [];
  });
  after(() => {
    promises.lstat = lstat;
    syncBuiltinESMExports();
  });

  for (const [what, name] of [
    ['is named once', 'bad.csv'],
    ['whose name is not wanted', 'bad.txt'],
  ] as const) {
    it(`${what}, keeps no other file waiting, and is taken or left as ever once it can be`, async () => {
      await using data = await dataFolder();
      await data.drop(name, 'x\n');
      await data.drop('good.csv', 'x\n');
      bad = [name];
      await using inbox = await watching(data.inbox);
      await inbox.clock.move(5_001);
      await inbox.clock.move(5_001);
      assert.ok(inbox.names().includes('good.csv'));
      const isWanted = name.endsWith('.csv');
      assert.equal(inbox.said.filter((event) => event === 'file.stuck').length, isWanted ? 1 : 0);
      assert.equal(inbox.said.filter((event) => event === 'inbox.unavailable').length, 0);
      bad = [];
      await inbox.clock.move(5_001);
      assert.deepEqual(inbox.bystanders, isWanted ? [`${name}: cleared`] : []);
      await inbox.clock.move(5_001);
      assert.equal(inbox.names().includes(name), isWanted);
    });
  }

  it('is the inbox itself where that may not be entered', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', 'x\n');
    bad = ['.csv', '/.'];
    await using inbox = await watching(data.inbox);
    assert.deepEqual(inbox.said, ['inbox.unavailable']);
  });
});
