import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { spreadsheetDamage } from '../../src/domain/spreadsheet-damage.ts';
import { runs } from '../runs.ts';

describe('A cell that went through a spreadsheet', () => {
  const damaged = {
    'zeros-lost': [
      ['000000101', '101'],
      ['00340434161', '340434161'],
      ['007.50', '7,5'],
      ['0000', '0'],
    ],
    shortened: [
      ['00340434161094042557', '340434161094042000'],
      ['00340434161094042557', '340434161094043000'],
      ['00340434161094042557', '340434161094042560'],
      ['00340434161094042557', '3,40434E+17'],
      ['00340434161094042557', '3.40434161094043E+17'],
      ['9400111202555842332669', '9.40011E+21'],
      ['9400111202555842332669', '9.4E+21'],
      ['9999999999999999', '1E+16'],
    ],
    'number-form': [
      ['100000123', '1.00000123E+08'],
      ['100000123', '100.000.123'],
      ['12.50', '12.5'],
      ['12.50', '12,5'],
      ['1E5', '1.00E+05'],
      ['1e5', '100000'],
      ['+4912345', '4912345'],
    ],
    date: [
      ['1-2', '01. Feb'],
      ['1-2', '2-Jan'],
      ['1-2', '02.01.2026'],
      ['3/4', '03. Apr'],
      ['3/4', '4-Mar'],
      ['3/4', '03/04/26'],
      ['MAR1', '01. Mrz'],
      ['MAR1', '1-Mar'],
      ['DEC10', '10-Dec'],
      ['10-2024', 'Okt 24'],
      ['1.2', '01. Feb'],
      ['2024-03-01', '01.03.2024'],
      ['1-2', '46024'],
    ],
    time: [
      ['1:2', '01:02'],
      ['1:2', '1:02:00 AM'],
    ],
    truth: [['true', 'WAHR']],
    error: [
      ['1-2', '########'],
      ['=A1', '#NAME?'],
      ['-x', '#WERT!'],
    ],
    'characters-lost': [['Łódź-1', '?ód?-1']],
  } as const;

  for (const [damage, pairs] of Object.entries(damaged)) {
    it(`is known to be damaged: ${damage}`, () => {
      for (const [original, returned] of pairs)
        assert.equal(spreadsheetDamage(original, returned), damage, `${original} -> ${returned}`);
    });
  }

  it('is unharmed where only blanks and case differ', () => {
    for (const [original, returned] of [
      ['1Z 999', '1z999'],
      ['true', 'TRUE'],
      ['00123', ' 00123'],
      ['MÜ-1', 'mü-1'],
    ] as const)
      assert.equal(spreadsheetDamage(original, returned), undefined, original);
  });

  it('was corrected where a spreadsheet would have written something else', () => {
    for (const [original, returned] of [
      ['100000124', '100000125'],
      ['101', '000000101'],
      ['340434161094042557', '340434161094042558'],
      ['00340434161094042557', '00340434161094042558'],
      ['1OOOOO124', '100000124'],
      ['1-2', '2-1'],
      ['1-2', '1-3'],
      ['1-2-3', '1-3-2'],
      ['1-2', '13-Jan'],
      ['MAR1', 'MAR2'],
      ['MAR1', '1MAR'],
      ['1-2', '123'],
      ['100000124', '#1001'],
      ['', '123'],
      ['00123', ''],
      ['9.40011E+21', '9400111202555842332669'],
      ['100', '1E2'],
    ] as const)
      assert.equal(spreadsheetDamage(original, returned), undefined, `${original} -> ${returned}`);
  });

  it('is damaged whatever number lost its zeros or all digits from the sixteenth on', () => {
    const digits = fc.stringMatching(/^[1-9]\d{15,30}$/).filter((number) => !/^\d{15}0+$/.test(number));
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 4 }), (number, zeros) => {
        const original = '0'.repeat(zeros) + number;
        const cut = number.slice(0, 15).padEnd(number.length, '0');
        assert.equal(spreadsheetDamage(original, cut), 'shortened');
        if (zeros > 0) assert.equal(spreadsheetDamage(original, number), 'zeros-lost');
        const shown = Number(number).toExponential(5).replace('e', 'E');
        assert.equal(spreadsheetDamage(original, shown), 'shortened');
      }),
    );
  });

  it('counts as corrected whichever of its first fifteen digits is another', () => {
    const number = fc.stringMatching(/^[1-9]\d{8,20}$/);
    fc.assert(
      fc.property(number, fc.nat(14), fc.integer({ min: 1, max: 9 }), (original, at, more) => {
        const place = at % Math.min(original.length, 14);
        const digit = ((Number(original[place]) - 1 + more) % 9) + 1;
        const returned = original.slice(0, place) + digit + original.slice(place + 1);
        fc.pre(returned !== original);
        assert.equal(spreadsheetDamage(original, returned), undefined);
      }),
    );
  });

  it('is judged whatever it holds', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^[-+\d.,eE/:# A-Z?]{0,40}$/));
    fc.assert(
      fc.property(cell, cell, (original, returned) => {
        spreadsheetDamage(original, returned);
        assert.equal(spreadsheetDamage(original, original), undefined);
      }),
      runs(1_000),
    );
  });
});
