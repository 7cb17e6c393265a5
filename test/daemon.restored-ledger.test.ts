import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { takenAwaySince } from '../src/ledger/taken-away.ts';
import { assertNumberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const ROWS = 12;

/** A daemon whose ledger was put back from a copy that was made while it pushed a file of these rows. */
async function putBack(rows: (orders: readonly string[]) => (readonly [string, string])[]) {
  const daemon = await RunningDaemon.start({ sandbox: { writeMs: 20 } });
  const { ledger } = daemon.config();
  const copy = join(daemon.data, 'copy.db');
  const orders = daemon.sandbox.generate(ROWS, { shipped: true });
  const answered = daemon.next('write.answered');
  const settled = daemon.next('drop.settled');
  await daemon.drop('a.csv', plainFile(...rows(orders)));
  await answered;
  {
    using db = new DatabaseSync(ledger, { readOnly: true });
    db.prepare('VACUUM INTO ?').run(copy);
  }
  const { folder } = await settled;
  await daemon.stop();
  for (const end of ['-wal', '-shm']) await rm(`${ledger}${end}`, { force: true });
  await rename(copy, ledger);
  const vanished = daemon.next('drop.vanished');
  await daemon.start();
  return { daemon, ledger, orders, report: join(folder, 'a.report.csv'), vanished: await vanished };
}

function endsIn(ledger: string) {
  using db = new DatabaseSync(ledger, { readOnly: true });
  const all = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const drops = all('SELECT state, file FROM trackdrop_drops');
  const ends = all(`SELECT DISTINCT outcome, message FROM trackdrop_rows WHERE message LIKE '%put back%'`);
  return { drops, ends, taken: takenAwaySince(db, 0) };
}

describe('A ledger that is put back from a copy of a busy daemon', { concurrency: true }, () => {
  it('tells of a file that was put away since where it lies, and not that somebody took it', async () => {
    const { daemon, ledger, orders, report, vanished } = await putBack((all) =>
      all.map((order) => [order, `N${order}`] as const),
    );
    await using _ = daemon;
    assert.equal(vanished.putAway, report);
    const { drops, ends, taken } = endsIn(ledger);
    assert.deepEqual(drops, [{ state: 'settled', file: 'a.csv' }]);
    assert.deepEqual(taken, []);
    assert.equal(ends.length, 1);
    assert.equal(ends[0]?.outcome, 'already-tracked');
    assert.ok(String(ends[0]?.message).endsWith(report));
    assertNumberEach(daemon, orders);
  });

  it('takes a file that lies in failed/ for one that failed', async () => {
    const { daemon, ledger, report, vanished } = await putBack(([last, ...all]) => [
      ...all.map((order) => [order, `N${order}`] as const),
      [String(last), ''] as const,
    ]);
    await using _ = daemon;
    assert.equal(vanished.putAway, report);
    const { drops, ends } = endsIn(ledger);
    assert.deepEqual(drops, [{ state: 'settled', file: 'a.csv' }]);
    assert.deepEqual(
      ends.map(({ outcome }) => outcome),
      ['gave-up'],
    );
  });
});
