import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InboxConfig } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read.ts';
import type { EventMap } from '../../src/events.ts';
import { RunningDaemon } from '../running-daemon.ts';
import { cellsShown } from '../saved-by-excel.ts';
import type { CaseFile, MerchantCase } from './merchant-case.ts';
import { orderInWords } from './order-in-words.ts';

/** One daemon and one shop for many cases: an inbox for each of their settings. */
export class ShopOfCases implements AsyncDisposable {
  readonly #daemon: RunningDaemon;
  readonly #inboxOf: ReadonlyMap<string, string>;

  private constructor(daemon: RunningDaemon, inboxOf: ReadonlyMap<string, string>) {
    this.#daemon = daemon;
    this.#inboxOf = inboxOf;
  }

  static async open(cases: readonly MerchantCase[]): Promise<ShopOfCases> {
    const kinds = [...new Map(cases.map((each) => [settingsOf(each), each])).values()];
    const inboxOf = new Map(kinds.map((each, at) => [settingsOf(each), `inbox-${at}`]));
    const inboxes = await decided(kinds);
    const daemon = await RunningDaemon.start({
      sandbox: { sources: ['default', 'east', 'west'] },
      inboxes: inboxes.map((inbox, at) => ({
        ...policyOf(inbox),
        name: `inbox-${at}`,
        folder: `inbox-${at}`,
      })),
    });
    return new ShopOfCases(daemon, inboxOf);
  }

  /** Drops the files of a case one after the other, and tells what became of rows and orders. */
  async play(one: MerchantCase): Promise<Pick<MerchantCase, 'files' | 'after' | 'requests'>> {
    const { sandbox } = this.#daemon;
    const [first] = sandbox.addOrders(one.orders);
    if (one.loses) {
      const kind = one.loses === 'answer' ? 'resetAfter' : 'resetBefore';
      sandbox.inject({ match: { path: `/order/${first?.orderId}/ship$` }, times: 1, fault: { kind } });
    }
    const inbox = this.#inboxOf.get(settingsOf(one)) ?? '';
    const files: CaseFile[] = [];
    for (const [at, { rows }] of one.files.entries()) {
      const numbers = this.#shipmentNumbers(one);
      const content = rows.map((row) => row.replace(/\bS(\d)\b/g, (_, n) => numbers[n - 1] ?? `S${n}`));
      const name = `${one.orders[0]?.incrementId}-${at}.csv`;
      const { text } = await this.#daemon.settle(name, `${content.join('\n')}\n`, inbox);
      files.push({ rows, report: this.#reportInWords(text, one) });
    }
    return { files, after: this.#after(one), requests: this.#requests(one) };
  }

  #reportInWords(report: string, one: MerchantCase): string[] {
    const [header = [], ...rows] = cellsShown(report);
    const cell = (row: readonly string[], name: string) => row[header.indexOf(`trackdrop_${name}`)] ?? '';
    return rows.map((row) => {
      const mail = cell(row, 'mail');
      const told = mail === 'mailed' || mail === 'mail unknown' ? `, ${mail}` : '';
      return `${cell(row, 'line')} ${cell(row, 'outcome')}${told}: ${this.#plain(cell(row, 'message'), one)}`;
    });
  }

  /** Without what is another time another id or another time of day, and without the file of another case that holds the same. */
  #plain(message: string, one: MerchantCase): string {
    const numbers = this.#shipmentNumbers(one);
    return message
      .replace(/; same content as .*$/, '')
      .replace(/\b\d{9}\b/g, (number) =>
        numbers.includes(number) ? `S${numbers.indexOf(number) + 1}` : number,
      )
      .replace(/\btrack \d+/g, 'track N')
      .replace(/\bid \d+/g, 'id N')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME');
  }

  #shipmentNumbers({ orders: [first] }: MerchantCase): string[] {
    const order = first && this.#daemon.sandbox.order(first.incrementId, first.storeId);
    return order?.shipments.map(({ entityId }) => String(entityId).padStart(9, '0')) ?? [];
  }

  #after({ orders }: MerchantCase): string[] {
    const { sandbox } = this.#daemon;
    return orders.flatMap(({ incrementId, storeId }) => {
      const order = sandbox.order(incrementId, storeId);
      return order ? orderInWords(order, sandbox.mails()) : [];
    });
  }

  #requests({ orders, requests = {} }: MerchantCase): NonNullable<MerchantCase['requests']> {
    const ids = orders.map(
      ({ incrementId, storeId }) => this.#daemon.sandbox.order(incrementId, storeId)?.orderId,
    );
    const sent = this.#daemon.seen
      .filter(({ name }) => name === 'write.sent')
      .map(({ facts }) => (facts as EventMap['write.sent']).action)
      .filter(({ orderId }) => ids.includes(orderId));
    const count = (kind: string) => sent.filter((action) => action.kind === kind).length;
    const all = { ship: count('ship'), track: count('track'), emails: count('mail') };
    return Object.fromEntries(Object.entries(all).filter(([kind]) => kind in requests));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
  }
}

/** What of an inbox is about rows and orders; folders and short times are those of the test. */
function policyOf(inbox: InboxConfig): Partial<InboxConfig> {
  const { folder, working, waiting, processed, failed, store, ...own } = inbox;
  const { stableForMs, unfinishedForMs, rescanEveryMs, ignoreOlderThanMs, ...kept } = own;
  return kept;
}

function settingsOf({ settings = '', profile = '' }: MerchantCase): string {
  return `${settings}\n${profile}`;
}

/** The inboxes as the program itself reads them from a file that has an inbox for each of these. */
async function decided(kinds: readonly MerchantCase[]): Promise<readonly InboxConfig[]> {
  const below = (yaml: string, indent: string) =>
    yaml
      .split('\n')
      .map((line) => `${indent}${line}\n`)
      .join('');
  const lines = [
    'stores: { main: { url: "https://shop.example.com", auth: { bearer: abcdefghijklmnopqrstuvwxyz123456 } } }\n',
    kinds.some(({ profile }) => profile !== undefined) ? 'profiles:\n' : '',
    ...kinds.map(({ profile }, at) =>
      profile === undefined ? '' : `  case-${at}:\n${below(profile, '    ')}`,
    ),
    'inboxes:\n',
    ...kinds.map(({ settings, profile }, at) => {
      const read = profile === undefined ? 'auto' : `case-${at}`;
      const shipments = settings === undefined ? '' : `    shipments:\n${below(settings, '      ')}`;
      return `  - name: inbox-${at}\n    folder: inbox-${at}\n    working: working-${at}\n    waiting: waiting-${at}\n    processed: processed-${at}\n    failed: failed-${at}\n    profile: ${read}\n${shipments}`;
    }),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'trackdrop-cases-'));
  try {
    const file = join(folder, 'trackdrop.yaml');
    await writeFile(file, lines.join(''));
    return (await readConfig({ file, env: {}, cwd: folder })).config.inboxes;
  } finally {
    await rm(folder, { recursive: true });
  }
}
