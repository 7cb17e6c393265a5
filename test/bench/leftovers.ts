import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dropId } from '../../src/domain/drop.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { imageCommand } from '../dockerfile.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { type SandboxProcess, startSandboxProcess } from '../processes/sandbox-process.ts';
import type { Measure } from './scene.ts';

const LEFTOVERS = 10_000;

/** From the start of a process, and from its word that the ledger is its own, to the first answer about orders of a file. */
export const leftovers: Measure = {
  name: 'leftovers',
  about: `a start with ${LEFTOVERS} files of one row in working/, claimed and not read; a store without latency`,
  async run({ progress, nodeArgs }) {
    await using sandbox = await startSandboxProcess();
    await using data = await makeDataFolder(sandbox, { root: { log: { level: 'debug' } } });
    progress.say('writing what an interrupted daemon leaves');
    await leave(data, await sandbox.generate(LEFTOVERS, { shipped: true }));
    progress.say('starting');
    const startedAtMs = Date.now();
    await using daemon = startDaemonProcess({
      config: data.config,
      entry: 'dist',
      nodeArgs: [...(await imageCommand()).nodeArgs, ...nodeArgs],
    });
    const active = await daemon.waitFor('daemon.active');
    const answered = await daemon.waitFor('orders.looked-up');
    const { time } = active;
    const firstMs = Date.parse(answered.time);
    await waitForWrite(sandbox);
    await daemon.stop('SIGTERM');
    return [
      {
        name: 'start to the first orders looked up',
        value: firstMs - startedAtMs,
        unit: 'ms',
        bound: { atMost: 2_000 },
      },
      { name: 'of that, after the ledger is open', value: firstMs - Date.parse(time), unit: 'ms' },
    ];
  },
};

async function leave({ working, ledger: file }: DataFolder, orders: readonly string[]): Promise<void> {
  using ledger = openLedger(file);
  for (const [at, order] of orders.entries()) {
    const id = dropId(Date.UTC(2026, 10, 22), at / LEFTOVERS);
    const name = `parcels-${at}.csv`;
    const text = `order_number,tracking_number,carrier_code,title\n${order},JD${order.padStart(16, '0')},ups,UPS\n`;
    ledger.drops.begin({
      id,
      inbox: 'main',
      store: 'main',
      name,
      bytes: Buffer.byteLength(text),
      claimedAtMs: Date.now(),
    });
    await mkdir(join(working, id), { recursive: true });
    await writeFile(join(working, id, name), text);
  }
}

/** The work goes on: a first look that led to nothing would be worth nothing. */
async function waitForWrite(sandbox: SandboxProcess): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while ((await sandbox.counts()).track === 0) {
    if (Date.now() > deadlineMs) throw new Error('no number was written within a minute');
  }
}
