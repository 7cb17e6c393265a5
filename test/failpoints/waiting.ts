import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { makeDataFolder, type SiblingName } from '../processes/data-folder.ts';
import { plainFile } from '../running-daemon.ts';
import { killingAt } from './killed-at.ts';
import { WAITING } from './scenes.ts';

const WORDS = {
  inbox: {
    stableFor: '50ms',
    unfinishedFor: '100ms',
    rescanEvery: '100ms',
    waitFor: { orderNotFound: '1h', orderHeld: '0s', unpaid: '0s', every: '200ms' },
  },
} as const;

/** The step before which the orders come that are waited for. */
const COME_BEFORE = 'wait.ending';

/** Every file in and below a folder, by its path in it. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** One file's life, of which no daemon sees more than the next step. */
async function assertOutlivesKills(elsewhere: readonly SiblingName[]): Promise<void> {
  await using shop = await startSandbox();
  await using folder = await makeDataFolder(shop, WORDS, elsewhere);
  const comes = (incrementId: string) => shop.addOrder({ incrementId, shipments: [{}] });
  comes('100');
  await folder.drop(new Map([['day.csv', plainFile(['900', '1Z2'], ['100', '1Z1'], ['901', '1Z3'])]]));
  for (const step of WAITING) {
    if (step === COME_BEFORE) for (const order of ['900', '901']) comes(order);
    await using killed = startDaemonProcess({ config: folder.config, ...killingAt({ step, nth: 1 }) });
    const { signal } = await killed.exit;
    assert.equal(signal, 'SIGKILL', `not killed at ${step}: ${killed.stderr()}`);
  }
  await using daemon = startDaemonProcess({ config: folder.config });
  await daemon.waitFor('drop.settled', ({ name }) => name === 'day.waiting.csv');
  await daemon.stop('SIGTERM');
  const standing = shop.tracks().map(({ order, trackNumber }) => `${order} ${trackNumber}`);
  assert.deepEqual(standing.sort(), ['100 1Z1', '900 1Z2', '901 1Z3']);
  const names = ['day.csv', 'day.report.csv', 'day.waiting.csv', 'day.waiting.report.csv'];
  const processed = await filesIn(folder.processed);
  assert.deepEqual(
    processed.map((path) => path.split('/').at(-1)),
    names,
  );
  assert.equal(await readFile(processed[2] ?? '', 'utf8'), plainFile(['900', '1Z2'], ['901', '1Z3']));
  for (const each of [folder.inbox, folder.working, folder.waiting])
    assert.deepEqual(await filesIn(each), [], each);
}

describe('Daemons that are killed one after the other while rows wait, each at its own step', {
  concurrency: true,
}, () => {
  it('lose none of them', () => assertOutlivesKills([]));

  it('nor where the folder of those that wait is on another file system', () =>
    assertOutlivesKills(['waiting']));
});

describe('A daemon that is killed', { concurrency: true }, () => {
  it('while it takes a file of a lost ledger out of the folder leaves no report there', async () => {
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, WORDS);
    await folder.drop(new Map([['day.csv', plainFile(['900', '1Z2'])]]));
    {
      await using daemon = startDaemonProcess({ config: folder.config });
      await daemon.waitFor('drop.settled');
      await daemon.stop('SIGTERM');
    }
    for (const end of ['', '-wal', '-shm']) await rm(folder.ledger + end, { force: true });
    {
      const atTaking = killingAt({ step: 'wait.taken', nth: 1 });
      await using killed = startDaemonProcess({ config: folder.config, ...atTaking });
      assert.equal((await killed.exit).signal, 'SIGKILL');
    }
    shop.addOrder({ incrementId: '900', shipments: [{}] });
    await using daemon = startDaemonProcess({ config: folder.config });
    await daemon.waitFor('drop.settled', ({ name }) => name === 'day.waiting.csv');
    await daemon.stop('SIGTERM');
    assert.deepEqual(await filesIn(folder.waiting), []);
  });

  it('while it looks at rows ends none of them where their folder is another one at the next start', async () => {
    await using shop = await startSandbox();
    await using folder = await makeDataFolder(shop, WORDS);
    await folder.drop(new Map([['day.csv', plainFile(['900', '1Z2'])]]));
    {
      const atLook = killingAt({ step: 'wait.look-begun', nth: 1 });
      await using killed = startDaemonProcess({ config: folder.config, ...atLook });
      assert.equal((await killed.exit).signal, 'SIGKILL');
    }
    await rename(folder.waiting, `${folder.waiting}-elsewhere`);
    await mkdir(folder.waiting);
    shop.addOrder({ incrementId: '900', shipments: [{}] });
    await using daemon = startDaemonProcess({ config: folder.config });
    await daemon.waitFor('drop.stuck', ({ message }) => /another folder/.test(String(message)));
    await rm(folder.waiting, { recursive: true });
    await rename(`${folder.waiting}-elsewhere`, folder.waiting);
    await daemon.waitFor('drop.settled', ({ name }) => name === 'day.waiting.csv');
    await daemon.stop('SIGTERM');
    assert.deepEqual(
      shop.tracks().map(({ order, trackNumber }) => `${order} ${trackNumber}`),
      ['900 1Z2'],
    );
  });
});
