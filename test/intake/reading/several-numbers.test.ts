import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { damagedCells } from '../../../src/domain/returned-record.ts';
import { tellingCells } from '../../../src/intake/reading/telling-cells.ts';
import { judged, judgeOf, layoutOf, NUMBERS } from './judging.ts';

describe('A cell with several numbers', () => {
  const judge = judgeOf(NUMBERS);

  it('is a row for each, where every piece looks like a number', () => {
    assert.equal(
      judged(judge, '1001', '1Z0001, 1Z0002;1Z0003|1Z0004'),
      '1001 1Z0001 + 1001 1Z0002 + 1001 1Z0003 + 1001 1Z0004',
    );
    assert.equal(judged(judge, '100001, 100002', '1Z0001'), '100001 1Z0001 + 100002 1Z0001');
    const verdict = judge.judge(['1001', '1Z0001,1Z0002'], 7);
    assert.ok(verdict.kind === 'row');
    assert.deepEqual(
      verdict.rows.map(({ line, part }) => [line, part]),
      [
        [7, 0],
        [7, 1],
      ],
    );
  });

  it('is a row for each also between blanks and other signs, where each piece is too long for a group of digits', () => {
    const [one, other] = ['00340434161094042557', '1Z999AA10123456784'];
    for (const joint of [' ', '\u00a0', ' / ', '/', ' & ', '&', '+', ' + ', ', '])
      assert.equal(judged(judge, '1001', `${one}${joint}${other}`), `1001 ${one} + 1001 ${other}`);
    assert.equal(judged(judge, '1000000102 1000000103', one), `1000000102 ${one} + 1000000103 ${one}`);
    assert.equal(judged(judge, '1001', `${one} ${other}, RR123456785DE`).split(' + ').length, 3);
    for (const whole of ['0034 0434 1610 9404 2557', '420 90210 9400111202555842332669', '12345678/02'])
      assert.equal(judged(judge, '1001', whole), `1001 ${whole}`);
    for (const bad of ['AAA1111/ BBB2222 / C3', 'AAA1111 / BBB2222', 'AAA1111 & BBB2222', 'AAA1111+BBB2222'])
      assert.match(judged(judge, '1001', bad), /^Line 2: the column "tracking" holds several numbers: /);
  });

  it('is one row where it holds one number twice, or a separator too many', () => {
    assert.equal(judged(judge, '1001', '1Z0001, 1z0001,'), '1001 1Z0001');
  });

  it('is bad where a piece of a tracking number could be anything', () => {
    for (const cell of [
      '1Z0001, 2 parcels',
      '1Z0001;ABCDEF',
      '1Z0001|12',
      '1,001',
      '1Z001,1Z002',
      '1Z9990001 / 1Z9990002',
      '1Z0001 & 1Z0002',
      '1Z0001 + 1Z0002',
    ])
      assert.match(
        judged(judge, '1001', cell),
        /^Line 2: the column "tracking" holds several numbers: .*; give each a row of its own\.$/,
      );
    assert.equal(judged(judge, '1,001', '1Z0001'), '1,001 1Z0001');
  });

  it('stays whole where it may be one number with a comma', () => {
    for (const cell of ['2026112,1234567', '123456,789012'])
      assert.match(judged(judge, '1001', cell), /holds several numbers/);
    assert.equal(judged(judge, '100001,100002', '1Z0001'), '100001,100002 1Z0001');
    assert.equal(judged(judge, '10000001,10000002', '1Z0001'), '10000001 1Z0001 + 10000002 1Z0001');
    assert.equal(judged(judge, '100001;100002', '1Z0001'), '100001 1Z0001 + 100002 1Z0001');
    assert.equal(judged(judge, '100001, 100002', '1Z0001'), '100001 1Z0001 + 100002 1Z0001');
  });

  it('is bad where nothing says which order or item goes with which number', () => {
    assert.match(
      judged(judge, '100001;100002', '1Z0001,1Z0002'),
      /columns? "order" and the column "tracking" both hold several/,
    );
    const items = judgeOf(layoutOf('order', 'tracking', 'sku', 'quantity'));
    assert.match(judged(items, '1001', '1Z0001,1Z0002', 'MUG', '2'), /nothing says to which the SKU belongs/);
    assert.equal(judged(items, '1001', '1Z0001,1Z0002', '', ''), '1001 1Z0001 + 1001 1Z0002');
  });

  it('is taken apart at the separator of the profile, whatever the pieces look like', () => {
    const split = (tracking: string) => judgeOf(NUMBERS, { split: { order: null, tracking } });
    assert.equal(judged(split(' '), '1,2', 'A1  B2'), '1,2 A1 + 1,2 B2');
    assert.equal(judged(split('\n'), '1', 'A1\r\nB2\n'), '1 A1 + 1 B2');
    assert.equal(judged(split(' / '), '1', 'A1 / B2/C'), '1 A1 + 1 B2/C');
    assert.equal(
      judged(split(' / '), '1', ' / '),
      'Line 2: the column "tracking" holds "/", which is no number.',
    );
  });

  it('is never taken apart where the profile says so', () => {
    const judge = judgeOf(NUMBERS, { split: { order: null, tracking: null } });
    assert.match(judged(judge, '100001,100002', '1Z0001,1Z0002'), /holds several numbers/);
    assert.equal(judged(judge, '100001,100002', '1Z0001'), '100001,100002 1Z0001');
  });

  it('is bad beyond a hundred, so that a record cannot become a file', () => {
    const numbers = Array.from({ length: 101 }, (_, at) => `1Z${1000 + at}`);
    assert.match(judged(judge, '1001', numbers.join(',')), /holds 101 numbers, and at most 100 are taken/);
    assert.equal(judged(judge, '1001', numbers.slice(1).join(',')).split(' + ').length, 100);
  });
});

