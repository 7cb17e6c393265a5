import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ControlledShipment, ControlledTrack } from '../../src/sandbox/control.ts';
import { makeDataFolder } from '../processes/data-folder.ts';
import type { CargoFile } from './cargo-file.ts';
import type { CargoOrder } from './cargo-order.ts';
import { judge } from './judge.ts';

const OAUTH = { consumerKey: 'k', consumerSecret: 's', accessToken: 't', accessTokenSecret: 'u' };
const HEAD = 'order_number,tracking_number\n';
const OURS = 'trackdrop_line,trackdrop_outcome,trackdrop_message,trackdrop_order_id,trackdrop_shipment_id';
const REPORT = [
  `\ufefforder_number,tracking_number,${OURS},trackdrop_track_id`,
  '700000001,"=""001122334455""",2,tracked,added,1,5,9',
  '700000002,,3,bad-row,empty,,,',
  '',
].join('\r\n');
const FILE: CargoFile = {
  name: 'a.csv',
  bytes: Buffer.from(`${HEAD}700000001,001122334455\n700000002,\n`),
  head: HEAD,
  delimiter: ',',
  isUnreadable: false,
  end: {},
  rows: [
    {
      line: 2,
      record: '700000001,001122334455\n',
      fields: ['700000001', '001122334455'],
      kind: { kind: 'number', order: '700000001', number: '001122334455' },
    },
    {
      line: 3,
      record: '700000002,\n',
      fields: ['700000002', ''],
      kind: { kind: 'fixed', outcome: 'bad-row' },
    },
  ],
};
const ORDERS = new Map<string, CargoOrder>([
  ['700000001', { number: '700000001', state: 'open', isLate: false, before: [] }],
  ['700000002', { number: '700000002', state: 'open', isLate: false, before: [] }],
]);
const LATE_ORDERS = new Map(Array.from(ORDERS, ([number, order]) => [number, { ...order, isLate: true }]));
const SHIPMENT: ControlledShipment = {
  entityId: 5,
  order: '700000001',
  orderId: 1,
  items: [],
  trackNumbers: ['001122334455'],
  comments: [],
  visibleComments: [],
  source: 'default',
  mails: 0,
};
const TRACK: ControlledTrack = {
  entityId: 9,
  order: '700000001',
  orderId: 1,
  shipmentId: 5,
  trackNumber: '001122334455',
  carrierCode: 'ups',
  title: 'Parcel',
  description: null,
};

/** A round that went well, then `harm`, then the judge's words. */
async function breachesAfter(
  harm: (failed: string, working: string) => Promise<unknown> | undefined,
  shop = { tracks: [TRACK], shipments: [SHIPMENT] },
  isLate = false,
): Promise<readonly string[]> {
  await using folder = await makeDataFolder({ url: 'http://127.0.0.1:1', oauth: OAUTH });
  await mkdir(folder.failed);
  await mkdir(folder.working);
  await writeFile(join(folder.failed, 'a.csv'), FILE.bytes);
  await writeFile(join(folder.failed, 'a.report.csv'), REPORT);
  await writeFile(join(folder.failed, 'a.retry.csv'), `${HEAD}700000002,\n`);
  await harm(folder.failed, folder.working);
  const { breaches } = await judge({
    folder,
    dropped: [FILE],
    cargo: { orders: isLate ? LATE_ORDERS : ORDERS },
    ...shop,
  });
  return breaches;
}

const unharmed = () => undefined;

