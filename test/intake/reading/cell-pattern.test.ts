import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openCellPatterns, remembered } from '../../../src/intake/reading/cell-pattern.ts';

describe('A pattern for cells', () => {
  it('has * for any run of characters, ? for one, and all else for itself', () => {
    const fits = openCellPatterns(['a?c', 'x*y*', '1.5 (kg) [net]', '']);
    assert.deepEqual(
      ['abc', 'xy', 'x\n1 y!', '1.5(KG)[net]', ' ', '1x5(kg)[net]', 'ac'].map(fits),
      [0, 1, 1, 2, 3, -1, -1],
    );
  });

  it('is the same in any case, with any blanks, and however umlauts are composed', () => {
    assert.equal(openCellPatterns(['Zurück geschickt'])('ZURU\u0308CK\u00a0geschickt'), 0);
  });

  it('takes a text that would keep other engines busy for years', () => {
    assert.equal(openCellPatterns(['*a'.repeat(30)])(`${'a'.repeat(5_000)}b`), -1);
  });
});

describe('What is remembered', () => {
  it('is worked out once for each text, and for no more than a thousand of them', () => {
    let count = 0;
    const lengthOf = remembered((text) => {
      count += 1;
      return text.length;
    });
    const texts = Array.from({ length: 1_001 }, (_, at) => `text ${at}`);
    for (const text of [...texts, ...texts]) assert.equal(lengthOf(text), text.length);
    assert.equal(count, 1_002);
  });
});
