import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Profile } from '../../../src/domain/profile.ts';
import { protectedCell } from '../../../src/intake/protect.ts';
import { runs } from '../../runs.ts';
import { judged, judgeOf, layoutOf } from './judging.ts';

const withAll = layoutOf('order', 'tracking', 'shipment', 'storeView', 'source');

/** What a record says of the three, or why it is bad. */
const read = (shipment: string, storeView: string, source: string, profile: Partial<Profile> = {}) =>
  judged(judgeOf(withAll, profile), '1', '1Z1', shipment, storeView, source).replace(/^1 1Z1 ?/, '');

describe('The shipment that a row names', () => {
  it('is its number as it stands, without what protects it from a spreadsheet', () => {
    assert.equal(read('000000012', '', ''), 'shipment=000000012');
    assert.equal(read(' ="000000012" ', '', ''), 'shipment=000000012');
    assert.equal(read("'000000012", '', ''), 'shipment=000000012');
    assert.equal(read('EU-7', '', ''), 'shipment=EU-7');
    assert.equal(read('x'.repeat(50), '', ''), `shipment=${'x'.repeat(50)}`);
  });

  it('is none where the cell is empty, or says so', () => {
    for (const nothing of ['', '  ', '-', 'N/A', 'null', 'NaN', '=""'])
      assert.equal(read(nothing, '', ''), '');
  });

  it('makes a bad row that names line, column and value where it cannot be understood', () => {
    const of = 'Line 2: the column "shipment"';
    assert.equal(read('x'.repeat(51), '', ''), `${of} is longer than 50 characters: "${'x'.repeat(51)}".`);
    assert.equal(
      read('000000012, 000000013', '', ''),
      `${of} holds several shipments: "000000012, 000000013"; a row has one.`,
    );
    assert.match(
      read('#REF!', '', ''),
      /^Line 2: the column "shipment" holds "#REF!", which is no number\.$/,
    );
    assert.match(read('12\n13', '', ''), /^Line 2: the column "shipment" holds a line break/);
    assert.match(read('1.0E+11', '', ''), /^Line 2: the column "shipment" .*a spreadsheet has shortened/);
    assert.match(read('100000012.0', '', ''), /^Line 2: the column "shipment" .*leading zeros may be lost/);
  });

  it('is that of every tracking number of the cell, and of no two orders', () => {
    const judge = judgeOf(withAll, { split: { order: ' ', tracking: ' ' } });
    assert.equal(
      judged(judge, '1', '1Z1 1Z2', '7', '2', 'berlin'),
      '1 1Z1 shipment=7 view=2 source=berlin + 1 1Z2 shipment=7 view=2 source=berlin',
    );
    assert.equal(
      judged(judge, '1 2', '1Z1', '7', '', ''),
      'Line 2: the column "order" holds several numbers, and a shipment is of one order; give each number a row of its own.',
    );
    assert.equal(judged(judge, '1 2', '1Z1', '', '2', ''), '1 1Z1 view=2 + 2 1Z1 view=2');
  });
});

describe('The store view that a row names', () => {
  const storeViews = [
    { says: ['Acme DE', 'de_*'], id: 2 },
    { says: ['7'], id: 3 },
    { says: ['*'], id: 4 },
  ];
  const strict = storeViews.slice(0, 2);

  it("is Magento's id, also as a program writes it that takes the column for decimals", () => {
    for (const written of ['2', ' 2 ', '02', '2.0', '="2"']) assert.equal(read('', written, ''), 'view=2');
    assert.equal(read('', '0', ''), 'view=0');
    assert.equal(read('', '65535', ''), 'view=65535');
    assert.equal(read('', '-', ''), '');
  });

  it('is what the profile says of a word, case and blanks aside; the first entry that fits counts', () => {
    assert.equal(read('', 'ACME de', '', { storeViews }), 'view=2');
    assert.equal(read('', 'de_AT', '', { storeViews }), 'view=2');
    assert.equal(read('', '7', '', { storeViews }), 'view=3');
    assert.equal(read('', 'Otto', '', { storeViews }), 'view=4');
    assert.equal(read('', '', '', { storeViews }), '');
  });

  it('makes a bad row where it is no id, and the profile has no word for it', () => {
    for (const written of ['German', '65536', '-1', '2.5', '1e3', '123456', '٢'])
      assert.equal(
        read('', written, ''),
        `Line 2: the column "storeView" holds "${written}", which is no store view's id, a whole number from 0 to 65535; say in the profile which one it means (storeViews), or that the column means nothing (columns: { storeView: none }).`,
      );
  });

  it("makes a bad row where no word of the profile's fits, a number too: it may be the warehouse's own", () => {
    for (const written of ['Otto', '2'])
      assert.equal(
        read('', written, '', { storeViews: strict }),
        `Line 2: the column "storeView" holds "${written}", which no entry of the profile's storeViews fits; it has "Acme DE", "de_*" and "7".`,
      );
  });
});

