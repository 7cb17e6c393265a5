import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orderLikeness, trackingLikeness, valuesOf } from '../../../src/intake/profile/column-values.ts';
import { filePattern, profileName } from '../../../src/intake/profile/file-pattern.ts';
import { orderHabits } from '../../../src/intake/profile/order-habits.ts';
import { looksLikeStatus } from '../../../src/intake/profile/status-column.ts';
import { yamlColumn, yamlText } from '../../../src/intake/profile/yaml-text.ts';

const values = (...cells: string[]) =>
  valuesOf(
    cells.map((cell) => [cell]),
    0,
  );

describe('the pattern of a file’s name', () => {
  for (const [name, pattern, profile] of [
    ['ACME_20261122.csv', 'ACME_*.csv', 'acme'],
    ['ACME-2026-11-22_0915.TXT', 'ACME-*.TXT', 'acme'],
    ['20261122_0915.csv', '????????_????.csv', 'new-3pl'],
    ['Tracking Export (3).csv', 'Tracking Export (*).csv', 'tracking-export'],
    ['spédition.v2.csv', 'spédition.v*.csv', 'spedition-v2'],
    ['noextension', 'noextension', 'noextension'],
    ['a\\b1.csv', 'a?b*.csv', 'a-b1'],
  ] as const) {
    test(`of ${name} is ${pattern}, and ${profile} its profile's name`, () => {
      assert.deepEqual([filePattern(name), profileName(name)], [pattern, profile]);
    });
  }
});

describe('what a 3PL puts round order numbers', () => {
  test('is a prefix that nearly all have, and suffixes that most have', () => {
    assert.deepEqual(orderHabits(values('ACME-100000123-1', 'ACME-100000124-2', 'ACME-100000125')), {
      prefix: 'ACME-',
      suffixes: ['-1', '-2'],
      short: null,
    });
    assert.equal(orderHabits(values('#1', '2', '3')).prefix, null);
    assert.deepEqual(orderHabits(values('1-1', '2', '3')).suffixes, []);
  });

  test('may be the zeros that are gone, where all are short', () => {
    assert.equal(orderHabits(values('123', '124')).short, '123');
    assert.equal(orderHabits(values('123', '100000124')).short, null);
    assert.equal(orderHabits(values('0123', '0124')).short, null);
    assert.equal(orderHabits(values()).short, null);
  });
});

describe('values', () => {
  test('look like tracking numbers, or like order numbers, or like neither', () => {
    const both = (...cells: string[]) =>
      [trackingLikeness(values(...cells)), orderLikeness(values(...cells))].map((likeness) => likeness > 0.5);
    assert.deepEqual(both('1Z999AA10123456784', 'RR123456785DE', '00340434161094042557'), [true, false]);
    assert.deepEqual(both('09980000020033'), [true, false]);
    assert.deepEqual(both('100000123', '#1001', 'ACME-4711-1'), [false, true]);
    assert.deepEqual(both('20261122', '20261123'), [false, false]);
    assert.deepEqual(both('20261122091500', '20261122091501'), [false, false]);
    assert.deepEqual(both('77001', '77001', '77001'), [false, false]);
    assert.deepEqual(both('DHL', ''), [false, false]);
  });

  test('are a status by the column’s name, or where one of them says that the parcel was cancelled', () => {
    assert.ok(looksLikeStatus('Statut', values('livré', 'expédié')));
    assert.ok(looksLikeStatus('X', values('ok', 'VOID')));
    assert.ok(!looksLikeStatus('Status date', values('2026-11-22')));
    assert.ok(!looksLikeStatus('Status', values(...Array.from({ length: 9 }, (_, n) => `note ${n}`))));
    assert.ok(!looksLikeStatus('Name', values('Anna')));
  });
});

test('a text in YAML is quoted where it would be anything else', () => {
  for (const plain of ['Bestell-Nr', 'Order Number', 'Größe']) assert.equal(yamlText(plain), plain);
  for (const odd of ['100', 'a: b', 'no', '#1', '', ' a', 'a, b', '[x', 'a\u0085b', '~', '- a', 'true'])
    assert.match(yamlText(odd), /^".*"$/);
  assert.equal(yamlText('a\u0085b'), '"a\\u0085b"');
  assert.deepEqual([yamlColumn('auto'), yamlColumn('none'), yamlColumn(3)], ['["auto"]', '["none"]', '3']);
});