describe('Several columns of numbers', () => {
  const layout = layoutOf('order', '-', 'tracking', 'Status');
  const columns = { ...layout.columns, moreTracking: [1, 3] };
  const judge = judgeOf({ ...layout, columns });

  it('are as one cell with all of them, empty ones aside', () => {
    assert.equal(
      judged(judge, '1001', 'AAA1111112', 'AAA1111111', 'AAA1111113'),
      '1001 AAA1111111 + 1001 AAA1111112 + 1001 AAA1111113',
    );
    assert.equal(judged(judge, '1001', 'aaa1111111', 'AAA1111111', '-'), '1001 AAA1111111');
    assert.equal(judged(judge, '1001', '', 'AAA1111111'), '1001 AAA1111111');
    for (const none of ['N/A', '#N/A', 'none', '="null"', ' - ', '=""'])
      assert.equal(judged(judge, '1001', none, 'AAA1111111', none), '1001 AAA1111111');
    assert.equal(judged(judge, '1001', 'AAA1111112', 'N/A'), '1001 AAA1111112');
    assert.match(judged(judge, '1001', 'pending', 'AAA1111111'), /the column "-" holds "pending"/);
    assert.equal(judged(judge, '1001', '', '', 'AAA1111113'), '1001 AAA1111113');
    assert.match(judged(judge, '1001', '', '', ''), /^Line 2: the column "tracking" is empty/);
    assert.match(
      judged(judge, '1001', '1.2E+17', 'AAA1111111', ''),
      /^Line 2: the column "-" holds "1.2E\+17"/,
    );
    assert.match(judged(judge, '100001;100002', 'AAA1111112', 'AAA1111111'), /both hold several numbers/);
  });

  it('are each compared with what they were before', () => {
    const cells = (more: string) => tellingCells(['1001', more, 'AAA1111111', ''], columns);
    assert.deepEqual(
      damagedCells(cells('00340434161094042557'), cells('3.40434E+17')).map(({ role, nth }) => [role, nth]),
      [['tracking', 1]],
    );
  });
});
