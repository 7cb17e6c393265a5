import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutToWidth, table, wrapWords } from '../../src/commands/table.ts';

const COLUMNS = [{ head: 'LINE', align: 'right' }, { head: 'ORDER' }, { head: 'MESSAGE' }] as const;

describe('a table', () => {
  test('aligns its columns by their widest cell and leaves no blanks at line ends', () => {
    const rows = [
      ['2', '100000201', 'ok'],
      ['10', '', ''],
    ];
    assert.deepEqual(table(COLUMNS, rows), ['LINE  ORDER      MESSAGE', '   2  100000201  ok', '  10']);
  });

  test('cuts the last column so that no line is wider than the terminal', () => {
    const rows = [['2', '100000201', 'the shop has no such order'], 'warehouse/morning.csv, the first'];
    const lines = table(COLUMNS, rows, { width: 26 });
    assert.deepEqual(lines.slice(1), ['   2  100000201  the shop…', 'warehouse/morning.csv, th…']);
    assert.deepEqual(table(COLUMNS, rows)[1], '   2  100000201  the shop has no such order');
  });

  test('obeys no control character of a cell', () => {
    const [, line] = table(COLUMNS, [['2', '1\u001b[2J\n', 'x']]);
    assert.equal(line, '   2  1\\u001b[2J\\u000a  x');
  });

  test('aligns letters that take two columns of the screen, and accents that take none', () => {
    const rows = [
      ['2', '東京', 'ok'],
      ['3', 'Mu\u0308ller', 'ok'],
      ['4', 'Müller', 'ok'],
    ];
    assert.deepEqual(table(COLUMNS, rows).slice(1), [
      '   2  東京    ok',
      '   3  Mu\u0308ller  ok',
      '   4  Müller  ok',
    ]);
  });

  test('counts colours for nothing', () => {
    const style = (cell: string, column: number) => (column === 1 ? `\u001b[31m${cell}\u001b[39m` : cell);
    const lines = table(
      COLUMNS,
      [
        ['2', 'a', 'ok'],
        ['3', 'abcdef', 'ok'],
      ],
      { style },
    );
    assert.equal(lines[1], '   2  \u001b[31ma\u001b[39m       ok');
  });
});

test('a text that fits is not cut', () => {
  assert.equal(cutToWidth('Päckchen', 8), 'Päckchen');
  assert.equal(cutToWidth('Päckchen', 7), 'Päckch…');
});

test('a text is cut between letters, never between a letter and its accent', () => {
  assert.equal(cutToWidth('東京都', 4), '東…');
  assert.equal(cutToWidth('Mu\u0308ller', 3), 'Mu\u0308…');
});

test('a text is broken between words, and a word that is too long stays whole', () => {
  assert.deepEqual(wrapWords('see /srv/data/inbox for Päckchen', 12), [
    'see',
    '/srv/data/inbox',
    'for Päckchen',
  ]);
  assert.deepEqual(wrapWords('all on one line', Number.POSITIVE_INFINITY), ['all on one line']);
});
