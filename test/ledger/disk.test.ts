import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { diskOf, diskOfType } from '../../src/ledger/disk.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { tryToWrite } from '../../src/ledger/write-trial.ts';

describe('the disk of a ledger', () => {
  for (const [type, kind, name] of [
    [0x6969, 'network', 'NFS'],
    [0xfe534d42, 'network', 'SMB'],
    // The same as a 32-bit system has it.
    [0xff534d42 | 0, 'network', 'CIFS'],
    [0x65735546, 'fuse', 'FUSE'],
    [0x01021994, 'memory', 'tmpfs'],
    [0x794c7630, 'container', 'overlayfs'],
    [0xef53, 'local', 'ext4'],
    [0x3153464a, 'local', '0x3153464a'],
  ] as const) {
    test(`is ${kind} where the kernel says 0x${(type >>> 0).toString(16)}`, () => {
      assert.deepEqual(diskOfType(type), { kind, name });
    });
  }

  test('is that of the nearest folder that is there', {
    skip: existsSync('/dev/shm') ? false : 'no second file system',
  }, async () => {
    assert.deepEqual(await diskOf('/dev/shm/no/such/folder/trackdrop.db'), {
      kind: 'memory',
      name: 'tmpfs',
    });
  });
});

describe('the trial of writing a ledger', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trackdrop-trial-'));
    file = join(folder, 'trackdrop.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('makes none where there is none', () => {
    assert.equal(tryToWrite(file), 'none');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('finds one that can be written, also beside the daemon that has it open', () => {
    using ledger = openLedger(file);
    assert.equal(tryToWrite(file), 'writable');
    ledger.together(() => assert.equal(tryToWrite(file), 'busy'));
  });

  test('finds one that another kind of file took the place of, or that may not be written', async () => {
    await writeFile(file, 'not a database, and longer than its header of a hundred bytes'.repeat(3));
    assert.throws(() => tryToWrite(file), { code: 'ledger-unusable' });
    await rm(file);
    openLedger(file)[Symbol.dispose]();
    await chmod(file, 0o444);
    await chmod(folder, 0o755);
    const isRoot = process.getuid?.() === 0;
    // Root may write anything, so for this it is somebody else.
    if (isRoot) process.seteuid?.(65534);
    try {
      assert.throws(() => tryToWrite(file), { code: 'ledger-unusable' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('leaves the schema of an older program as it is, and refuses that of a newer one', () => {
    using db = new DatabaseSync(file);
    db.exec('CREATE TABLE t (a)');
    assert.equal(tryToWrite(file), 'writable');
    assert.equal(db.prepare('PRAGMA user_version').get()?.user_version, 0);
    db.exec('PRAGMA user_version = 999');
    assert.throws(() => tryToWrite(file), { code: 'ledger-too-new' });
  });
});
