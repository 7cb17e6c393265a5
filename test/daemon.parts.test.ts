import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN, type Profile } from '../src/domain/profile.ts';
import { RunningDaemon } from './running-daemon.ts';

const HEADER = 'order_number,tracking_number,carrier_code,title\n';

describe('A record whose cell holds several numbers', { concurrency: 4 }, () => {
  it('has each of them pushed, and one line in the report; read and ended are as many rows', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const read = daemon.next('drop.read');
    const content = `${HEADER}${one},1Z0001;1Z0002,ups,UPS\n${two},1Z0003,ups,UPS\n`;
    const { lines, text, counts } = await daemon.settle('a.csv', content);
    assert.partialDeepStrictEqual(await read, { rows: 3, bad: 0 });
    assert.deepEqual(lines, ['2: tracked', '3: tracked']);
    assert.deepEqual(counts, { tracked: 3 });
    assert.deepEqual(daemon.standing(one), ['1Z0001', '1Z0002']);
    assert.deepEqual(daemon.standing(two), ['1Z0003']);
    assert.match(text, /,"1Z0001, 1Z0002: number added to the shipment",/);
  });

  it('fails with one of them, says which, and stands in the retry file once', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const content = `${HEADER}${order};999999999,1Z0001,ups,UPS\n`;
    const { lines, text, folder, counts } = await daemon.settle('a.csv', content);
    assert.deepEqual(lines, ['2: order-not-found']);
    assert.deepEqual(counts, { tracked: 1, 'order-not-found': 1 });
    assert.deepEqual(daemon.standing(order), ['1Z0001']);
    const fates = `1Z0001 on ${order}: tracked, number added to the shipment; 1Z0001 on 999999999: order-not-found, the shop has no order 999999999`;
    assert.ok(text.includes(`"${fates}",1,1,1,`), text);
    assert.equal(await daemon.read(`${folder}/a.retry.csv`), content);
  });
});

describe('The profile by which a file was read', { concurrency: 4 }, () => {
  const GLS: Profile = {
    ...PLAIN,
    name: 'gls',
    origin: 'own',
    header: 'none',
    quotes: false,
    columns: {
      ...PLAIN.columns,
      order: { kind: 'position', position: 2 },
      tracking: { kind: 'position', position: 1 },
    },
  };

  it('stands in the log and in the report', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const read = daemon.next('drop.read');
    const { text } = await daemon.settle('a.csv', `${HEADER}${order},1Z1,ups,UPS\n`);
    const { profile } = await read;
    assert.equal(profile?.name, 'plain');
    const [header = '', row = ''] = text.split('\r\n');
    assert.ok(header.endsWith(',trackdrop_profile,trackdrop_drop,trackdrop_mail'), header);
    assert.ok(row.includes(`,plain: ${profile.why},`), row);
  });

  it('is that of the inbox, also for a file without a header, whose columns get names in the report', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { profiles: { fixed: GLS, known: [] } } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const { text, folder } = await daemon.settle('a.csv', `1Z1;${order};x\n1Z2;nowhere;"\n`);
    const [header = '', first = ''] = text.replace('\ufeff', '').split('\r\n');
    assert.ok(header.startsWith('column_1;column_2;column_3;trackdrop_line;'), header);
    assert.ok(first.startsWith(`1Z1;"=""${order}""";x;1;tracked;`), first);
    assert.match(first, /;gls: [^;]+;[^;]+;not mailed$/);
    assert.equal(await daemon.read(`${folder}/a.retry.csv`), '1Z2;nowhere;"\n');
  });
});

describe('A file all of whose long numbers end in zeros', { concurrency: 4 }, () => {
  it('is read once more, and none of them is pushed', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(4, { shipped: true });
    const numbers = ['1234567890123450', '2345678901234560', '3456789012345670', '1Z1'];
    const rows = orders.map((order, at) => `${order},${numbers[at]},ups,UPS\n`);
    const { lines } = await daemon.settle('a.csv', HEADER + rows.join(''));
    assert.deepEqual(lines, ['2: bad-row', '3: bad-row', '4: bad-row', '5: tracked']);
    assert.equal(daemon.count('drop.damaged'), 1);
    assert.equal(daemon.count('drop.read'), 1);
    assert.equal(daemon.sandbox.counts().track, 1);
  });

  it('has them pushed with a warning in the report where another long number does not', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(2, { shipped: true });
    const numbers = ['1234567890123450', '2345678901234567'];
    const rows = orders.map((order, at) => `${order},${numbers[at]},ups,UPS\n`);
    const { lines, text } = await daemon.settle('a.csv', HEADER + rows.join(''));
    assert.deepEqual(lines, ['2: tracked', '3: tracked']);
    assert.match(text, /number added to the shipment; [^\r]*zero/);
    assert.equal(daemon.count('drop.damaged'), 0);
  });
});
