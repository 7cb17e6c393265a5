import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { StoreStanding } from '../../src/domain/store-standing.ts';
import { readHeartbeat, startHeartbeat } from '../../src/ledger/heartbeat.ts';
import { SCHEMA_STEPS } from '../../src/ledger/schema.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { ownLedgerEach } from './own-ledger.ts';

const current = ownLedgerEach();

describe('The ledger', () => {
  it('tells another process when its daemon last gave a sign of life', () => {
    const { file, folder, ledger } = current();
    assert.equal(readHeartbeat(file), undefined);
    assert.equal(readHeartbeat(join(folder, 'none.db')), undefined);
    const own = { pid: 7, host: 'shop', instance: 'a', boot: 'b' };
    let wallMs = 1;
    ledger.lease.take(own, undefined, { ...systemClock, wallMs: () => wallMs });
    assert.deepEqual(readHeartbeat(file), { ...own, atMs: 1, activeDrops: 0, stores: [] });
    const missing = { right: 'Magento_Sales::ship', sinceMs: 2, why: 'no' };
    const store = {
      store: 'main',
      state: 'down',
      sinceMs: 1,
      why: 'away',
      missingRights: [missing],
      failingWrites: [{ kind: { writes: 'track' }, sinceMs: 2, why: 'no numbers come through' }],
    } as const;
    wallMs = 2;
    ledger.lease.beat({ activeDrops: 3, stores: [store] });
    assert.deepEqual(readHeartbeat(file), { ...own, atMs: 2, activeDrops: 3, stores: [store] });
    ledger.endBeat();
    assert.equal(readHeartbeat(file), undefined);
  });

  it('is read as well where an older program writes it, which tells otherwise of writes that fail', () => {
    const { file, ledger } = current();
    ledger.lease.take({ pid: 7, host: 'shop', instance: 'a', boot: 'b' }, undefined, systemClock);
    for (const failingWrites of [null, undefined, { sinceMs: 1, why: 'no write comes through' }]) {
      const stores = [{ store: 'main', failingWrites }] as unknown as readonly StoreStanding[];
      ledger.lease.beat({ activeDrops: 0, stores });
      assert.deepEqual(readHeartbeat(file)?.stores, [{ store: 'main', failingWrites: [] }]);
    }
  });

  it('is read as well where an older program writes it, which tells nothing of stores', () => {
    const { folder } = current();
    const older = join(folder, 'older.db');
    const db = new DatabaseSync(older);
    db.exec(`${SCHEMA_STEPS[0]}; INSERT INTO heartbeat VALUES (1, 7, 'shop', 1, 0)`);
    db.close();
    assert.deepEqual(readHeartbeat(older), {
      ...{ pid: 7, host: 'shop', instance: '', boot: '' },
      ...{ atMs: 1, activeDrops: 0, stores: [] },
    });
  });
});

describe('The heartbeat', () => {
  it('goes on after a beat that failed, and tells of each run of failures once', async () => {
    const locked = new Error('database is locked');
    const goesWell = [true, false, false, true, false, true];
    const told: unknown[] = [];
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let beats = 0;
    const beat = async () => {
      beats += 1;
      if (beats > goesWell.length) end();
      else if (!goesWell[beats - 1]) throw locked;
    };
    const clock: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(0, signal) };
    using _beating = startHeartbeat(beat, clock, (error) => told.push(error));
    await ended;
    assert.deepEqual(told, [locked, locked]);
  });
});
