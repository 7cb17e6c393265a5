import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openDatabase } from '../../src/ledger/open-database.ts';
import { PROVENANCE } from '../../src/ledger/schema/provenance-steps.ts';
import { SCHEMA_STEPS, SCHEMA_VERSION } from '../../src/ledger/schema.ts';
import { HandClock } from '../intake/hand-clock.ts';
import { ledgerFolder } from './folder.ts';

/** What HandClock shows at first. */
const START = '20261122T000000Z';
const PARTS_VERSION = 5;

/** A ledger as a program left it that knew so many steps: drop 1 is forgotten, drop 2 has two rows, 3 was forgotten last. */
function writeOlder(file: string, version: number): void {
  using db = new DatabaseSync(file);
  // One transaction: the disk is waited for once, not after each statement of each step.
  db.exec(
    `PRAGMA journal_mode = WAL; BEGIN; ${SCHEMA_STEPS.slice(0, version).join(';')}; PRAGMA user_version = ${version}`,
  );
  db.exec(`INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms)
           VALUES ('a', 'main', 'main', 'a.csv', 'claimed', 1, 1), ('b', 'main', 'main', 'b.csv', 'ready', 1, 7),
                  ('c', 'main', 'main', 'c.csv', 'claimed', 1, 9);
           INSERT INTO rows (drop_seq, line, start_byte, end_byte, order_key, order_number, tracking_number, outcome)
           VALUES (2, 2, 0, 1, '100', '100', 'A', NULL), (2, 3, 1, 2, '200', '200', 'B', 'tracked');
           INSERT INTO writes (id, drop_seq, store, kind, order_id, tracking_numbers, state, at_ms)
           VALUES ('w', 2, 'main', 'track', 5, '["B"]', 'done', 8);
           DELETE FROM drops WHERE id <> 'b';
           COMMIT`);
}

function openAt(file: string, clock = new HandClock()) {
  const { db, ...brought } = openDatabase(file, clock);
  return { db, brought, [Symbol.dispose]: () => db.close() };
}

const ask = (file: string, sql: string) => {
  using db = new DatabaseSync(file, { readOnly: true });
  return db
    .prepare(sql)
    .all()
    .map((row) => Object.values(row));
};

