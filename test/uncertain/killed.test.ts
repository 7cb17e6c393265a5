import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { makeDataFolder } from '../processes/data-folder.ts';
import type { LogLine } from '../processes/log-lines.ts';
import { until } from '../sandbox/caller.ts';
import { Attempts } from './attempts.ts';
import { type End, FIRST_AFTER_REPEAT, FOUND_AT_ONCE } from './faults.ts';
import { KINDS, type Kind, NUMBER } from './kinds.ts';

const WORDS = {
  store: {
    uncertain: {
      looks: ['100ms', '300ms'],
      repeatTrackAfter: '1400ms',
      repeatShipAfter: '1600ms',
      verifyAfter: '500ms',
    },
  },
  inbox: { shipments: { create: true }, stableFor: '100ms', rescanEvery: '200ms' },
  root: { log: { level: 'debug' } },
} as const;

/** When the store carries out what it was sent by the daemon that was killed. */
type Effect = 'before-kill' | 'after-repeat';

/** Drops a file, kills the daemon when the store has its request and has not answered, and lets another one finish. */
async function killedDuringWrite(kind: Kind, effect: Effect) {
  await using shop = await startSandbox();
  await using folder = await makeDataFolder(shop, WORDS);
  const order = shop.addOrder(kind.order(4));
  using attempts = new Attempts(shop, kind);
  shop.inject({ match: { path: kind.path }, times: 1, fault: { kind: 'heldEffect', answer: 'silence' } });
  await using killed = startDaemonProcess({ config: folder.config });
  await killed.waitFor('inbox.watching');
  await folder.drop(new Map([['day.csv', kind.file(order.incrementId)]]));
  await until(shop, () => attempts.count === 1);
  if (effect === 'before-kill') shop.release();
  await killed.stop('SIGKILL');

  await using second = startDaemonProcess({ config: folder.config });
  if (effect === 'after-repeat') {
    await second.waitFor('write.answered');
    shop.release();
  }
  const settled = await second.waitFor('drop.settled');
  return { ...(await seenAt(shop, settled, new Set(order.shipmentIds))), writes: attempts.count };
}

async function seenAt(shop: Sandbox, settled: LogLine, before: ReadonlySet<number>) {
  const made = shop.shipments().filter(({ entityId }) => !before.has(entityId));
  return {
    report: await readFile(reportOf(settled), 'utf8'),
    made: made.map(({ entityId }) => String(entityId).padStart(9, '0')),
    pieces: made.flatMap(({ items }) => items).reduce((sum, { qty }) => sum + qty, 0),
    standing: shop.tracks().filter(({ trackNumber }) => trackNumber === NUMBER).length,
    takenBack: shop.counts().untrack,
  };
}

function reportOf({ folder }: LogLine): string {
  return join(String(folder), 'day.report.csv');
}

function assertEnd(seen: Awaited<ReturnType<typeof killedDuringWrite>>, kind: Kind, end: End): void {
  const { writes, takenBack, made, standing, report } = seen;
  assert.deepEqual(
    { writes, takenBack, made: made.length, standing },
    { writes: end.writes, takenBack: end.takenBack, made: end.made, standing: 1 },
  );
  assert.match(report, new RegExp(`,${end.outcome},`));
  assert.match(report, end.says);
  if (end.made < 2) assert.equal(seen.pieces, kind.pieces);
  else for (const shipment of made) assert.ok(report.includes(shipment), `names ${shipment}`);
}

describe('A daemon that is killed while the store works on its write', { concurrency: 6 }, () => {
  for (const kind of KINDS) {
    it(`leaves one that finds a ${kind.name} done`, async () => {
      const end = FOUND_AT_ONCE[kind.name];
      assertEnd(await killedDuringWrite(kind, 'before-kill'), kind, end);
    });
    it(`leaves one whose repeat of a ${kind.name} comes before the first`, async () => {
      const end = FIRST_AFTER_REPEAT[kind.name];
      assertEnd(await killedDuringWrite(kind, 'after-repeat'), kind, end);
    });
  }
});