describe('The inventory source that a row names', () => {
  const sources = [{ says: ['Berlin*', 'Lager 2', '-'], code: 'berlin' }];

  it('is its code where the profile has no words for sources', () => {
    assert.equal(read('', '', 'berlin'), 'source=berlin');
    assert.equal(read('', '', '="0012"'), 'source=0012');
    assert.equal(read('', '', 'n/a'), '');
  });

  it('is what the profile says of a word', () => {
    assert.equal(read('', '', 'BERLIN mitte', { sources }), 'source=berlin');
    assert.equal(read('', '', 'lager2', { sources }), 'source=berlin');
    assert.equal(read('', '', '-', { sources }), 'source=berlin');
    assert.equal(read('', '', '', { sources }), '');
  });

  it('makes a bad row where it is no code, and where no word of the profile fits', () => {
    assert.equal(
      read('', '', 'Main warehouse'),
      'Line 2: the column "source" holds "Main warehouse", which is no source\'s code, since it has a blank; say in the profile which source it means (sources), or that the column means nothing (columns: { source: none }).',
    );
    assert.equal(
      read('', '', 'hamburg', { sources }),
      'Line 2: the column "source" holds "hamburg", which no entry of the profile\'s sources fits; it has "Berlin*", "Lager 2" and "-".',
    );
    assert.match(read('', '', 'x'.repeat(256)), /"source" is longer than 255 characters/);
    assert.match(read('', '', 'ber\u200blin'), /"source" holds a character that no source's code has/);
    for (const failed of ['#REF!', '#N/A', '???'])
      assert.equal(
        read('', '', failed),
        `Line 2: the column "source" holds "${failed}", which is no source's code.`,
      );
  });
});

describe('A row that ends before a column that says where it belongs', () => {
  it('is bad: it may have been cut off', () => {
    assert.equal(
      judged(judgeOf(withAll), '1', '1Z1', '', ''),
      'Line 2: only 4 of 5 cells are there, and the column "source" is missing.',
    );
  });
});

describe('Whatever stands in the three cells', () => {
  const parts = [
    '000000012',
    '2',
    'berlin',
    'Berlin Mitte',
    '="',
    '"',
    "'",
    ',',
    '.0',
    'E+2',
    '#',
    '\n',
    ' ',
    '-',
    '😀',
    '*',
    '１',
  ];
  const cell = fc.array(fc.constantFrom(...parts), { maxLength: 4 }).map((some) => some.join(''));
  const mapped: Partial<Profile> = {
    sources: [{ says: ['berlin*', '2'], code: 'berlin' }],
    storeViews: [{ says: ['2', 'b*'], id: 7 }],
  };

  it('is what Magento can hold, or a bad row of one printable line, and means the same after a report', () => {
    fc.assert(
      fc.property(cell, cell, cell, fc.boolean(), (shipment, storeView, source, isMapped) => {
        const judge = judgeOf(withAll, isMapped ? mapped : {});
        const verdict = judge.judge(['1', '1Z1', shipment, storeView, source], 2);
        if (verdict.kind !== 'row') {
          assert.ok(verdict.kind === 'bad');
          assert.match(verdict.message, /^Line 2: [^\p{Cc}]+\.$/u);
          return;
        }
        const [row] = verdict.rows;
        assert.match(row.shipmentNumber ?? 'none', /^[^\p{Cc}\p{Zl}\u{10000}-\u{10ffff}]{1,50}$/u);
        assert.match(row.source ?? 'none', /^[^\s\p{Cc}\u{10000}-\u{10ffff}]{1,255}$/u);
        assert.ok((row.storeView ?? 0) >= 0 && (row.storeView ?? 0) <= 65_535);
        if (isMapped) assert.ok([null, 7].includes(row.storeView) && [null, 'berlin'].includes(row.source));
        const again = ['1', '1Z1', ...[shipment, storeView, source].map(protectedCell)];
        assert.deepEqual(judge.judge(again, 2), verdict);
      }),
      runs(2_000),
    );
  });
});
