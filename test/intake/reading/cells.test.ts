import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cutRecords, type Dialect } from '../../../src/intake/reading/cells.ts';
import { runs } from '../../runs.ts';

const text = fc
  .array(fc.constantFrom('1001', ' ', '\t', ',', ';', '|', '\n', '\r\n', 'ü', '\u{1f4e6}', '(', "'", ''), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''));

test('lines without quotes are cut as csv-parse cuts them, and their bytes are all there', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(',', ';', '\t', '|'), (written, delimiter) => {
      const dialect: Dialect = { delimiter, lineEnd: 'lf', quotes: true, restColumn: null };
      const bytes = Buffer.from(written);
      const { records, trouble } = cutRecords(bytes, dialect);
      const expected: string[][] = parse(written, {
        delimiter,
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
      });
      assert.equal(trouble, null);
      assert.deepEqual(
        records.map(({ cells }) => cells),
        expected.map((cells) => cells.map((cell) => cell.trim())),
      );
      let start = 0;
      for (const { cells, endByte } of records) {
        const line = bytes.toString('utf8', start, endByte).replace(/\r?\n$/, '');
        assert.deepEqual(
          line.split(delimiter).map((cell) => cell.trim()),
          cells,
        );
        start = endByte;
      }
      assert.equal(start, bytes.length);
    }),
    runs(500),
  );
});
