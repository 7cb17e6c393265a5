import assert from 'node:assert/strict';
import { copyFile, mkdir, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { isDamage } from '../../src/ledger/damage.ts';
import { asideIfDamaged, openOrBegin } from '../../src/ledger/open-or-begin.ts';
import { Room } from '../../src/ledger/room.ts';
import { HandClock } from '../intake/hand-clock.ts';
import { ledgerFolder } from './folder.ts';

/** What HandClock shows. */
const STAMP = '20261122T000000Z';
const ROWS = 2_000;
const PAGE_BYTES = 1_024;
const IN_THE_LOG = 'changed in the log';

function openAt(file: string) {
  const clock = new HandClock();
  const told: unknown[] = [];
  const room = new Room(file, {
    clock,
    signal: new AbortController().signal,
    once: false,
    onUnwritable: () => told.push('full'),
    onWritable: () => {},
  });
  const ledger = openOrBegin(file, {
    clock,
    room,
    told: {
      onSetAside: (aside, why) => told.push({ aside, why }),
      onBegun: () => told.push('begun'),
      onMigrated: (migrated) => told.push(migrated),
    },
  });
  return { ledger, told, [Symbol.dispose]: () => ledger[Symbol.dispose]() };
}

/** A ledger with rows in it, whose writer did not end in order. */
function writeLedger(file: string, rows = ROWS): void {
  using opened = openAt(file);
  using db = new DatabaseSync(file);
  db.exec(`INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms)
           VALUES ('a', 'main', 'main', 'day.csv', 'ready', 1, 1);
           INSERT INTO heartbeat (one, pid, host, at_ms, active_drops) VALUES (1, 7, 'shop', 1, 1)`);
  const insert = db.prepare(
    `INSERT INTO rows (drop_seq, line, start_byte, end_byte, fields) VALUES (1, ?, 0, 1, '["a field that fills the page"]')`,
  );
  db.exec('BEGIN');
  for (let line = 1; line <= rows; line += 1) insert.run(line);
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  assert.deepEqual(opened.told.slice(1), []);
}

async function overwrite(file: string, page: number, bytes: Uint8Array): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, (page - 1) * PAGE_BYTES);
}

const noise = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 7919 + 13) % 256);

const DAMAGES: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'of which a page in the middle was overwritten': (file) => overwrite(file, 60, noise(PAGE_BYTES)),
  'of which pages are blank': (file) => overwrite(file, 40, new Uint8Array(8 * PAGE_BYTES)),
  'whose first page was overwritten': (file) => overwrite(file, 1, noise(PAGE_BYTES)),
  'that was cut short': (file) => truncate(file, 80 * PAGE_BYTES),
  'that is random bytes': (file) => writeFile(file, noise(50_000)),
  'that is a text': (file) => writeFile(file, 'this is no database, but it is long enough\n'.repeat(100)),
};

describe('A ledger', () => {
  for (const [which, damage] of Object.entries(DAMAGES)) {
    it(`${which} is set aside as it is, and a new one is begun`, async () => {
      await using folder = await ledgerFolder();
      writeLedger(folder.file);
      await damage(folder.file);
      const before = await readFile(folder.file);
      const aside = `${folder.file}.damaged-${STAMP}`;
      using opened = openAt(folder.file);
      assert.partialDeepStrictEqual(opened.told, [{ aside }, 'begun']);
      assert.deepEqual(await readFile(aside), before);
      assert.deepEqual(opened.ledger.drops.unsettled(), []);
    });
  }

  it('that is empty is begun in its place', async () => {
    await using folder = await ledgerFolder();
    await writeFile(folder.file, '');
    using opened = openAt(folder.file);
    assert.deepEqual(opened.told, ['begun']);
  });

  it('that was not written to the end, but is whole, goes on', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    using opened = openAt(folder.file);
    assert.deepEqual(opened.told, []);
    assert.equal(opened.ledger.drops.unsettled().length, 1);
  });

  it('that cannot be opened for another reason stays where it is', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    await rename(folder.file, `${folder.file}.real`);
    await mkdir(folder.file);
    assert.throws(() => openAt(folder.file), { code: 'ledger-unusable', hint: /Make room/ });
    assert.deepEqual(await folder.names(), ['trackdrop.db', 'trackdrop.db.real']);
  });

  it('takes no name that is taken when it is set aside', async () => {
    await using folder = await ledgerFolder();
    for (const text of ['first', 'second']) {
      await rm(folder.file, { force: true });
      await writeFile(folder.file, `${text} that is no database`.repeat(100));
      openAt(folder.file)[Symbol.dispose]();
    }
    const aside = `${folder.file}.damaged-${STAMP}`;
    assert.match(await readFile(aside, 'utf8'), /^first/);
    assert.match(await readFile(`${aside}-2`, 'utf8'), /^second/);
  });
});

