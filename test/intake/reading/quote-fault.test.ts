import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutRecords } from '../../../src/intake/reading/cells.ts';
import { quoteFault } from '../../../src/intake/reading/quote-fault.ts';
import { runs } from '../../runs.ts';

test('the cell whose quotes do not fit is named, and no sound one before it', () => {
  const faultOf = (line: string) => {
    const { index, value, isOpen } = quoteFault(line, ',') ?? {};
    return isOpen === undefined ? undefined : [index, value, isOpen ? 'open' : 'stray'];
  };
  assert.deepEqual(faultOf('1,"a,b","c"" d",x"y,z'), [3, 'x"y', 'stray']);
  assert.deepEqual(faultOf('1, "a,b" ,"open here, z'), [2, '"open here, z', 'open']);
  assert.deepEqual(faultOf('1,"a"b,2'), [1, '"a"b', 'stray']);
  assert.deepEqual(faultOf('="1",2,"a""'), [2, '"a""', 'open']);
  assert.equal(faultOf('1,"a,b" ,, ="2","",'), undefined);
});

test('of each line that cannot be parsed a cell is named', () => {
  const line = fc.array(fc.constantFrom('"', '"', ',', ' ', 'a')).map((parts) => parts.join(''));
  const dialect = { delimiter: ',', lineEnd: 'lf', quotes: true, restColumn: null } as const;
  fc.assert(
    fc.property(line, (text) => {
      const { trouble } = cutRecords(Buffer.from(text), dialect);
      assert.ok(trouble === null || quoteFault(text, ',') !== undefined);
    }),
    runs(500),
  );
});
