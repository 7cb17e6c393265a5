import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, shown } from './contents.ts';

test('two rows that a stray quote in each joins are a bad row, wherever the columns stand', async () => {
  const files: readonly (readonly [header: string, first: string, second: string])[] = [
    [
      'order_number,product,tracking_number',
      '100000001,"Foo,1Z999AA10123456111',
      '100000002,Monitor 24",1Z999AA10123456222',
    ],
    [
      'tracking_number,product,order_number',
      '1Z999AA10123456111,"Foo,100000001',
      '1Z999AA10123456222,Monitor 24",100000002',
    ],
    ['note,order_number,tracking_number', '",100000001,1Z999AA10123456111', '",100000002,1Z999AA10123456222'],
    ['order_number,tracking_number', '100000001,"1Z999AA10123456111', '100000002,1Z999AA10123456222"'],
    [
      'order_number,product,tracking_number',
      '100000001,"Foo,RR 123 456 785 DE',
      'W 12,Bar",RR 123 456 799 DE',
    ],
    // Not sent yet, and so without a number, or without the cell.
    ['order_number,product,tracking_number', '100000001,"Foo,pending', '100000002,Bar",1Z999AA10123456222'],
    ['order_number,product,tracking_number', '100000001,"Foo', '100000002,Bar",1Z999AA10123456222'],
  ];
  for (const [header, ...joined] of files) {
    for (const end of ['\n', '\r\n', '\r']) {
      const whole = '100000003,100000003,100000003'.split(',').slice(0, header.split(',').length).join(',');
      const { records } = await read([header, ...joined, whole, ''].join(end));
      assert.deepEqual(
        records.map(({ line, verdict }) => [line, verdict.kind]),
        [
          [2, 'bad'],
          [4, 'row'],
        ],
        header,
      );
      assert.match(shown(records)[0] ?? '', /^Line 2: .*quote/);
    }
  }
});

test('a cell may hold a line break and delimiters on both sides of it', async () => {
  const files = [
    ['order_number,note,tracking_number', '1001,"Leave, at door\ncall, me",1Z1'],
    ['note,order_number,tracking_number', '"Leave, at door, left\ncall me",1001,1Z1'],
    ['note,order_number,tracking_number', '"2 parcels, door 5, floor 3\ncall me",1001,1Z1'],
    ['note,order_number,tracking_number', '"Leave, at door\ncall, me","1001","1Z1"'],
    ['order_number,note,tracking_number', '"1001","Leave, at door\ncall me","1Z1"'],
    ['order_number,tracking_number,street,zip,city', '1001,1Z1,"Street 5\nFloor 2",10115,"Berlin, Mitte"'],
  ];
  for (const lines of files) {
    const { records } = await read(lines.join('\n'));
    assert.deepEqual(shown(records), ['2 1001 1Z1 custom Parcel'], lines.join(' / '));
  }
  const several = 'order_number,note,tracking_number\n1001,"5 doors, left\ncall me","1Z000001,1Z000002"\n';
  const { records } = await read(several);
  assert.deepEqual(
    records
      .flatMap(({ verdict }) => (verdict.kind === 'row' ? verdict.rows : []))
      .map((row) => row.trackingNumber),
    ['1Z000001', '1Z000002'],
  );
});
