import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { protectedCell, unwrapped } from '../../../src/intake/protect.ts';
import { runs } from '../../runs.ts';

describe('A cell of a report', () => {
  it('keeps what a spreadsheet would change: long numbers, leading zeros, exponents, what looks like a date', () => {
    for (const value of [
      '00340434161094042557',
      '000000101',
      '123456789012',
      '12E5',
      '1-2',
      '3/4',
      '1.2.',
      '1.50',
      '1,5',
      'MAR1',
      '1-Dez',
      '10-2024',
    ])
      assert.equal(protectedCell(value), `="${value}"`);
  });

  it('is as it came where a spreadsheet leaves it alone', () => {
    for (const value of [
      '1Z999AA10123456784',
      '100000123',
      'Müller - Söhne',
      'MARS',
      '2026-11-22',
      'a-b',
      'tracked; added to 17',
    ])
      assert.equal(protectedCell(value), value);
  });

  it('is never run as a formula', () => {
    for (const formula of [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      ' =1',
      '\u00a0=1',
      '\ufeff=1',
      '＝1',
      '="a"&HYPERLINK("http://x")&"b"',
      '="0012"&A1&""',
    ])
      assert.equal(protectedCell(formula)[0], "'", formula);
  });

  it('holds no formula where a spreadsheet divides it at another sign than the file', () => {
    for (const divider of [',', ';', '\t', '|', '\n', '; ']) {
      const cell = protectedCell(`x${divider}=1+1${divider}-2`);
      for (const piece of cell.split(divider.trim() || divider))
        assert.doesNotMatch(piece, /^\s*[=+\-@]/, cell);
    }
  });

  it('reads, dropped again, as it read the first time', () => {
    const part = fc.constantFrom(
      ...['=', '"', "'", '+', '-', '@', '＝', '0', '123456789012', '1Z', 'a', ' ', '\t', ',', ';', '|', '\n'],
      ...['1', '/', '.', 'E', 'mar'],
    );
    const cell = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('').trim());
    fc.assert(
      fc.property(cell, fc.constantFrom('number', 'text'), (value, kind) => {
        assert.equal(unwrapped(protectedCell(value), kind), unwrapped(value, kind));
      }),
      runs(2_000),
    );
  });
});
