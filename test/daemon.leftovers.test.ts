import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openLedger } from '../src/ledger/ledger.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** What a kill leaves just after a claim: a drop that is entered and not read, with these files in its folder. */
interface Left {
  readonly id: string;
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

async function leave(daemon: RunningDaemon, left: readonly Left[]): Promise<void> {
  const { ledger: file, inboxes } = daemon.config();
  using ledger = openLedger(file);
  for (const { id, name, files } of left) {
    ledger.drops.begin({ id, inbox: 'main', store: 'main', name, bytes: 0, claimedAtMs: Date.now() });
    const folder = join(inboxes[0]?.working ?? '', id);
    await mkdir(folder, { recursive: true });
    for (const [each, text] of Object.entries(files)) await writeFile(join(folder, each), text);
  }
}

const idOf = (second: number) => `20261122-06223${second}-k3f9q1`;

describe('Files that were claimed and not read when the process ended', { concurrency: 4 }, () => {
  it('are read in the order of their claims, each being looked for when its turn comes', async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await leave(daemon, [
      { id: idOf(3), name: 'a.csv', files: { 'a.csv': plainFile([order, 'A1']) } },
      { id: idOf(1), name: 'b.csv', files: {} },
    ]);
    const later = join(daemon.data, 'working', idOf(1), 'b.csv');
    daemon.events.on('drop.read', ({ name }) => {
      if (name === 'a.csv') writeFileSync(later, plainFile([order, 'B1']));
    });
    await daemon.start();
    const steps = daemon.seen.flatMap(({ name, facts }) => {
      const { name: file } = facts as { name?: string };
      return name === 'drop.resumed' || name === 'drop.read' ? [`${name} ${file}`] : [];
    });
    assert.deepEqual(steps, [
      'drop.resumed a.csv',
      'drop.read a.csv',
      'drop.resumed b.csv',
      'drop.read b.csv',
    ]);
    while (daemon.count('drop.settled') < 2) await daemon.next('drop.settled');
    assert.deepEqual(daemon.standing(order), ['A1', 'B1']);
  });

  it('are found under another name, and forgotten where their folder is empty', async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await leave(daemon, [
      { id: idOf(1), name: 'gone.csv', files: {} },
      { id: idOf(2), name: 'renamed.csv', files: { 'by-somebody.csv': plainFile([order, 'N1']) } },
    ]);
    const settled = daemon.next('drop.settled');
    await daemon.start();
    const { name, lines } = await daemon.report(await settled);
    assert.deepEqual([name, lines], ['renamed.csv', ['2: tracked']]);
    assert.equal(daemon.count('drop.resumed'), 1);
    await daemon.stop();
    assert.deepEqual(await readdir(join(daemon.data, 'working')), []);
    using ledger = openLedger(daemon.config().ledger);
    assert.deepEqual(ledger.drops.unsettled(), []);
  });
});