describe('The judge of a round', () => {
  it('has nothing to say when all is well', async () => {
    assert.deepEqual(await breachesAfter(unharmed), []);
  });

  it('sees a number that stands nowhere, stands twice, or was asked for by nobody', async () => {
    const lost = await breachesAfter(unharmed, { tracks: [], shipments: [SHIPMENT] });
    assert.match(lost[0] ?? '', /^lost: 700000001 001122334455/);
    const twice = [TRACK, { ...TRACK, entityId: 10 }];
    const doubled = await breachesAfter(unharmed, { tracks: twice, shipments: [SHIPMENT] });
    assert.match(doubled[0] ?? '', /^doubled: 700000001 001122334455 stands 2 times/);
    const stray = [TRACK, { ...TRACK, entityId: 10, trackNumber: 'X' }];
    assert.match(
      (await breachesAfter(unharmed, { tracks: stray, shipments: [SHIPMENT] }))[0] ?? '',
      /no row/,
    );
  });

  it('sees an order that was shipped twice, or for no reason', async () => {
    const twice = [SHIPMENT, { ...SHIPMENT, entityId: 6 }];
    assert.match(
      (await breachesAfter(unharmed, { tracks: [TRACK], shipments: twice }))[0] ?? '',
      /2 shipments/,
    );
    const other = [SHIPMENT, { ...SHIPMENT, entityId: 6, order: '700000002' }];
    assert.match(
      (await breachesAfter(unharmed, { tracks: [TRACK], shipments: other }))[0] ?? '',
      /1 shipments/,
    );
  });

  it('sees a file that is gone, changed, or in the wrong folder', async () => {
    const gone = await breachesAfter((failed) => rm(join(failed, 'a.csv')));
    assert.ok(gone.some((words) => /lies in no folder/.test(words)));
    const cut = await breachesAfter((failed) => writeFile(join(failed, 'a.csv'), HEAD));
    assert.ok(cut.some((words) => /no file that was dropped/.test(words)));
    const processed = await breachesAfter((failed) => rename(failed, join(failed, '../processed')));
    assert.ok(processed.some((words) => /belongs into failed/.test(words)));
  });

  it('sees a report that is missing, short, or says something else than what happened', async () => {
    const report = (text: string) => (failed: string) => writeFile(join(failed, 'a.report.csv'), text);
    const words = await Promise.all([
      breachesAfter((failed) => rm(join(failed, 'a.report.csv'))),
      breachesAfter(report(REPORT.replace(/700000002.*\r\n/, ''))),
      breachesAfter(report(REPORT.replace('bad-row', 'tracked'))),
      breachesAfter(report(REPORT.replace('2,tracked', '2,already-tracked'))),
      breachesAfter(report(REPORT.replace(',9', ',11'))),
      breachesAfter(report(REPORT.replace('1122334455', '1122334456'))),
    ]);
    const expected = [
      /no report/,
      /has the lines 2, the file has 2,3/,
      /ended tracked/,
      /already-tracked/,
      /track 11/,
      /line 2 stands there/,
    ];
    for (const [at, pattern] of expected.entries()) assert.match(words[at]?.[0] ?? '', pattern);
  });

  it('sees a retry file that holds other rows than the failed ones', async () => {
    const words = await breachesAfter((failed) => writeFile(join(failed, 'a.retry.csv'), HEAD));
    assert.match(words[0] ?? '', /exactly the failed rows/);
  });

  it('sees a row that waits in no file, or in one that was not put away', async () => {
    const waits = REPORT.replace('2,tracked,added,1,5,9', '2,waiting,not there yet,,,');
    const parted = (failed: string) => writeFile(join(failed, 'a.report.csv'), waits);
    const lost = await breachesAfter(parted, undefined, true);
    assert.ok(
      lost.some((words) => /1 rows about 700000001 .* wait in no file/.test(words)),
      lost.join(),
    );
    const left = await breachesAfter(
      async (failed) => {
        await parted(failed);
        await mkdir(join(failed, '../waiting'));
        await writeFile(join(failed, '../waiting/a.waiting.csv'), FILE.bytes);
      },
      undefined,
      true,
    );
    assert.ok(left.some((words) => /waiting\/a\.waiting\.csv was left behind/.test(words)));
    const early = await breachesAfter(parted);
    assert.ok(
      early.some((words) => /ended waiting/.test(words)),
      'its order was there',
    );
    const done = await breachesAfter(
      async (failed) => {
        await parted(failed);
        const day = join(failed, '../processed/2026-11-22');
        await mkdir(day, { recursive: true });
        await writeFile(join(day, 'a.waiting.csv'), `${HEAD}700000001,001122334455\n`);
        await writeFile(join(day, 'a.waiting.report.csv'), REPORT.replace(/700000002.*\r\n/, ''));
      },
      undefined,
      true,
    );
    assert.deepEqual(done, []);
  });

  it('sees what is left behind: files and folders in working, hidden names, placeholders', async () => {
    const words = await Promise.all([
      breachesAfter((_, working) => mkdir(join(working, '20261122-062233-7f3a'))),
      breachesAfter((failed) => writeFile(join(failed, '.settling-20261122-062233-7f3a'), 'x')),
      breachesAfter((failed) => writeFile(join(failed, 'b.csv'), '')),
    ]);
    assert.match(words[0]?.[0] ?? '', /left behind/);
    assert.match(words[1]?.[0] ?? '', /hidden name/);
    assert.match(words[2]?.[0] ?? '', /empty placeholder/);
  });
});
