import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Commits } from '../../src/ledger/commits.ts';

let folder: string;
let db: DatabaseSync;
/** Sees what is committed, and nothing else. */
let other: DatabaseSync;
let commits: Commits;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-commits-'));
  const file = join(folder, 'kept.db');
  db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE kept (number INTEGER UNIQUE)');
  other = new DatabaseSync(file);
  commits = new Commits(db);
});

afterEach(async () => {
  commits[Symbol.dispose]();
  db.close();
  other.close();
  await rm(folder, { recursive: true });
});

const put = (number: number) => () => void db.prepare('INSERT INTO kept VALUES (?)').run(number);
const seenByOthers = () => other.prepare('SELECT number FROM kept').all().flatMap(Object.values);

describe('Commits', () => {
  it('keep all of a turn at its end, and nothing before', async () => {
    const first = commits.add(put(1));
    // As an answer does that comes in the same turn.
    const second = Promise.resolve().then(() => commits.add(put(2)));
    await Promise.resolve();
    assert.deepEqual(seenByOthers(), []);
    await first;
    assert.deepEqual(seenByOthers(), [1, 2]);
    await second;
  });

  it('do the work in the order of asking, and give what each returns', async () => {
    const done: number[] = [];
    const results = [1, 2, 3].map((number) => commits.add(() => done.push(number)));
    assert.deepEqual(await Promise.all(results), [1, 2, 3]);
    assert.deepEqual(done, [1, 2, 3]);
  });

  it('keep nothing of a piece that fails, and all of the others', async () => {
    const broken = commits.add(() => {
      put(1)();
      put(1)();
    });
    const sound = commits.add(put(2));
    await assert.rejects(broken, { message: 'UNIQUE constraint failed: kept.number' });
    await sound;
    assert.deepEqual(seenByOthers(), [2]);
  });

  it('keep what is gathered when they are disposed of', async () => {
    const kept = commits.add(put(1));
    commits[Symbol.dispose]();
    assert.deepEqual(seenByOthers(), [1]);
    await kept;
  });
});
