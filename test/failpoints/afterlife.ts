import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SCHEMA_STEPS, SCHEMA_VERSION } from '../../src/ledger/schema.ts';
import type { StepName } from '../../src/runtime/step.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type DaemonProcess, startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { COMPILE_CACHE } from '../processes/node-process.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { plainFile } from '../running-daemon.ts';
import { killingAt } from './killed-at.ts';
import { AFTERLIFE } from './scenes.ts';

/** Before parts, waiting, notices and all that came with them. */
const OLDER_VERSION = 4;

const stepsOf = (prefix: string) => AFTERLIFE.filter((step) => step.startsWith(prefix));

/** Starts one that is killed at the step, and sees that it was. */
async function killAt(folder: DataFolder, step: StepName): Promise<void> {
  const { env, nodeArgs } = killingAt({ step, nth: 1 });
  await using daemon = startDaemonProcess({
    config: folder.config,
    env: { ...COMPILE_CACHE, ...env },
    ...(nodeArgs === undefined ? {} : { nodeArgs }),
  });
  const late = setTimeout(() => void daemon.stop('SIGTERM'), 20_000);
  const { signal, code } = await daemon.exit;
  clearTimeout(late);
  assert.equal(signal, 'SIGKILL', `${step}: it ended with ${code}\n${daemon.stderr()}`);
}

async function withDaemon(
  folder: DataFolder,
  work: (daemon: DaemonProcess) => Promise<unknown>,
): Promise<void> {
  await using daemon = startDaemonProcess({ config: folder.config, env: COMPILE_CACHE });
  await daemon.waitFor('inbox.watching');
  await work(daemon);
  const { code } = await daemon.stop('SIGTERM');
  assert.equal(code, 0, daemon.stderr());
}

const drop = (folder: DataFolder, name: string, text: string) => folder.drop(new Map([[name, text]]));

/** `order number` of all that stands, sorted. */
const standing = (shop: Sandbox) =>
  shop
    .tracks()
    .map(({ order, trackNumber }) => `${order} ${trackNumber}`)
    .sort();

/** Every file below a folder by its name, sorted. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

describe('A daemon that is killed', { concurrency: true }, () => {
  it('while it takes drops out of failed/ leaves each of them in one folder, with one report', async () => {
    const steps = stepsOf('redo.');
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    const orders = steps.map((_, at) => String(900 + at));
    await withDaemon(folder, async (daemon) => {
      for (const order of orders) await drop(folder, `day-${order}.csv`, plainFile([order, `1Z${order}`]));
      await daemon.waitForMany('drop.settled', steps.length);
    });
    const outputs = orders.flatMap((order) => [`day-${order}.csv`, `day-${order}.report.csv`]);
    const retries = orders.map((order) => `day-${order}.retry.csv`);
    assert.deepEqual(await filesIn(folder.failed), [...outputs, ...retries].sort());

    for (const [at, step] of steps.entries()) {
      const order = String(orders[at]);
      shop.addOrder({ incrementId: order, shipments: [{}] });
      await drop(folder, `later-${order}.csv`, plainFile([order, `1Z${order}`]));
      await killAt(folder, step);
    }
    await withDaemon(folder, (daemon) =>
      daemon.waitFor('drop.redone', ({ name }) => name === `day-${orders.at(-1)}.csv`),
    );

    assert.deepEqual(
      standing(shop),
      orders.map((order) => `${order} 1Z${order}`),
    );
    assert.deepEqual(await filesIn(folder.failed), []);
    const later = orders.flatMap((order) => [`later-${order}.csv`, `later-${order}.report.csv`]);
    assert.deepEqual(await filesIn(folder.processed), [...outputs, ...retries, ...later].sort());
    const [day = ''] = await readdir(folder.processed);
    for (const order of orders) {
      const report = await readFile(join(folder.processed, day, `day-${order}.report.csv`), 'utf8');
      assert.match(report, new RegExp(`order-not-found,.*done by line 2 of "*later-${order}\\.csv`));
    }
  });

  it('while it takes a file whose writer went on has every row of it, once', async () => {
    const steps = stepsOf('grow.');
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    const orders = steps.map((_, at) => String(100 + at));
    for (const incrementId of orders) shop.addOrder({ incrementId, shipments: [{}] });
    await withDaemon(folder, async (daemon) => {
      for (const order of orders) await drop(folder, `day-${order}.csv`, plainFile([order, `1Z${order}`]));
      await daemon.waitForMany('drop.settled', steps.length);
    });
    const [day = ''] = await readdir(folder.processed);
    for (const [at, step] of steps.entries()) {
      await appendFile(
        join(folder.processed, day, `day-${orders[at]}.csv`),
        `${orders[at]},2Z${orders[at]},ups,UPS\n`,
      );
      await killAt(folder, step);
    }
    await withDaemon(folder, (daemon) =>
      daemon.waitFor('drop.settled', ({ name }) => name === `day-${orders.at(-1)}.csv`),
    );
    assert.deepEqual(
      standing(shop),
      orders.flatMap((order) => [`${order} 1Z${order}`, `${order} 2Z${order}`]),
    );
    assert.deepEqual(await filesIn(folder.working), []);
  });

  it('while it brings an older ledger up to date finds it older, or up to date', async () => {
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    shop.addOrder({ incrementId: '100', shipments: [{}] });
    {
      using db = new DatabaseSync(folder.ledger);
      db.exec(`${SCHEMA_STEPS.slice(0, OLDER_VERSION).join(';')}; PRAGMA user_version = ${OLDER_VERSION}`);
    }
    await killAt(folder, 'ledger.copied');
    await killAt(folder, 'ledger.migrated');
    await drop(folder, 'day.csv', plainFile(['100', '1Z1']));
    await withDaemon(folder, (daemon) => daemon.waitFor('drop.settled'));
    assert.deepEqual(standing(shop), ['100 1Z1']);
    using db = new DatabaseSync(folder.ledger, { readOnly: true });
    assert.equal(db.prepare('PRAGMA user_version').get()?.user_version, SCHEMA_VERSION);
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  });

  it('while it sets a damaged ledger aside loses no byte of it', async () => {
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    shop.addOrder({ incrementId: '100', shipments: [{}] });
    const damaged = 'no database, '.repeat(500);
    await writeFile(folder.ledger, damaged);
    await killAt(folder, 'ledger.aside-reserved');
    await killAt(folder, 'ledger.aside-renamed');
    await drop(folder, 'day.csv', plainFile(['100', '1Z1']));
    await withDaemon(folder, (daemon) => daemon.waitFor('drop.settled'));
    assert.deepEqual(standing(shop), ['100 1Z1']);
    const names = (await readdir(folder.path)).filter((name) => name.includes('.damaged-'));
    const kept = await Promise.all(names.map((name) => readFile(join(folder.path, name), 'utf8')));
    assert.equal(kept.filter((text) => text === damaged).length, 1, names.join());
  });
});
