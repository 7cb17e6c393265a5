import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './contents.ts';

/** What becomes of these lines above a header of `order_number,tracking_number` and a row. */
async function above(lines: string, header = 'order_number,tracking_number'): Promise<readonly string[]> {
  const row = header.split(',').map(() => '100000009');
  const { records } = await read(`${lines}\n${header}\n${row.join(',')}\n`);
  const verdicts = records.map(({ verdict }) => verdict.kind);
  assert.equal(verdicts.pop(), 'row');
  return verdicts;
}

test('a row above the header is a bad row, however it is written and whatever is wrong with it', async () => {
  const rows = [
    '"100000001","1Z999AA10123456784"',
    '100000001,1.2E+17',
    '100000004,',
    '100000004,pending',
    ',1Z999AA10123456784',
    '100000001;1Z999AA10123456111',
    '"100000001";"1Z999AA10123456111"',
    '="100000001"\t="1Z999AA10123456111"',
    '100000001,"1Z999AA10123456111,1Z999AA10123456222"',
    'Meier|100000001|UPS|1Z999AA10123456111',
    '1001,1Z1',
  ];
  for (const row of rows) assert.deepEqual(await above(row), ['bad'], row);
});

test('an export with quotes that was joined in front is reported row by row', async () => {
  const lines = ['"Nr","Sendung"', '"100000001","1Z999AA10123456111"', '"100000002","1Z999AA10123456222"'];
  assert.deepEqual(await above(lines.join('\n')), ['skipped', 'bad', 'bad']);
});

test('prose above the header is skipped, numbers in it too', async () => {
  const lines = [
    'Account,10023456',
    'Account;;10023456',
    'Account;10023456;;',
    'Parcels,1204',
    '2026-11-22,07:30',
    'Date,20261122',
    'Hall 7,Hamburg',
    'shipments_20261122,,,',
    'Exported by "Anna", 22.11.2026',
    '"Shipments of 22.11.2026",""',
    '20261122',
  ];
  for (const line of lines) assert.deepEqual(await above(line), ['skipped'], line);
  assert.deepEqual(await above('10023456,Account', 'name,order_number,tracking_number'), ['skipped']);
});
