import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { printable } from '../../runtime/printable.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SettledFile } from './settled.ts';
import type { TableLook } from './tables.ts';

const ORDERS_FOR_VISITORS = 5;

/** What an inbox may do to the shop. */
export function inboxInWords(name: string, { inboxes }: Config): string {
  const { createShipments } = inboxes.find((inbox) => inbox.name === name) ?? { createShipments: false };
  return createShipments
    ? `${name}: ships orders that have no shipment yet (shipments.create: true)`
    : `${name}: adds numbers to shipments that are there (shipments.create: false)`;
}

/** How many requests that took. */
export function summary(
  files: readonly SettledFile[],
  counts: ReturnType<Sandbox['counts']>,
  lostAnswers: number,
): string[] {
  const rows = files.reduce((sum, file) => sum + file.rows.length, 0);
  const { total, orders, shipments, track, ship, probe } = counts;
  return [
    `The shop got ${total} requests for ${rows} rows: ${orders} GET orders, ${shipments} GET shipments, ${track} POST track, ${ship} POST ship,`,
    `${probe} probes. The answers to ${lostAnswers} writes were lost. It mailed ${counts.mails} customers.`,
  ];
}

/** Whether it all ended as the fixtures say; every difference in a line. */
export function verdict(
  differ: readonly string[],
  files: readonly SettledFile[],
  sandbox: Sandbox,
  { colour }: TableLook,
): string[] {
  const rows = files.reduce((sum, file) => sum + file.rows.length, 0);
  if (differ.length === 0) {
    const numbers = sandbox.tracks().length;
    const words = `All ${rows} rows of ${files.length} files ended as expected; each of ${numbers} numbers stands in the shop once.`;
    return [colour('green', words)];
  }
  const head = differ.length === 1 ? '1 thing' : `${differ.length} things`;
  return [colour('red', `${head} did not end as expected:`), ...differ.map((line) => `  ${printable(line)}`)];
}

/** What somebody needs who wants to drop files of their own; makes orders for them. */
export function invitation(folder: string, inboxes: readonly string[], sandbox: Sandbox): string[] {
  const shipped = sandbox.generate(ORDERS_FOR_VISITORS, { shipped: true });
  const open = sandbox.generate(ORDERS_FOR_VISITORS);
  return [
    '',
    'Everything keeps running until Ctrl+C. Drop a file of your own into',
    ...inboxes.map((inbox) => `  ${join(folder, inbox, 'inbox')}`),
    'with these orders:',
    `  with a shipment     ${shipped.join(' ')}`,
    `  without             ${open.join(' ')}`,
    'for example:',
    `  printf 'order_number,tracking_number\\n${shipped[0]},1Z999AA10123450002\\n' \\`,
    `    > ${join(folder, inboxes[0] ?? '', 'inbox', 'mine.csv')}`,
    'The shop, and what stands in it:',
    `  ${sandbox.url}, bearer token ${sandbox.bearer}`,
    `  curl ${sandbox.url}/_sandbox/tracks`,
    '',
  ];
}
