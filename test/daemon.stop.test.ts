import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { readOnly } from '../src/ledger/existing.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { type DaemonProcess, startDaemonProcess } from './processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from './processes/data-folder.ts';
import { until } from './sandbox/caller.ts';

const ROWS = 100;
/** As many as are configured where nothing else is written. */
const WORKERS = 5;
const STOP_WITHIN_MS = 2_000;

interface Scene extends AsyncDisposable {
  readonly shop: Sandbox;
  readonly folder: DataFolder;
  start(): DaemonProcess;
  /** Drops one file with a number for each of the orders that have a shipment. */
  dropFile(): Promise<void>;
}

/** A slow shop and a data folder; nothing runs on it yet. */
async function prepare(stopWithinMs = STOP_WITHIN_MS): Promise<Scene> {
  const open = new AsyncDisposableStack();
  const shop = open.use(await startSandbox({ readMs: 20, writeMs: 60 }));
  const folder = open.use(
    await makeDataFolder(shop, {
      store: {
        uncertain: {
          looks: ['200ms', '500ms'],
          repeatTrackAfter: '1s',
          repeatShipAfter: '2s',
          verifyAfter: '1s',
        },
      },
      inbox: { stableFor: '200ms', unfinishedFor: '500ms', rescanEvery: '500ms' },
      root: { log: { level: 'debug' }, stopWithin: `${stopWithinMs}ms` },
    }),
  );
  const orders = shop.generate(ROWS, { shipped: true });
  const lines = orders.map((order, at) => `${order},1Z${at},ups,Parcel\n`);
  return {
    shop,
    folder,
    start: () => open.use(startDaemonProcess({ config: folder.config })),
    dropFile: () =>
      folder.drop(
        new Map([['big.csv', `order_number,tracking_number,carrier_code,title\n${lines.join('')}`]]),
      ),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function countWrites(ledger: string, state: string): number | undefined {
  return readOnly(ledger, 'writes', (db) =>
    Number(db.prepare('SELECT count(*) AS n FROM writes WHERE state = ?').get(state)?.n),
  );
}

/** The file is in `processed/`, and each of its numbers stands once. */
async function assertFinished({ shop, folder }: Scene): Promise<void> {
  const numbers = shop.tracks().map(({ trackNumber }) => trackNumber);
  assert.equal(numbers.length, ROWS);
  assert.equal(new Set(numbers).size, ROWS);
  const [day = ''] = await readdir(folder.processed);
  assert.deepEqual(await readdir(`${folder.processed}/${day}`), ['big.csv', 'big.report.csv']);
  assert.deepEqual(await readdir(folder.working), []);
}

describe('SIGTERM in the middle of a file', { concurrency: true }, () => {
  it('lets what is on the wire finish, leaves the rest in working, and the next start finishes it', async () => {
    await using scene = await prepare();
    const { shop, folder } = scene;
    const first = scene.start();
    await scene.dropFile();
    await first.waitForMany('write.answered', 20);
    assert.deepEqual(await first.stop('SIGTERM'), { code: 0, signal: null });

    const { track } = shop.counts();
    const standing = shop.tracks().length;
    assert.equal(standing, track, 'every request that went out was carried out');
    assert.equal(countWrites(folder.ledger, 'done'), standing, 'and is in the ledger');
    assert.equal(countWrites(folder.ledger, 'open'), 0);
    assert.ok(standing < ROWS);
    const [drop = ''] = await readdir(folder.working);
    assert.deepEqual(await readdir(`${folder.working}/${drop}`), ['big.csv']);

    await scene.start().waitFor('drop.settled');
    assert.equal(shop.counts().track, ROWS, 'no number is sent twice');
    await assertFinished(scene);
  });

  it('while the store is silent ends in time, with the intents open; the next start finds out', async () => {
    await using scene = await prepare();
    const { shop, folder } = scene;
    const first = scene.start();
    await scene.dropFile();
    await first.waitForMany('write.answered', 20);
    const sent = shop.counts().track;
    const landed = { kind: 'lateEffect', afterMs: 0, answer: 'silence' } as const;
    shop.inject({ match: { path: 'shipment/track', every: 2 }, fault: landed });
    shop.inject({ match: { path: 'shipment/track' }, fault: { kind: 'silence' } });
    // Each worker has its next request there, and so none that is still answered.
    await until(shop, () => shop.counts().track === sent + WORKERS);
    assert.deepEqual(await first.stop('SIGTERM'), { code: 0, signal: null });
    assert.equal(countWrites(folder.ledger, 'open'), WORKERS, 'the answers were not waited for');

    shop.clearFaults();
    await scene.start().waitFor('drop.settled');
    await assertFinished(scene);
  });

  it('a second time leaves at once with 143', async () => {
    await using scene = await prepare(60_000);
    const daemon = scene.start();
    scene.shop.inject({ match: { path: 'shipment/track' }, fault: { kind: 'silence' } });
    await scene.dropFile();
    await daemon.waitForMany('write.sent', 5);
    daemon.child.kill('SIGTERM');
    await daemon.waitFor('daemon.stopping');
    assert.deepEqual(await daemon.stop('SIGTERM'), { code: 143, signal: null });
  });
});

describe('SIGUSR1', () => {
  it('opens no debugger in a process that holds credentials', async () => {
    await using scene = await prepare();
    const daemon = scene.start();
    await daemon.waitFor('inbox.watching');
    daemon.child.kill('SIGUSR1');
    daemon.child.kill('SIGTERM');
    assert.equal((await daemon.exit).code, 0);
    assert.doesNotMatch(daemon.stderr(), /Debugger|inspector/);
  });
});

describe('Two daemons on one data folder', () => {
  it('take turns: the second stands by, says who is active, and takes over when that one is killed', async () => {
    await using scene = await prepare();
    const first = scene.start();
    await first.waitFor('daemon.active');
    const second = scene.start();
    assert.match((await second.waitFor('daemon.standby')).msg, new RegExp(`\\b${first.pid}\\b`));
    await scene.dropFile();
    await first.waitForMany('row.settled', 20);
    const events = new Set(second.log.all.map(({ event }) => event));
    assert.deepEqual([...events], ['banner', 'daemon.standby']);

    await first.stop('SIGKILL');
    await second.waitFor('drop.settled');
    await assertFinished(scene);
  });
});
