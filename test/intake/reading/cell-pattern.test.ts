import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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

  it('takes a text of nothing but accents, and no more than thirty of them in a row', () => {
    const fits = openCellPatterns(['?'.repeat(30)]);
    assert.equal(fits(`a${'\u0301'.repeat(40)}`), 0);
    assert.equal(fits(`a${'\u0301\u0323'.repeat(100_000)}`), 0);
  });

  it('takes a text that would keep other engines busy for years', () => {
    assert.equal(openCellPatterns(['*a'.repeat(30)])(`${'a'.repeat(5_000)}b`), -1);
  });
});

/** What a thousand remembered cells hold of the heap of a process of its own, each cut from a text of 30,000. */
function bytesRemembered(): number {
  const module = new URL('../../../src/intake/reading/cell-pattern.ts', import.meta.url).href;
  const program = `
    import { remembered } from ${JSON.stringify(module)};
    const trimmed = remembered((text) => text.trim());
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < 1_000; at += 1) trimmed(('x'.repeat(30_000) + 'carrier number ' + at).slice(30_000));
    globalThis.gc();
    console.log(process.memoryUsage().heapUsed - before, trimmed(' a'));
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', program],
    { encoding: 'utf8', timeout: 30_000 },
  );
  assert.match(stdout, /^-?\d+ a\n$/, stderr);
  return Number.parseInt(stdout, 10);
}

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

  it('holds no long text, and gives the function a text of its own, none of a larger one', () => {
    const given: string[] = [];
    const lengthOf = remembered((text) => {
      given.push(text);
      return text.length;
    });
    const long = 'x'.repeat(257);
    for (const text of [long, long, 'Zurück \ud83d', 'Zurück \ud83d'])
      assert.equal(lengthOf(text), text.length);
    assert.deepEqual(given, [long, long, 'Zurück \ud83d']);
  });

  it('keeps no file in memory of which its texts were parts', () => {
    const held = bytesRemembered();
    assert.ok(held < 2 * 1024 * 1024, `${held} bytes`);
  });
});
