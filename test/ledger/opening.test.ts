import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { DropLayout } from '../../src/intake/reading/layout.ts';
import { readHeartbeat } from '../../src/ledger/heartbeat.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { isWriterLockHeld, takeWriterLock } from '../../src/ledger/lock.ts';
import { SCHEMA_STEPS } from '../../src/ledger/schema.ts';
import { end, ownLedgerEach } from './own-ledger.ts';

const current = ownLedgerEach();

/** The first version whose records may be several rows. */
const PARTS_VERSION = 5;

describe('Opening a ledger', () => {
  it('refuses one that a newer program wrote, and says what to do', () => {
    const { folder } = current();
    const newer = join(folder, 'newer.db');
    const db = new DatabaseSync(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => openLedger(newer), { code: 'ledger-too-new', hint: /newer version/ });
  });

  /** A ledger as a program left it that knew so many steps of the schema, with a drop that is under way. */
  function ledgerOf(version: number): string {
    const older = join(current().folder, `version-${version}.db`);
    using db = new DatabaseSync(older);
    db.exec(`${SCHEMA_STEPS.slice(0, version).join(';')}; PRAGMA user_version = ${version}`);
    const insertDrop = db.prepare(
      `INSERT INTO drops (id, inbox, store, name, state, bytes, claimed_at_ms, layout)
       VALUES (?, 'main', 'main', 'day.csv', 'ready', 1, 1, ?)`,
    );
    insertDrop.run('d', JSON.stringify(LAYOUT_BEFORE_PROFILES));
    insertDrop.run('blank', JSON.stringify({ ...LAYOUT_BEFORE_PROFILES, header: null }));
    insertDrop.run('claimed', null);
    db.exec(`INSERT INTO rows (drop_seq, line, start_byte, end_byte, fields, order_key, order_number, tracking_number,
               carrier_code, title, outcome, message)
             VALUES (1, 2, 0, 1, '["100","A"]', '100', '100', 'A', 'custom', 'Parcel', NULL, NULL),
                    (1, 3, 1, 2, '["100","B"]', '100', '100', 'B', 'custom', 'Parcel', 'tracked', 'ok')`);
    return older;
  }

  const LAYOUT_BEFORE_PROFILES = {
    header: {
      fields: ['order_number', 'tracking_number'],
      dialect: { delimiter: ';', lineEnd: 'lf' },
      columns: { order: 0, tracking: 1, carrier: 2, title: null, sku: null, quantity: null, outcome: null },
      line: 2,
      startByte: 5,
      endByte: 30,
    },
    format: { encoding: 'utf-8', hasMark: true },
    file: { bytes: 1, mtimeMs: 1.5, inode: '7' },
  };

  for (let version = 1; version < PARTS_VERSION; version += 1) {
    it(`brings one of version ${version} up to date, and keeps what it holds`, () => {
      const older = ledgerOf(version);
      using updated = openLedger(older);
      const drop = updated.drops.byId('d');
      assert.ok(drop);
      assert.partialDeepStrictEqual(updated.rows.openRowsOf(drop, ['100']).get('100'), [
        { line: 2, part: 0, trackingNumber: 'A', item: null, note: null },
      ]);
      updated.rows.end(drop, [end(2)]);
      assert.partialDeepStrictEqual(
        [...updated.rows.ended(drop)],
        [
          { line: 2, startByte: 0, endByte: 1, fields: ['100', 'A'], outcome: 'tracked', trackId: 3 },
          { line: 3, startByte: 1, endByte: 2, fields: ['100', 'B'], outcome: 'tracked', message: 'ok' },
        ],
      );
      openLedger(older)[Symbol.dispose]();
    });
  }

  it('keeps of a version without profiles how each file was read', () => {
    using updated = openLedger(ledgerOf(PARTS_VERSION - 1));
    const readingOf = (id: string) => JSON.parse(updated.drops.byId(id)?.layout ?? 'null');
    const { header, format, file } = LAYOUT_BEFORE_PROFILES;
    const { line, startByte, endByte, fields } = header;
    const layout: DropLayout = {
      fields,
      dialect: { delimiter: ';', lineEnd: 'lf', quotes: true, restColumn: null },
      columns: {
        order: 0,
        tracking: 1,
        moreTracking: [],
        carrier: null,
        carrierCode: 2,
        title: null,
        sku: null,
        quantity: null,
        shipment: null,
        storeView: null,
        source: null,
        outcome: null,
        line: null,
        drop: null,
      },
      header: { line, startByte, endByte },
      profile: { name: 'plain', why: 'it was read before there were profiles' },
    };
    // To be read again, since neither is settled.
    assert.deepEqual(readingOf('d'), { format, file, layout, isOutdated: true });
    assert.deepEqual(readingOf('blank'), { format, file, layout: null, isOutdated: true });
    assert.equal(readingOf('claimed'), null);
  });

  it('has the same tables and indexes, whether it was made anew or brought up to date', () => {
    const { file } = current();
    const schemaOf = (path: string) => {
      using db = new DatabaseSync(path);
      return db
        .prepare('SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name')
        .all()
        .map((entry) => Object.values(entry).join(' '));
    };
    const older = ledgerOf(1);
    openLedger(older)[Symbol.dispose]();
    const schema = schemaOf(older);
    assert.deepEqual(schema, schemaOf(file));
    for (const index of ['rows_open_by_drop', 'rows_open_by_order', 'rows_with_item']) {
      assert.ok(schema.includes(`index ${index} rows`), index);
    }
  });

  it('says so when the file is no ledger', async () => {
    const { folder } = current();
    const broken = join(folder, 'broken.db');
    await writeFile(broken, 'this is no database, but it is long enough to look like one'.repeat(100));
    assert.throws(() => openLedger(broken), { code: 'ledger-unusable', hint: /Magento knows/ });
  });
});

describe('A path that no ledger can be at', () => {
  /** Runs with whatever the system lets root do too. */
  const impossible = () => join(current().file, 'below-a-file.db');
  const unusable = (path: string) => ({
    name: 'TrackdropError',
    code: 'ledger-unusable',
    facts: { file: path },
  });

  it('is named by whoever wants to write there, as something to put right', () => {
    for (const path of [impossible(), '/proc/trackdrop.db']) {
      assert.throws(() => openLedger(path), unusable(path));
      assert.throws(() => takeWriterLock(path), unusable(path));
    }
  });

  it('is named by whoever wants to read there', () => {
    assert.throws(() => readHeartbeat(impossible()), unusable(impossible()));
  });

  it('is told from a ledger or a lock that is there and damaged', async () => {
    const { folder } = current();
    const broken = join(folder, 'broken.db');
    const noise = 'this is no database, but it is long enough to look like one'.repeat(100);
    await writeFile(broken, noise);
    assert.throws(() => readHeartbeat(broken), { ...unusable(broken), message: /not a database/ });
    await writeFile(`${broken}.lock`, noise);
    assert.throws(() => takeWriterLock(broken), unusable(`${broken}.lock`));
  });
});

describe('The writer lock', () => {
  it('is held by one at a time and free again once the holder lets go', () => {
    const { file } = current();
    assert.equal(isWriterLockHeld(file), false);
    const first = takeWriterLock(file);
    assert.ok(first);
    assert.equal(takeWriterLock(file), undefined);
    assert.equal(isWriterLockHeld(file), true);
    first[Symbol.dispose]();
    assert.equal(isWriterLockHeld(file), false);
    using again = takeWriterLock(file);
    assert.ok(again);
    assert.ok(existsSync(`${file}.lock`));
  });
});