describe('A write-ahead log', () => {
  it('goes aside with the ledger that it belongs to', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    await keepLog(folder.file);
    await overwrite(folder.file, 1, noise(PAGE_BYTES));
    using opened = openAt(folder.file);
    const aside = `${folder.file}.damaged-${STAMP}`;
    assert.partialDeepStrictEqual(opened.told, [{ aside }, 'begun']);
    // SQLite may have folded it back before it came upon the damage.
    const kept = await Promise.all([aside, `${aside}-wal`].map((file) => readFile(file).catch(() => '')));
    assert.ok(kept.some((bytes) => bytes.includes(IN_THE_LOG)));
  });

  it('whose ledger is gone is set aside, and not taken for that of the next one', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    await keepLog(folder.file);
    const log = await readFile(`${folder.file}-wal`);
    await rm(folder.file);
    using opened = openAt(folder.file);
    const aside = `${folder.file}.damaged-${STAMP}`;
    assert.partialDeepStrictEqual(opened.told, [{ aside }, 'begun']);
    assert.deepEqual(await readFile(`${aside}-wal`), log);
    assert.deepEqual(opened.ledger.drops.unsettled(), []);
  });

  it('of another ledger leads to no ledger that is half of each', async () => {
    await using folder = await ledgerFolder();
    await using other = await ledgerFolder();
    writeLedger(folder.file);
    writeLedger(other.file, 3 * ROWS);
    await keepLog(other.file, 'DELETE FROM rows WHERE line % 3 = 0');
    await copyFile(`${other.file}-wal`, `${folder.file}-wal`);
    using opened = openAt(folder.file);
    using db = new DatabaseSync(folder.file);
    assert.deepEqual(
      db
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => Object.values(row)),
      [['ok']],
    );
    assert.partialDeepStrictEqual(opened.told, [{}, 'begun']);
  });
});

/** Leaves a log behind that was not folded back, as a kill does. */
async function keepLog(file: string, change = ''): Promise<void> {
  const copies = `${file}.copy`;
  {
    using db = new DatabaseSync(file);
    db.exec(`UPDATE drops SET name = '${IN_THE_LOG}'; ${change}`);
    await copyFile(file, copies);
    await copyFile(`${file}-wal`, `${copies}-wal`);
  }
  await rename(copies, file);
  await rename(`${copies}-wal`, `${file}-wal`);
}

describe('A ledger that proves to be damaged while it is open', () => {
  it('is set aside once it is closed', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    {
      // Ended in order: it is not checked, and no page of it is in memory.
      using db = new DatabaseSync(folder.file);
      db.exec('DELETE FROM heartbeat');
    }
    const told: string[] = [];
    {
      using aside = asideIfDamaged(folder.file, {
        clock: new HandClock(),
        told: { onSetAside: (path) => told.push(path), onBegun: () => {}, onMigrated: () => {} },
      });
      using opened = openAt(folder.file);
      const drop = opened.ledger.drops.byId('a');
      assert.ok(drop);
      await overwrite(folder.file, 60, noise(8 * PAGE_BYTES));
      try {
        assert.equal([...opened.ledger.rows.ended(drop)].length, 0);
        assert.fail('the damage was not noticed');
      } catch (error) {
        assert.ok(isDamage(error), String(error));
        aside.failed(error);
      }
    }
    assert.deepEqual(told, [`${folder.file}.damaged-${STAMP}`]);
    assert.deepEqual(await folder.names(), [`trackdrop.db.damaged-${STAMP}`]);
  });

  it('stays where something else ended the work', async () => {
    await using folder = await ledgerFolder();
    writeLedger(folder.file);
    {
      using aside = asideIfDamaged(folder.file, {
        clock: new HandClock(),
        told: { onSetAside: assert.fail, onBegun: () => {}, onMigrated: () => {} },
      });
      aside.failed(Object.assign(new Error('disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }));
    }
    assert.deepEqual(await folder.names(), ['trackdrop.db']);
  });
});
