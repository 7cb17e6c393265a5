import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  claimName,
  nameMatcher,
  parseClaimName,
  secondRoundName,
  settledNames,
} from '../../src/intake/names.ts';

const DROP_ID = '20261122-062233-7f3a';

test('patterns match without case, and dots and brackets are themselves', () => {
  const isWanted = nameMatcher(['*.csv', 'GLS_????????_*.txt', 'a[1].dat']);
  assert.ok(isWanted('ORDERS.CSV'));
  assert.ok(isWanted('gls_20261122_0610.txt'));
  assert.ok(isWanted('a[1].dat'));
  assert.ok(!isWanted('orders.csv.bak'));
  assert.ok(!isWanted('ordersXcsv'));
  assert.ok(!isWanted('GLS_2026.txt'));
  assert.ok(!isWanted('a1.dat'));
});

test('a retry file or a report matches where its first round did', () => {
  const isWanted = nameMatcher(['orders.csv']);
  for (const name of ['orders.retry.csv', 'orders.retry-3.csv', 'orders.report.csv', 'orders.report (1).csv'])
    assert.ok(isWanted(name), name);
});

test('a report matches where the file of another extension did', () => {
  const isWanted = nameMatcher(['GLS_*.txt']);
  assert.ok(isWanted('GLS_20261122.report.csv'));
  assert.ok(isWanted('GLS_20261122.report-2 (1).csv'));
  assert.ok(!isWanted('GLS_20261122.csv'));
  assert.ok(!isWanted('GLS_20261122.retry.csv'));
});

test('a star is any run of characters, none too, and a question mark is one, wide or not', () => {
  const wanted = (pattern: string, name: string) => nameMatcher([pattern])(name);
  for (const [pattern, name] of [
    ['*', 'a.csv'],
    ['**.csv', '.csv'],
    ['a*b*c', 'axbxbxc'],
    ['*ab', 'aab'],
    ['*_?.csv', '__1.csv'],
    ['?.csv', '😀.csv'],
    ['größe*.csv', 'GRO\u0308ẞE.csv'],
    ['a*.csv', 'a\nb.csv'],
  ] as const)
    assert.ok(wanted(pattern, name), `${pattern} ${name}`);
  for (const [pattern, name] of [
    ['', 'a'],
    ['a*a', 'a'],
    ['a*b*c', 'axcxb'],
    ['?', ''],
    ['?.csv', '.csv'],
    ['*.csv', 'a.csvx'],
  ] as const)
    assert.ok(!wanted(pattern, name), `${pattern} ${name}`);
});

test('no name makes a match slow, whatever the pattern', async () => {
  const names = new URL('../../src/intake/names.ts', import.meta.url).href;
  const script = `
    import { nameMatcher, secondRoundName } from ${JSON.stringify(names)};
    nameMatcher(['*_*_*_*_*_*_*_*.csv'])('_'.repeat(245));
    secondRoundName('a.report' + ' copy (1)'.repeat(27) + 'x.csv');
    secondRoundName('a.report' + ' copy (1) (2) - Kopie 3'.repeat(10) + 'x.csv');
    secondRoundName('.report copy'.repeat(20) + 'x.csv');
  `;
  // In a process of its own, since nothing else stops a match that would take years.
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 });
});

test('names of a first round, a second round and a copy', () => {
  const names = (name: string, copy = 1) => Object.values(settledNames(name, copy));
  assert.deepEqual(names('a.csv'), ['a.csv', 'a.report.csv', 'a.retry.csv']);
  assert.deepEqual(names('GLS_1.TXT'), ['GLS_1.TXT', 'GLS_1.report.csv', 'GLS_1.retry.TXT']);
  assert.deepEqual(names('a.retry.csv'), ['a.retry.csv', 'a.retry.report.csv', 'a.retry-2.csv']);
  assert.deepEqual(names('a.retry-2.csv'), ['a.retry-2.csv', 'a.retry-2.report.csv', 'a.retry-3.csv']);
  assert.deepEqual(names('a.report.csv'), ['a.report.csv', 'a.report-2.csv', 'a.retry-2.csv']);
  assert.deepEqual(names('orders'), ['orders', 'orders.report.csv', 'orders.retry']);
  assert.deepEqual(names('a.csv', 2), ['a-2.csv', 'a-2.report.csv', 'a-2.retry.csv']);
  assert.deepEqual(names('a.retry.csv', 3), ['a-3.retry.csv', 'a-3.retry.report.csv', 'a-3.retry-2.csv']);
});

test('a copy of a report counts on as the report does', () => {
  const names = Object.values(settledNames('a.report (1).csv', 1));
  assert.deepEqual(names, ['a.report (1).csv', 'a.report-2.csv', 'a.retry-2.csv']);
});

test('a file that comes back is known by its name, whatever marks it as a copy', () => {
  for (const name of [
    'orders.report.csv',
    'Orders.Report.CSV',
    'orders.report (1).csv',
    'orders.report - Kopie.csv',
    'orders.report - Copy (2).csv',
    'orders.report copy 2.csv',
    'Kopie von orders.report.csv',
    'Copy of orders.report (3).csv',
  ])
    assert.deepEqual(secondRoundName(name), { kind: 'report', stem: 'orders.report' }, name);
  assert.deepEqual(secondRoundName('a.b.retry-2 (1).txt'), { kind: 'retry', stem: 'a.b.retry-2' });
  for (const name of ['orders.csv', 'orders (1).csv', 'report.csv', 'Copy of orders.csv'])
    assert.equal(secondRoundName(name), undefined, name);
});

const fileName = fc
  .tuple(
    fc.stringMatching(/^[a-zA-Zäß€😀 ._-]{1,80}$/u),
    fc.constantFrom('', '.retry', '.report-2', '.csv', '.retry.csv', '.report (1).csv'),
  )
  .map(([stem, end]) => stem + end)
  .map((name) => name.replace(/^\.+/, 'x'));

test('settled names are three different ones, fit a file system, and follow from the name of the drop', () => {
  fc.assert(
    fc.property(fileName, fc.integer({ min: 1, max: 5 }), fc.nat(3), (name, copy, repeat) => {
      const names = settledNames('n'.repeat(repeat * 60) + name, copy);
      assert.equal(new Set(Object.values(names)).size, 3);
      for (const one of Object.values(names)) assert.ok(Buffer.byteLength(one) <= 255, one);
      assert.deepEqual(settledNames(names.drop, 1), names);
    }),
  );
});

test('a claim name gives back drop and name, cut only where it would be too long', () => {
  assert.deepEqual(parseClaimName(claimName(DROP_ID, 'my-file 1.csv')), {
    dropId: DROP_ID,
    name: 'my-file 1.csv',
  });
  const long = claimName(DROP_ID, `${'ä'.repeat(125)}.csv`);
  assert.ok(Buffer.byteLength(long) <= 255);
  assert.equal(parseClaimName(long)?.dropId, DROP_ID);
  assert.ok(!long.includes('\ufffd'));
  assert.equal(parseClaimName('.claimed-x'), undefined);
});
