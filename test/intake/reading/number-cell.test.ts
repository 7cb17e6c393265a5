import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN } from '../../../src/domain/profile.ts';
import { judged, judgeOf, NUMBERS } from './judging.ts';

describe('A number', () => {
  const judge = judgeOf(NUMBERS);

  it('loses what protected it from a spreadsheet, and blanks of any kind around it', () => {
    assert.equal(judged(judge, '="000123"', "='1Z1'"), '000123 1Z1');
    assert.equal(judged(judge, "'000123", '\u00a0\u20071Z1\u3000'), '000123 1Z1');
  });

  it('loses what cannot be seen around it, and is bad with that inside', () => {
    for (const unseen of ['\u200b', '\u2060', '\ufeff', ' \u200b\u2060 ']) {
      assert.equal(judged(judge, `${unseen}1001`, `1Z1${unseen}`), '1001 1Z1');
      assert.equal(judged(judge, `="${unseen}1001"${unseen}`, `${unseen}'1Z1`), '1001 1Z1');
      assert.match(judged(judge, '1001', `1Z${unseen}1`), /invisible character/);
      assert.equal(
        judged(judge, '1001', `${unseen}-`),
        'Line 2: the column "tracking" holds "-", which is no number.',
      );
    }
  });

  it('loses the apostrophes on both sides, typed or set, and the = before digits', () => {
    assert.equal(judged(judge, "'1001'", "'AQQ1111111'"), '1001 AQQ1111111');
    assert.equal(judged(judge, '=1001', '’AAA8888888'), '1001 AAA8888888');
    assert.equal(judged(judge, '‘1001’', '=00340434161094042557'), '1001 00340434161094042557');
    assert.equal(judged(judge, "'='1001'", "='AAA1111111'"), '1001 AAA1111111');
  });

  it('is bad where a mark is left at it that no number has', () => {
    for (const number of [
      ...[
        '=AAA6666666',
        '`AAA1111',
        'AAA1111111’',
        "'+1234567",
        '*AAA1111111*',
        '-AAA1',
        '“AAA1111”',
        "'=12'",
      ],
    ]) {
      const bad =
        /^Line 2: the column "(order|tracking)" holds ".*", with a character that no number has there; .*stripPrefixes/;
      assert.match(judged(judge, '1001', number), bad);
      assert.match(judged(judge, number, 'AAA1111111'), bad);
    }
    assert.equal(judged(judge, '#1001', '1Z-1/2.3'), '#1001 1Z-1/2.3');
    const strip = { ...PLAIN.tracking, stripPrefixes: ['*'], stripSuffixes: ['*'] };
    assert.equal(judged(judgeOf(NUMBERS, { tracking: strip }), '1001', '*AAA1*'), '1001 AAA1');
  });

  it('has a note where blanks stand in an order number', () => {
    const note = 'the order number "100 000 102" holds blanks, as hardly any shop\'s does';
    assert.equal(judged(judge, '100\u00a0000 102', '1Z1'), `100 000 102 1Z1 (${note})`);
  });

  it('keeps the blanks inside, as plain ones', () => {
    assert.equal(judged(judge, '1001', '1Z\u00a0999 AA1\u202f01'), '1001 1Z 999 AA1 01');
  });

  it('is bad where it is empty, too long, or of characters that Magento cannot store', () => {
    assert.equal(judged(judge, '1001', ' '), 'Line 2: the column "tracking" is empty.');
    assert.equal(judged(judge, '="" ', '1Z1'), 'Line 2: the column "order" is empty.');
    assert.match(judged(judge, '1'.repeat(51), '1Z1'), /longer than 50 characters/);
    assert.match(judged(judge, '1001', '1Z\u200b1'), /invisible character/);
    assert.match(judged(judge, '1001', '1Z😀'), /cannot store/);
    assert.match(judged(judge, '1001', '0'), /takes for empty/);
  });

  it('is bad where its cell says that there is none', () => {
    for (const none of ['-', '--', 'N/A', '#N/A', '#REF!', 'none', 'NULL', '=""']) {
      assert.match(
        judged(judge, '1001', none),
        /^Line 2: the column "tracking" (is empty|holds ".*", which is no number)\.$/,
      );
      assert.match(judged(judge, none, '1Z1'), /^Line 2: the column "order" /);
    }
  });

  it('is bad where it is the address of a page', () => {
    assert.match(
      judged(judge, '1001', 'https://example.com/track?id=1Z1'),
      /^Line 2: the column "tracking" holds the address of a page, not a number: "https:/,
    );
  });

  it('with a check digit that does not fit is taken, with a note', () => {
    const doubted = {
      RB123456786GB: 'a postal number',
      '1Z999AA10123456785': 'a UPS number',
      '00340434161094042558': 'an SSCC',
      '9400111202555842332668': 'a USPS number',
    };
    for (const [number, kind] of Object.entries(doubted)) {
      const note = `the check digit of ${number} does not fit ${kind}; perhaps a typing error`;
      assert.equal(judged(judge, '1001', number), `1001 ${number} (${note})`);
    }
  });
});
