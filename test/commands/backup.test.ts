import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/commands/cli.ts';
import { backUp } from '../../src/ledger/back-up.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { ledgerFolder } from '../ledger/folder.ts';
import { writeSmallLedger } from '../ledger/small-ledger.ts';
import { startNode } from '../processes/node-process.ts';
import { fakeShell } from './fake-shell.ts';

async function backup(data: string, ...args: string[]) {
  const env = {
    TRACKDROP_STORE_URL: 'https://a.example',
    TRACKDROP_STORE_BEARER: 'abcdefgh',
    TRACKDROP_DATA: data,
  };
  const { shell, printed } = fakeShell({ argv: ['backup', ...args], env, cwd: data });
  return { exitCode: await runCli(shell), ...printed };
}

const BUSY_WRITER = fileURLToPath(new URL('../ledger/busy-writer.ts', import.meta.url));

/** A process that writes the ledger all the time. */
async function busyWriter(file: string) {
  const { promise: writing, resolve } = Promise.withResolvers<string>();
  const writer = startNode({ args: [BUSY_WRITER, file], onLine: resolve });
  void writer.exit.then(() => resolve(writer.stderr()));
  assert.equal(await writing, 'writing');
  return writer;
}

describe('trackdrop backup', () => {
  it('copies the ledger to a file that is one by itself, and says what it holds', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const { exitCode, stdout } = await backup(folder.path, 'copy.db');
    assert.equal(exitCode, 0);
    assert.match(stdout, /copy\.db: 3 files with 5 rows, 3 writes; \d+ bytes in \d+\.\d s, checked\n$/);
    assert.deepEqual(await folder.names(), ['copy.db', 'trackdrop.db']);
    using copy = openLedger(join(folder.path, 'copy.db'));
    assert.deepEqual(copy.brought, { isNew: false, migrated: null });
    assert.equal(copy.drops.byId('two')?.name, 'two.csv');
  });

  it('ends while another process writes all the time, with a copy of one moment', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    await using _writer = await busyWriter(folder.file);
    const { exitCode, stdout, stderr } = await backup(folder.path, 'copy.db', '--json');
    assert.equal(exitCode, 0, stderr);
    const { drops, rows, bytes } = JSON.parse(stdout);
    using copy = new DatabaseSync(join(folder.path, 'copy.db'), { readOnly: true });
    const ask = (sql: string) => Object.values(copy.prepare(sql).get() ?? {})[0];
    assert.equal(ask('PRAGMA integrity_check'), 'ok');
    assert.equal(ask('SELECT count(*) FROM drops'), drops);
    assert.equal(ask('SELECT count(*) FROM rows'), rows);
    assert.ok(rows > 5 && bytes > 0);
    // Each of its drops has one row; the last one may not have it yet.
    assert.ok(drops - rows + 2 <= 1, `${drops} drops, ${rows} rows`);
  });

  it('never begins again with what it has copied, however much is written meanwhile', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    {
      // Several portions.
      using db = new DatabaseSync(folder.file);
      db.exec('UPDATE drops SET failure = hex(zeroblob(5000000))');
    }
    await using _writer = await busyWriter(folder.file);
    const portions: number[] = [];
    await backUp(folder.file, {
      target: join(folder.path, 'copy.db'),
      onProgress: (done) => portions.push(done),
    });
    assert.ok(portions.length >= 5, `${portions}`);
    assert.deepEqual(
      portions,
      [...new Set(portions)].sort((one, other) => one - other),
    );
  });

  it('overwrites nothing, and leaves nothing where it does not come to an end', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    await writeFile(join(folder.path, 'mine.db'), 'mine');
    const taken = await backup(folder.path, 'mine.db');
    assert.equal(taken.exitCode, 2);
    assert.match(taken.stderr, /mine\.db is there already/);
    assert.equal(await readFile(join(folder.path, 'mine.db'), 'utf8'), 'mine');

    const nowhere = await backup(folder.path, 'none/copy.db');
    assert.equal(nowhere.exitCode, 2);
    assert.match(nowhere.stderr, /cannot be written/);

    await writeFile(folder.file, 'this is no database, but it is long enough'.repeat(100));
    const damaged = await backup(folder.path, 'copy.db');
    assert.equal(damaged.exitCode, 2);
    assert.match(damaged.stderr, /trackdrop\.db cannot be used: file is not a database\nThe next start/);
    assert.deepEqual(await folder.names(), ['mine.db', 'trackdrop.db']);
  });

  it('says where there is no ledger to copy', async () => {
    await using folder = await ledgerFolder();
    const { exitCode, stderr } = await backup(folder.path, 'copy.db');
    assert.equal(exitCode, 2);
    assert.match(stderr, /there is no ledger \S+trackdrop\.db\n/);
    assert.deepEqual(await folder.names(), []);
  });
});
