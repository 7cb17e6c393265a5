import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { protectedCell, unwrapped } from '../../../src/intake/reading/protect.ts';

describe('A cell of a report', () => {
  it('keeps what Excel would damage: long numbers and leading zeros', () => {
    assert.equal(protectedCell('00340434161094042557'), '="00340434161094042557"');
    assert.equal(protectedCell('000000101'), '="000000101"');
    assert.equal(protectedCell('1Z999AA10123456784'), '1Z999AA10123456784');
  });

  it('is never run as a formula', () => {
    for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '="a"&HYPERLINK("http://x")&"b"']) {
      assert.equal(protectedCell(formula)[0], "'");
    }
  });

  it('reads, dropped again, as it read the first time', () => {
    const part = fc.constantFrom('=', '"', "'", '+', '-', '@', '0', '123456789012', '1Z', 'a', ' ', '\t');
    const cell = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('').trim());
    fc.assert(
      fc.property(cell, fc.constantFrom('number', 'text'), (value, kind) => {
        assert.equal(unwrapped(protectedCell(value), kind), unwrapped(value, kind));
      }),
      { numRuns: 5_000 },
    );
  });
});