describe('A ledger of an older program', () => {
  for (let version = 1; version < SCHEMA_VERSION; version += 1) {
    it(`is copied as it was before it is brought from version ${version} to the present one`, async () => {
      await using folder = await ledgerFolder();
      writeOlder(folder.file, version);
      const copy = `${folder.file}.before-${SCHEMA_VERSION}-${START}`;
      {
        using ledger = openAt(folder.file);
        assert.deepEqual(ledger.brought, {
          isNew: false,
          migrated: { fromVersion: version, toVersion: SCHEMA_VERSION, copy },
        });
      }
      assert.deepEqual(ask(copy, 'PRAGMA user_version'), [[version]]);
      assert.deepEqual(ask(copy, 'PRAGMA integrity_check'), [['ok']]);
      assert.deepEqual(ask(copy, 'SELECT order_number, outcome FROM rows'), [
        ['100', null],
        ['200', 'tracked'],
      ]);
      {
        using again = openAt(copy);
        assert.equal(again.brought.migrated?.fromVersion, version, 'the copy is a ledger itself');
      }
    });

    it(`keeps every row and write of version ${version}, and no reference leads nowhere`, async () => {
      await using folder = await ledgerFolder();
      writeOlder(folder.file, version);
      openAt(folder.file)[Symbol.dispose]();
      assert.deepEqual(ask(folder.file, 'SELECT seq, id FROM drops'), [[2, 'b']]);
      assert.deepEqual(ask(folder.file, 'SELECT drop_seq, line, part, outcome FROM rows'), [
        [2, 2, 0, null],
        [2, 3, 0, 'tracked'],
      ]);
      assert.deepEqual(ask(folder.file, 'SELECT drop_seq, id, state FROM writes'), [[2, 'w', 'done']]);
      assert.deepEqual(ask(folder.file, 'PRAGMA foreign_key_check'), []);
      assert.deepEqual(ask(folder.file, 'SELECT begun_at_ms FROM ledger_facts'), [[7]]);
    });

    it(`goes on counting drops where version ${version} left off, also where none is left`, async () => {
      for (const left of [true, false]) {
        await using folder = await ledgerFolder();
        writeOlder(folder.file, version);
        if (!left) {
          using db = new DatabaseSync(folder.file);
          db.exec('PRAGMA foreign_keys = OFF; DELETE FROM rows; DELETE FROM drops');
        }
        using ledger = openAt(folder.file);
        const insert = `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms)
                        VALUES ('d', 'main', 'main', 'd.csv', 'claimed', 1, 1)`;
        assert.equal(ledger.db.prepare(insert).run().lastInsertRowid, 4);
      }
    });
  }

  it('knows afterwards by which files the rows came that waited, were read again or came back', async () => {
    await using folder = await ledgerFolder();
    const version = SCHEMA_STEPS.indexOf(PROVENANCE);
    {
      using db = new DatabaseSync(folder.file);
      const steps = SCHEMA_STEPS.slice(0, version).join(';');
      db.exec(`PRAGMA journal_mode = WAL; ${steps}; PRAGMA user_version = ${version};
        INSERT INTO drops (seq, id, inbox, store, name, state, bytes, claimed_at_ms, waits_as, rereads_seq)
        VALUES (1, 'a', 'main', 'main', 'a.csv', 'settled', 1, 1, 'c', NULL),
               (2, 'b', 'main', 'main', 'b.csv', 'settled', 1, 1, NULL, NULL),
               (3, 'c', 'main', 'main', 'a.waiting.csv', 'settled', 1, 1, NULL, NULL),
               (4, 'd', 'main', 'main', 'a.waiting.csv', 'settled', 1, 1, NULL, 3),
               (5, 'e', 'main', 'main', 'both.report.csv', 'settled', 1, 1, NULL, NULL);
        INSERT INTO origins (drop_seq, line, origin_seq, origin_line)
        VALUES (3, 2, 1, 2), (5, 2, 4, 2), (5, 3, 4, 3), (5, 4, 2, 2)`);
    }
    openAt(folder.file)[Symbol.dispose]();
    assert.deepEqual(ask(folder.file, 'SELECT drop_seq, file_seq FROM came_by'), [
      [3, 1],
      [4, 1],
      [5, 1],
      [5, 2],
    ]);
  });

  it('is copied with what stands only in its write-ahead log', async () => {
    await using folder = await ledgerFolder();
    writeOlder(folder.file, PARTS_VERSION);
    // Open meanwhile, so that the log is not folded back.
    using other = new DatabaseSync(folder.file);
    other.exec(`INSERT INTO writes (id, drop_seq, store, kind, order_id, tracking_numbers, state, at_ms)
                VALUES ('late', 2, 'main', 'track', 5, '[]', 'open', 9)`);
    using ledger = openAt(folder.file);
    const copy = ledger.brought.migrated?.copy;
    assert.ok(copy);
    assert.deepEqual(ask(copy, 'SELECT id FROM writes ORDER BY seq'), [['w'], ['late']]);
  });

  it('stays as it is where it cannot be copied, and says so', async () => {
    await using folder = await ledgerFolder();
    writeOlder(folder.file, PARTS_VERSION);
    const copy = `${folder.file}.before-${SCHEMA_VERSION}-${START}`;
    // Somebody else's, whatever it is.
    using _theirs = new DatabaseSync(copy);
    _theirs.exec('CREATE TABLE theirs (x)');
    assert.throws(() => openAt(folder.file), { code: 'ledger-not-copied', hint: /nothing was changed/ });
    assert.deepEqual(ask(folder.file, 'PRAGMA user_version'), [[PARTS_VERSION]]);
    assert.deepEqual(ask(copy, 'SELECT name FROM sqlite_schema'), [['theirs']]);
  });

  it('leaves the copies of its last two migrations, and no other', async () => {
    await using folder = await ledgerFolder();
    for (let migration = 0; migration < 3; migration += 1) {
      writeOlder(folder.file, 1);
      const clock = new HandClock();
      clock.sleep(Number.POSITIVE_INFINITY);
      await clock.move(migration * 60_000);
      openAt(folder.file, clock)[Symbol.dispose]();
      await rm(folder.file);
    }
    assert.deepEqual(
      (await readdir(folder.path)).sort(),
      ['20261122T000100Z', '20261122T000200Z'].map((at) => `trackdrop.db.before-${SCHEMA_VERSION}-${at}`),
    );
  });
});

describe('A ledger that is up to date', () => {
  it('is not copied, and knows when it was begun', async () => {
    await using folder = await ledgerFolder();
    {
      using begun = openAt(folder.file);
      assert.deepEqual(begun.brought, { isNew: true, migrated: null });
    }
    using again = openAt(folder.file);
    assert.deepEqual(again.brought, { isNew: false, migrated: null });
    assert.deepEqual(await folder.names(), ['trackdrop.db']);
    assert.deepEqual(ask(folder.file, 'SELECT begun_at_ms FROM ledger_facts'), [[Date.UTC(2026, 10, 22)]]);
  });
});

describe('The database of another program', () => {
  it('is left as it is', async () => {
    await using folder = await ledgerFolder();
    {
      using theirs = new DatabaseSync(folder.file);
      theirs.exec('CREATE TABLE theirs (x)');
    }
    assert.throws(() => openAt(folder.file), { code: 'ledger-foreign' });
    assert.deepEqual(ask(folder.file, 'SELECT name FROM sqlite_schema'), [['theirs']]);
  });
});
