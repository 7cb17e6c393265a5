import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dataFolder } from './folders.ts';
import { HandClock } from './hand-clock.ts';
import { watching } from './watching.ts';

const MINUTE_MS = 60_000;
/** An hour passes in a dozen listings of the real folder instead of seven hundred. */
const SELDOM = { rescanEveryMs: 5 * MINUTE_MS };

/** At the time of the file system, since a bystander's own time counts. */
const now = () => new HandClock(Date.now());

describe('What lies in an inbox and is not taken', { concurrency: true }, () => {
  it('is named with what it is once it has lain there for an hour, and only once', async () => {
    await using data = await dataFolder();
    await data.drop('invoice.pdf', 'x');
    await symlink(join(data.base, 'secret.csv'), join(data.inbox, 'link.csv'));
    await mkdir(join(data.inbox, 'folder.csv'));
    execFileSync('mkfifo', [join(data.inbox, 'pipe.csv')]);
    const server = createServer().listen(join(data.inbox, 'socket.csv'));
    try {
      await using inbox = await watching(data.inbox, SELDOM, now());
      await inbox.clock.move(55 * MINUTE_MS);
      assert.deepEqual(inbox.bystanders, []);
      await inbox.clock.move(10 * MINUTE_MS);
      const expected = [
        'folder.csv: folder',
        'invoice.pdf: unmatched',
        'link.csv: link',
        'pipe.csv: pipe',
        'socket.csv: socket',
      ];
      assert.deepEqual(inbox.bystanders.toSorted(), expected);
      await inbox.clock.move(120 * MINUTE_MS);
      assert.equal(inbox.bystanders.length, expected.length);
      assert.deepEqual(inbox.names(), []);
    } finally {
      server.close();
    }
  });

  it('is named at once by a daemon that starts later', async () => {
    await using data = await dataFolder();
    await data.drop('invoice.pdf', 'x');
    await using inbox = await watching(data.inbox, {}, new HandClock(Date.now() + 61 * MINUTE_MS));
    await inbox.clock.move(0);
    assert.deepEqual(inbox.bystanders, ['invoice.pdf: unmatched']);
  });

  it('is named where it bears the name of a file that is being taken, until somebody takes it away', async () => {
    await using data = await dataFolder();
    const path = await data.drop('.claimed-20261122-062233-7f3a-x.csv', 'x');
    await using inbox = await watching(data.inbox, SELDOM, now());
    await inbox.clock.move(55 * MINUTE_MS);
    assert.deepEqual(inbox.bystanders, []);
    await inbox.clock.move(10 * MINUTE_MS);
    assert.deepEqual(inbox.bystanders, ['.claimed-20261122-062233-7f3a-x.csv: claimed']);
    await rm(path);
    await inbox.clock.move(SELDOM.rescanEveryMs);
    assert.equal(inbox.bystanders.at(-1), '.claimed-20261122-062233-7f3a-x.csv: cleared');
  });

  it('is not named while it may be an upload, nor is a folder of another name, which is somebody’s own', async () => {
    await using data = await dataFolder();
    for (const name of ['.in.a.csv.', 'a.csv.part', '~$a.csv']) await data.drop(name, 'x');
    await mkdir(join(data.inbox, 'archive'));
    await using inbox = await watching(data.inbox, SELDOM, now());
    await inbox.clock.move(180 * MINUTE_MS);
    assert.deepEqual(inbox.bystanders, []);
  });

  it('is over when it is gone, and when a file has come in its place', async () => {
    await using data = await dataFolder();
    const path = await data.drop('invoice.pdf', 'x');
    await mkdir(join(data.inbox, 'a.csv'));
    await using inbox = await watching(data.inbox, SELDOM, now());
    await inbox.clock.move(65 * MINUTE_MS);
    assert.equal(inbox.bystanders.length, 2);
    await rm(path);
    await rmdir(join(data.inbox, 'a.csv'));
    await writeFile(join(data.inbox, 'a.csv'), 'order\n1\n');
    await inbox.clock.move(3 * SELDOM.rescanEveryMs);
    assert.deepEqual(inbox.bystanders.slice(2, 4).toSorted(), ['a.csv: cleared', 'invoice.pdf: cleared']);
    assert.deepEqual([...new Set(inbox.names())], ['a.csv']);
  });
});

describe('A file that is older than ignoreOlderThan at the first start', { concurrency: true }, () => {
  it('is named at once and never taken, until it is touched or renamed', async () => {
    await using data = await dataFolder();
    const [touched, renamed] = [await data.drop('a.csv', 'x\n'), await data.drop('b.csv', 'x\n')];
    await data.drop('c.csv', 'x\n');
    const { ctimeMs } = await stat(join(data.inbox, 'c.csv'));
    const ignoreBeforeMs = Math.floor(ctimeMs) + 1;
    await using inbox = await watching(data.inbox, { ignoreBeforeMs }, now());
    await inbox.clock.move(10_000);
    assert.deepEqual(inbox.bystanders.toSorted(), ['a.csv: old', 'b.csv: old', 'c.csv: old']);
    assert.equal(inbox.watch.pending(), 0);
    while (Date.now() <= ignoreBeforeMs) await data.drop('.later', '');
    await chmod(touched, 0o600);
    await rename(renamed, join(data.inbox, 'd.csv'));
    await inbox.clock.move(20_000);
    assert.deepEqual([...new Set(inbox.names())].toSorted(), ['a.csv', 'd.csv']);
    assert.ok(inbox.bystanders.includes('a.csv: cleared'));
    assert.ok(inbox.bystanders.includes('b.csv: cleared'));
    assert.ok(!inbox.bystanders.includes('c.csv: cleared'));
  });
});
