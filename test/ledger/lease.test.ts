import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import { LeaseLostError } from '../../src/domain/lease.ts';
import { readHeartbeat } from '../../src/ledger/heartbeat.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { ledgerFolder } from './folder.ts';
import { enterDrop } from './small-ledger.ts';

const holder = (instance: string) => ({ pid: 1, host: instance, boot: instance, instance });
const LEDGER_SOURCES = join(import.meta.dirname, '../../src/ledger');
/**
 * Statements that change something and ask for no lease by themselves: those that take, give and tell it; what runs before
 * anybody can have taken it; those whose transaction is opened by the same function, or by their caller, with `inTransaction`.
 */
const UNGUARDED = ['enter-records.ts', 'heartbeat.ts', 'lease.ts', 'migrate.ts', 'refusals.ts'];

/** Two processes that opened one ledger: the second has followed the first, which does not know it yet. */
async function followed(): Promise<
  AsyncDisposable & { readonly old: Ledger; readonly next: Ledger; drop: Drop }
> {
  await using open = new AsyncDisposableStack();
  const { file } = open.use(await ledgerFolder());
  const old = open.use(openLedger(file));
  old.lease.take(holder('old'), undefined, systemClock);
  const drop = enterDrop(old, { id: 'x', rows: [['100', 'AB1']] });
  const next = open.use(openLedger(file));
  assert.ok(next.lease.take(holder('next'), readHeartbeat(file), systemClock));
  const all = open.move();
  return { old, next, drop, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

describe('A ledger whose writer was followed by another one', () => {
  for (const [what, change] of [
    ['a drop', ({ drops }: Ledger, drop: Drop) => drops.markSettling(drop)],
    ['whether there is one', ({ drops }: Ledger, drop: Drop) => drops.forget(drop)],
    ['its rows', ({ rows }: Ledger, drop: Drop) => [...rows.clearInPages(drop)]],
    ['their outcomes', (ledger: Ledger, drop: Drop) => ledger.rows.end(drop, [endOf(2)])],
    ['new rows', (ledger: Ledger, drop: Drop) => ledger.rows.add(drop, [])],
    ['when a waiting one is looked at', ({ waiting }: Ledger, drop: Drop) => waiting.postpone(drop, 1)],
    ['notices', ({ notices }: Ledger) => notices.clearAll()],
  ] as const) {
    it(`keeps nothing of what that one still changes of ${what}`, async () => {
      await using scene = await followed();
      const { old, next, drop } = scene;
      const [before, open] = [next.drops.byId('x'), next.rows.anyOpen(drop)];
      assert.throws(() => change(old, drop), LeaseLostError);
      assert.deepEqual([next.drops.byId('x'), next.rows.anyOpen(drop)], [before, open]);
      change(next, drop);
    });
  }

  it('keeps nothing of what that one gathered for the end of its turn', async () => {
    await using scene = await followed();
    const { old, next, drop } = scene;
    await assert.rejects(
      old.together(() => old.drops.markSettling(drop)),
      LeaseLostError,
    );
    assert.equal(next.drops.byId('x')?.state, 'ready');
  });

  it('has no statement that could change it past the lease', async () => {
    const past = /\.(?:prepare|exec)\(\s*[`'"]\s*(?:INSERT|UPDATE|DELETE)\b/;
    const found: string[] = [];
    const names = (await readdir(LEDGER_SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'));
    for (const name of names) {
      if (past.test(await readFile(join(LEDGER_SOURCES, name), 'utf8'))) found.push(name);
    }
    assert.deepEqual(found.sort(), UNGUARDED);
  });
});

function endOf(line: number) {
  return {
    line,
    part: 0,
    outcome: 'tracked',
    message: '',
    orderId: 1,
    shipmentId: 1,
    trackId: 1,
  } as const;
}
