import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { COMPILE_CACHE } from '../processes/node-process.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { plainFile } from '../running-daemon.ts';
import { cellsShown } from '../saved-by-excel.ts';
import { type Kill, killingAt } from './killed-at.ts';
import { inWords, MAILING } from './scenes.ts';

/** Where a daemon is killed, and what its customer and the report hear of it in the end. */
interface Case {
  readonly kill: Kill;
  readonly mails: number;
  readonly told: 'mailed' | 'mail unknown';
}

/** A shipment that takes two numbers, then a mail of its own. */
const ALWAYS: readonly Case[] = [
  { kill: { step: 'write.intended', nth: 1 }, mails: 1, told: 'mailed' },
  { kill: { step: 'write.answered', nth: 1 }, mails: 1, told: 'mailed' },
  { kill: { step: 'write.recorded', nth: 1 }, mails: 1, told: 'mailed' },
  { kill: { step: 'write.intended', nth: 2 }, mails: 1, told: 'mailed' },
  { kill: { step: 'write.recorded', nth: 2 }, mails: 1, told: 'mailed' },
  // It was not sent, which nobody knows: the intent is on record.
  { kill: { step: 'mail.intended', nth: 1 }, mails: 0, told: 'mail unknown' },
  { kill: { step: 'mail.answered', nth: 1 }, mails: 1, told: 'mail unknown' },
  { kill: { step: 'mail.recorded', nth: 1 }, mails: 1, told: 'mailed' },
];

/** An order that is shipped with two numbers and a mail in one call. */
const AS_SHIPPED: readonly Case[] = [
  { kill: { step: 'write.intended', nth: 1 }, mails: 0, told: 'mail unknown' },
  // The shipment itself shows that it was mailed about.
  { kill: { step: 'write.answered', nth: 1 }, mails: 1, told: 'mailed' },
  { kill: { step: 'write.recorded', nth: 1 }, mails: 1, told: 'mailed' },
];

async function killedAt(folder: DataFolder, kill: Kill): Promise<void> {
  const { env, nodeArgs = [] } = killingAt(kill);
  await using daemon = startDaemonProcess({
    config: folder.config,
    env: { ...COMPILE_CACHE, ...env },
    nodeArgs,
  });
  const late = setTimeout(() => void daemon.stop('SIGTERM'), 20_000);
  const { signal } = await daemon.exit;
  clearTimeout(late);
  assert.equal(signal, 'SIGKILL', `not killed at ${inWords(kill)}: ${daemon.stderr()}`);
}

/** What the report of a file says of its rows' mails. */
async function settledBy(folder: DataFolder, name: string): Promise<readonly (string | undefined)[]> {
  await using daemon = startDaemonProcess({ config: folder.config, env: COMPILE_CACHE });
  const settled = await daemon.waitFor('drop.settled');
  await daemon.stop('SIGTERM');
  const report = await readFile(join(String(settled.folder), name.replace('.csv', '.report.csv')), 'utf8');
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf('trackdrop_mail')]);
}

const mailsAbout = (shop: Sandbox, order: string) =>
  shop
    .shipments()
    .filter((shipment) => shipment.order === order)
    .map(({ mails }) => mails);

async function assertOneMail(notify: 'always' | 'shipment', cases: readonly Case[]): Promise<void> {
  const shipments = { create: true, notify };
  await using shop = await startSandbox();
  await using folder = await makeDataFolder(shop, {
    ...SHORT_TIMES,
    inbox: { ...SHORT_TIMES.inbox, shipments },
  });
  for (const [at, { kill, mails, told }] of cases.entries()) {
    const order = String(100 + at);
    const name = `day-${order}.csv`;
    shop.addOrder({ incrementId: order, shipments: notify === 'always' ? [{}] : [] });
    await folder.drop(new Map([[name, plainFile([order, `A${order}`], [order, `B${order}`])]]));
    await killedAt(folder, kill);
    assert.deepEqual(await settledBy(folder, name), [told, told], inWords(kill));
    assert.deepEqual(mailsAbout(shop, order), [mails], inWords(kill));
  }
}

describe('A daemon that is killed', { concurrency: true }, () => {
  it('while it puts numbers on a shipment and has the customer mailed leaves one mail at most', async () => {
    const steps = ALWAYS.map(({ kill }) => kill.step);
    assert.deepEqual(
      MAILING.filter((step) => !steps.includes(step)),
      [],
    );
    await assertOneMail('always', ALWAYS);
  });

  it('while it ships with a mail leaves one mail at most', () => assertOneMail('shipment', AS_SHIPPED));
});
