import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN, type Profile } from '../../../src/domain/profile.ts';
import { judged, judgeOf, NUMBERS } from './judging.ts';

describe('A number that went through a spreadsheet', () => {
  it('is bad where an exponent stands for the rest of it, in the order column too', () => {
    const judge = judgeOf(NUMBERS, { excelDamage: 'warn' });
    for (const number of ['9.40011E+21', '9,40011E+21', '9E+21', '3.4E21', '="9.4e+21"'])
      assert.match(
        judged(judge, '1001', number),
        /^Line 2: the column "tracking" holds ".*": a spreadsheet has shortened/,
      );
    assert.match(judged(judge, '1,00000123E+08', '1Z1'), /^Line 2: the column "order" holds "1,0/);
  });

  it('has a note where it may be one with an E, or one that was shortened without a sign', () => {
    const note = (column: string, number: string) =>
      `the column "${column}" holds "${number}", which is a number that a program has shortened, unless it has an E as it stands`;
    assert.equal(
      judged(judgeOf(NUMBERS), '1E5', '940e12'),
      `1E5 940e12 (${note('order', '1E5')}; ${note('tracking', '940e12')})`,
    );
    assert.equal(judged(judgeOf(NUMBERS), 'A1E5', '12E45X'), 'A1E5 12E45X');
  });

  it('is bad where a program has made a decimal of it', () => {
    assert.match(
      judged(judgeOf(NUMBERS), '1001', '123456789012.0'),
      /"tracking" holds .*for a decimal one, and its leading/,
    );
    assert.match(judged(judgeOf(NUMBERS), '100000123.0', '1Z1'), /"order" holds .*for a decimal one/);
    assert.match(
      judged(judgeOf(NUMBERS), '1001', '123456789012,00'),
      /"tracking" holds "123456789012,00": some program has taken the number for a decimal one/,
    );
    assert.equal(judged(judgeOf(NUMBERS), '1.5', '1234.5678.0'), '1.5 1234.5678.0');
  });

  it('is bad before a rule of the profile could find a number in what is left', () => {
    const judge = judgeOf(NUMBERS, { order: { ...PLAIN.order, pattern: '\\d+$' } });
    assert.match(judged(judge, '1.00000123E+08', '1Z1'), /shortened/);
  });

  it('is bad with 20 digits and zeros from the 16th on, and a note where the profile says warn', () => {
    const number = '34043416109404200000';
    const words = `the column "tracking" holds "${number}": nothing but zeros after 15 digits`;
    const refused = judged(judgeOf(NUMBERS), '1001', number);
    assert.ok(refused.startsWith(`Line 2: ${words}`), refused);
    assert.match(refused, /take it from the original file \(or, .* excelDamage: warn in the profile\)\.$/);
    const noted = judged(judgeOf(NUMBERS, { excelDamage: 'warn' }), '1001', number);
    assert.ok(noted.startsWith(`1001 ${number} (${words}`), noted);
    assert.equal(judged(judgeOf(NUMBERS), '1001', '34043416109404210000'), '1001 34043416109404210000');
  });

  it('of 16 to 19 digits is a note, and bad once the whole file is known to be damaged', () => {
    assert.match(judged(judgeOf(NUMBERS), '1001', '1234567890123450'), /^1001 1234567890123450 \(the column/);
    const warned = judgeOf(NUMBERS, { excelDamage: 'warn' }, { damaged: ['tracking'] });
    assert.match(judged(warned, '1001', '1234567890123450'), /^1001 1234567890123450 \(the column/);
    const again = judgeOf(NUMBERS, {}, { damaged: ['tracking'] });
    assert.match(judged(again, '1001', '1234567890123450'), /^Line 2: .*take it from the original file/);
    assert.equal(judged(again, '1001', '1234567890123451'), '1001 1234567890123451');
  });

  it('keeps fifteen digits behind the zeros that the format of its cell has put in front', () => {
    const number = '00340434161094042000';
    assert.match(judged(judgeOf(NUMBERS), '1001', number), /^1001 00340434161094042000 \(the column/);
    assert.match(judged(judgeOf(NUMBERS, {}, { damaged: ['tracking'] }), '1001', number), /^Line 2/);
  });

  const looksDamaged = (numbers: readonly string[], profile: Partial<Profile> = {}) => {
    const judge = judgeOf(NUMBERS, profile);
    for (const number of numbers) judge.judge(['1001', number], 2);
    return judge.damagedColumns().length > 0;
  };

  it('makes a file look damaged where three different ones end in zeros and none does not', () => {
    const damaged = ['1234567890123450', '12345678901234600', '1234567890123470000'];
    assert.equal(looksDamaged([...damaged, '1Z1', '123456789012345']), true);
    assert.equal(looksDamaged([...damaged, '1234567890123451']), false);
    assert.equal(looksDamaged(damaged.slice(0, 2)), false);
    assert.equal(looksDamaged(Array.from({ length: 5 }, () => '1234567890123450')), false);
    assert.equal(looksDamaged(damaged, { excelDamage: 'warn' }), false);
  });

  it('is told in each column by itself, and refused only where the column is damaged', () => {
    const numbers = ['1234567890123450', '12345678901234600', '1234567890123470000'];
    const judge = judgeOf(NUMBERS);
    for (const [at, number] of numbers.entries()) judge.judge([`200000000000123${at}`, number], 2);
    assert.deepEqual(judge.damagedColumns(), ['tracking']);
    const again = judgeOf(NUMBERS, {}, { damaged: judge.damagedColumns() });
    assert.match(judged(again, '2000000000001230', '1Z1'), /^2000000000001230 1Z1 \(the column "order"/);
    assert.match(judged(again, '2000000000001231', numbers[0] ?? ''), /^Line 2: the column "tracking"/);

    const turned = judgeOf(NUMBERS);
    for (const [at, number] of numbers.entries()) turned.judge([number, `123456789012345${at + 1}`], 2);
    assert.deepEqual(turned.damagedColumns(), ['order']);
    const mixed = judgeOf(NUMBERS);
    mixed.judge([numbers[0] ?? '', numbers[1] ?? ''], 2);
    mixed.judge(['1001', numbers[2] ?? ''], 2);
    assert.deepEqual(mixed.damagedColumns(), []);
  });
});
