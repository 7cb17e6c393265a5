import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UnreadableDropError } from '../../../src/domain/failure.ts';
import { type ColumnRole, PLAIN, type Profile } from '../../../src/domain/profile.ts';
import type { RecordVerdict } from '../../../src/domain/row.ts';
import { type Given, type Judge, openJudge } from '../../../src/intake/reading/judge.ts';
import type { DropLayout } from '../../../src/intake/reading/layout.ts';

const GIVEN: Given = {
  carriers: { default: 'custom', defaultTitle: 'Parcel' },
  fieldBytes: 1024,
  damage: 'judge',
};

/** A layout whose columns stand under these names, in this order; `Status` and `-` mean nothing. */
function layoutOf(...fields: readonly (ColumnRole | 'outcome' | 'Status' | '-')[]): DropLayout {
  const at = (role: ColumnRole | 'outcome') => {
    const index = fields.indexOf(role);
    return index < 0 ? null : index;
  };
  return {
    fields,
    dialect: { delimiter: ';', lineEnd: 'lf', quotes: true, restColumn: null },
    columns: {
      order: at('order') ?? 0,
      tracking: at('tracking') ?? 1,
      carrier: at('carrier'),
      carrierCode: at('carrierCode'),
      title: at('title'),
      sku: at('sku'),
      quantity: at('quantity'),
      outcome: at('outcome'),
      line: null,
    },
    header: { line: 1, startByte: 0, endByte: 10 },
    profile: { name: 'acme', why: 'the test says so' },
  };
}

function judgeOf(layout: DropLayout, profile: Partial<Profile> = {}, given: Partial<Given> = {}): Judge {
  return openJudge(layout, { ...PLAIN, ...profile }, { ...GIVEN, ...given });
}

const NUMBERS = layoutOf('order', 'tracking');

/** A verdict in a line of words: its rows, or why there is none. */
function shown(verdict: RecordVerdict): string {
  if (verdict.kind === 'bad') return verdict.message;
  if (verdict.kind === 'skipped') return `skipped: ${verdict.reason}`;
  return verdict.rows
    .map(({ orderNumber, trackingNumber, carrierCode, title, item, note }) =>
      [
        orderNumber,
        trackingNumber,
        ...(carrierCode === 'custom' ? [] : [carrierCode]),
        ...(title === 'Parcel' ? [] : [title]),
        ...(item === null ? [] : [`${item.quantity}x${item.sku}`]),
        ...(note === null ? [] : [`(${note})`]),
      ].join(' '),
    )
    .join(' + ');
}

const judged = (judge: Judge, ...cells: readonly string[]) => shown(judge.judge(cells, 2));

describe('A number', () => {
  const judge = judgeOf(NUMBERS);

  it('loses what protected it from a spreadsheet, and blanks of any kind around it', () => {
    assert.equal(judged(judge, '="000123"', "='1Z1'"), '000123 1Z1');
    assert.equal(judged(judge, "'000123", '\u00a0\u20071Z1\u3000'), '000123 1Z1');
  });

  it('keeps the blanks inside, as plain ones', () => {
    assert.equal(judged(judge, '1001', '1Z\u00a0999 AA1\u202f01'), '1001 1Z 999 AA1 01');
  });

  it('is bad where it is empty, too long, or of characters that Magento cannot store', () => {
    assert.equal(judged(judge, '1001', ' '), 'Line 2: the column "tracking" is empty.');
    assert.equal(judged(judge, '="" ', '1Z1'), 'Line 2: the column "order" is empty.');
    assert.match(judged(judge, '1'.repeat(51), '1Z1'), /longer than 50 characters/);
    assert.match(judged(judge, '1001', '1Z\u200b1'), /invisible character/);
    assert.match(judged(judge, '1001', '1Z😀'), /cannot store/);
    assert.match(judged(judge, '1001', '0'), /takes for empty/);
  });

  it('is bad where its cell says that there is none', () => {
    for (const none of ['-', '--', 'N/A', '#N/A', '#REF!', 'none', 'NULL', '=""']) {
      assert.match(
        judged(judge, '1001', none),
        /^Line 2: the column "tracking" (is empty|holds ".*", which is no number)\.$/,
      );
      assert.match(judged(judge, none, '1Z1'), /^Line 2: the column "order" /);
    }
  });

  it('is bad where it is the address of a page', () => {
    assert.match(
      judged(judge, '1001', 'https://example.com/track?id=1Z1'),
      /^Line 2: the column "tracking" holds the address of a page, not a number: "https:/,
    );
  });

  it('with a check digit that does not fit is taken, with a note', () => {
    const doubted = {
      RB123456786GB: 'a postal number',
      '1Z999AA10123456785': 'a UPS number',
      '00340434161094042558': 'an SSCC',
      '9400111202555842332668': 'a USPS number',
    };
    for (const [number, kind] of Object.entries(doubted)) {
      const note = `the check digit of ${number} does not fit ${kind}; perhaps a typing error`;
      assert.equal(judged(judge, '1001', number), `1001 ${number} (${note})`);
    }
  });
});

describe('A number that went through a spreadsheet', () => {
  it('is bad where an exponent stands for the rest of it, in the order column too', () => {
    const judge = judgeOf(NUMBERS, { excelDamage: 'warn' });
    for (const number of ['9.40011E+21', '9,40011E+21', '9E+21', '3.4E21', '="9.4e+21"'])
      assert.match(
        judged(judge, '1001', number),
        /^Line 2: the column "tracking" holds ".*": a spreadsheet has shortened/,
      );
    assert.match(judged(judge, '1,00000123E+08', '1Z1'), /^Line 2: the column "order" holds "1,0/);
    assert.equal(judged(judge, '1E5', '12E45'), '1E5 12E45');
  });

  it('is bad where a program has made a decimal of it', () => {
    assert.match(
      judged(judgeOf(NUMBERS), '1001', '123456789012.0'),
      /"tracking" holds .*for a decimal one, and its leading/,
    );
    assert.match(judged(judgeOf(NUMBERS), '100000123.0', '1Z1'), /"order" holds .*for a decimal one/);
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
    const warned = judgeOf(NUMBERS, { excelDamage: 'warn' }, { damage: 'refuse' });
    assert.match(judged(warned, '1001', '1234567890123450'), /^1001 1234567890123450 \(the column/);
    const again = judgeOf(NUMBERS, {}, { damage: 'refuse' });
    assert.match(judged(again, '1001', '1234567890123450'), /^Line 2: .*take it from the original file/);
    assert.equal(judged(again, '1001', '1234567890123451'), '1001 1234567890123451');
  });

  it('keeps fifteen digits behind the zeros that the format of its cell has put in front', () => {
    const number = '00340434161094042000';
    assert.match(judged(judgeOf(NUMBERS), '1001', number), /^1001 00340434161094042000 \(the column/);
    assert.match(judged(judgeOf(NUMBERS, {}, { damage: 'refuse' }), '1001', number), /^Line 2/);
  });

  const looksDamaged = (numbers: readonly string[], profile: Partial<Profile> = {}) => {
    const judge = judgeOf(NUMBERS, profile);
    for (const number of numbers) judge.judge(['1001', number], 2);
    return judge.looksDamaged();
  };

  it('makes a file look damaged where three different ones end in zeros and none does not', () => {
    const damaged = ['1234567890123450', '12345678901234600', '1234567890123470000'];
    assert.equal(looksDamaged([...damaged, '1Z1', '123456789012345']), true);
    assert.equal(looksDamaged([...damaged, '1234567890123451']), false);
    assert.equal(looksDamaged(damaged.slice(0, 2)), false);
    assert.equal(looksDamaged(Array.from({ length: 5 }, () => '1234567890123450')), false);
    assert.equal(looksDamaged(damaged, { excelDamage: 'warn' }), false);
  });
});

describe('A cell with several numbers', () => {
  const judge = judgeOf(NUMBERS);

  it('is a row for each, where every piece looks like a number', () => {
    assert.equal(
      judged(judge, '1001', '1Z0001, 1Z0002;1Z0003|1Z0004'),
      '1001 1Z0001 + 1001 1Z0002 + 1001 1Z0003 + 1001 1Z0004',
    );
    assert.equal(judged(judge, '100001, 100002', '1Z0001'), '100001 1Z0001 + 100002 1Z0001');
    const verdict = judge.judge(['1001', '1Z0001,1Z0002'], 7);
    assert.ok(verdict.kind === 'row');
    assert.deepEqual(
      verdict.rows.map(({ line, part }) => [line, part]),
      [
        [7, 0],
        [7, 1],
      ],
    );
  });

  it('is one row where it holds one number twice, or a separator too many', () => {
    assert.equal(judged(judge, '1001', '1Z0001, 1z0001,'), '1001 1Z0001');
  });

  it('is bad where a piece of a tracking number could be anything', () => {
    for (const cell of ['1Z0001, 2 parcels', '1Z0001;ABCDEF', '1Z0001|12', '1,001', '1Z001,1Z002'])
      assert.match(
        judged(judge, '1001', cell),
        /^Line 2: the column "tracking" holds several numbers: .*; give each a row of its own\.$/,
      );
    assert.equal(judged(judge, '1,001', '1Z0001'), '1,001 1Z0001');
  });

  it('is bad where nothing says which order or item goes with which number', () => {
    assert.match(
      judged(judge, '100001,100002', '1Z0001,1Z0002'),
      /columns? "order" and the column "tracking" both hold several/,
    );
    const items = judgeOf(layoutOf('order', 'tracking', 'sku', 'quantity'));
    assert.match(judged(items, '1001', '1Z0001,1Z0002', 'MUG', '2'), /nothing says to which the SKU belongs/);
    assert.equal(judged(items, '1001', '1Z0001,1Z0002', '', ''), '1001 1Z0001 + 1001 1Z0002');
  });

  it('is taken apart at the separator of the profile, whatever the pieces look like', () => {
    const split = (tracking: string) => judgeOf(NUMBERS, { split: { order: null, tracking } });
    assert.equal(judged(split(' '), '1,2', 'A  B'), '1,2 A + 1,2 B');
    assert.equal(judged(split('\n'), '1', 'A\r\nB\n'), '1 A + 1 B');
    assert.equal(judged(split(' / '), '1', 'A / B/C'), '1 A + 1 B/C');
    assert.equal(
      judged(split(' / '), '1', ' / '),
      'Line 2: the column "tracking" holds "/", which is no number.',
    );
  });

  it('is never taken apart where the profile says so', () => {
    const judge = judgeOf(NUMBERS, { split: { order: null, tracking: null } });
    assert.match(judged(judge, '100001,100002', '1Z0001,1Z0002'), /holds several numbers/);
    assert.equal(judged(judge, '100001,100002', '1Z0001'), '100001,100002 1Z0001');
  });

  it('is bad beyond a hundred, so that a record cannot become a file', () => {
    const numbers = Array.from({ length: 101 }, (_, at) => `1Z${1000 + at}`);
    assert.match(judged(judge, '1001', numbers.join(',')), /holds 101 numbers, and at most 100 are taken/);
    assert.equal(judged(judge, '1001', numbers.slice(1).join(',')).split(' + ').length, 100);
  });
});

describe('An order number', () => {
  const orderOf = (order: Partial<Profile['order']>, cell: string) =>
    judged(judgeOf(NUMBERS, { order: { ...PLAIN.order, ...order } }), cell, '1Z1').replace(/ 1Z1$/, '');

  it('loses the first prefix and the first suffix that fit, case aside, and is filled with zeros', () => {
    const rules = { stripPrefixes: ['#', 'ACME-', 'ACME'], stripSuffixes: ['-1', '-10'], padTo: 9 };
    assert.equal(orderOf(rules, 'acme-1234-1'), '000001234');
    assert.equal(orderOf(rules, '#ACME-12'), 'ACME-12');
    assert.equal(orderOf(rules, 'ACME 1234-10'), '000001234');
    assert.equal(orderOf(rules, 'ACME 1234'), '000001234');
    assert.equal(orderOf(rules, '1000000123'), '1000000123');
  });

  it('is what the first group of the pattern finds, or else the whole match', () => {
    assert.equal(orderOf({ pattern: '(?:Order|Best\\.) (\\d+)' }, 'Best. 1234 / Otto'), '1234');
    assert.equal(orderOf({ pattern: '\\d{9}' }, 'shop 000000123 x'), '000000123');
    assert.equal(orderOf({ pattern: 'x(\\d+)|y\\d+' }, 'y12'), 'y12');
  });

  it('is bad where the pattern finds none, or the rules leave nothing', () => {
    assert.equal(
      orderOf({ pattern: '\\d{9}' }, 'A12'),
      'Line 2: the column "order" holds "A12", in which the profile\'s pattern "\\\\d{9}" finds no number.'.replace(
        '\\\\',
        '\\',
      ),
    );
    assert.match(
      orderOf({ stripPrefixes: ['ACME-'] }, 'ACME-'),
      /holds "ACME-", of which the profile's rules leave nothing/,
    );
    assert.equal(orderOf({ stripPrefixes: ['ACME-'], padTo: 9 }, ''), 'Line 2: the column "order" is empty.');
  });

  it('is found at once by a pattern that would keep other engines busy for years', () => {
    assert.match(orderOf({ pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`), /finds no number/);
  });

  it('has the rules applied to each of several in a cell', () => {
    assert.equal(orderOf({ stripPrefixes: ['#'] }, '#100001|#100002'), '100001 1Z1 + 100002');
  });
});

describe('A carrier', () => {
  const carriers = (more: Partial<Profile['carriers']>) => ({ carriers: { ...PLAIN.carriers, ...more } });
  const map = [
    { says: ['DHL*', 'Deutsche Post'], code: 'dhl', title: 'DHL Paket' },
    { says: ['u?s'], code: 'ups', title: null },
  ];
  const all = layoutOf('order', 'tracking', 'carrier', 'carrierCode', 'title');
  const carrierOf = (profile: Partial<Profile>, ...cells: readonly string[]) =>
    judged(judgeOf(all, profile), '1', '1Z1', ...cells).replace(/^1 1Z1 ?/, '');

  it("is the default under the file's own words, whatever they are", () => {
    assert.equal(carrierOf({}, 'ups', '', ''), 'ups');
    assert.equal(judgeOf(all).judge(['1', '1Z1', 'ups', '', ''], 2).kind, 'row');
    assert.equal(carrierOf({}, 'UPS', '', 'UPS  Ground\u0001 😀'), 'UPS Ground');
    assert.equal(carrierOf({}, '', '', ''), '');
    assert.equal(carrierOf(carriers({ default: 'acme', defaultTitle: 'Acme' }), '', '', ''), 'acme Acme');
  });

  it('is what the map says of it, case and blanks aside; the first entry that fits counts', () => {
    assert.equal(carrierOf(carriers({ map }), 'dhl  Express', '', 'Express'), 'dhl DHL Paket');
    assert.equal(carrierOf(carriers({ map }), 'deutsche\u00a0POST', '', ''), 'dhl DHL Paket');
    assert.equal(carrierOf(carriers({ map }), 'UPS', '', 'Ground'), 'ups Ground');
    assert.equal(carrierOf(carriers({ map }), 'UPS', '', ''), 'ups UPS');
    assert.equal(carrierOf(carriers({ map }), 'xUPS', '', ''), 'xUPS');
  });

  it("is Magento's own code as it stands, but for an entry of the map", () => {
    assert.equal(carrierOf({}, '', 'fedex', ''), 'fedex');
    assert.equal(carrierOf({}, 'FedEx Ground', 'fedex', ''), 'fedex FedEx Ground');
    assert.equal(carrierOf(carriers({ map }), '', 'DHL', ''), 'dhl DHL Paket');
    const long = [{ says: [`${'x'.repeat(40)}*`], code: 'acme', title: null }];
    assert.equal(carrierOf(carriers({ map: long }), '', 'X'.repeat(41), ''), `acme ${'X'.repeat(41)}`);
    assert.match(carrierOf({}, '', '0', ''), /column "carrierCode" holds "0"/);
    assert.match(carrierOf({}, '', 'c'.repeat(33), ''), /longer than 32/);
    assert.match(carrierOf({}, '', 'a\u0007', ''), /no carrier code has/);
  });

  it('has a title of at most 255 characters', () => {
    assert.equal(carrierOf({}, 'c'.repeat(300), '', '').length, 255);
  });

  it('is told from the number only where the profile asks for it and the file says nothing', () => {
    const told = (profile: Partial<Profile>, number: string, ...cells: readonly string[]) =>
      judged(judgeOf(all, profile), '1', number, ...cells).replace(/^1 \S+ ?/, '');
    const ask = carriers({ recognise: true, map });
    assert.equal(told(carriers({ map }), '1Z999AA10123456784', '', '', ''), '');
    assert.equal(told(ask, '1Z999AA10123456784', '', '', ''), 'ups UPS');
    assert.equal(told(ask, '1Z999AA10123456784', 'Otto', '', ''), 'Otto');
    assert.equal(told(ask, 'RB123456785GB', '', '', ''), 'Royal Mail Group plc');
    assert.equal(told(ask, '9400111202555842332669', '', '', ''), 'United States Postal Service');
  });

  it('is never told from digits alone that any carrier could have given', () => {
    const ask = judgeOf(NUMBERS, carriers({ recognise: true }));
    for (const number of ['986578788855', '00340434161094042557', '61299998820821171811', '123456789012345'])
      assert.equal(judged(ask, '1', number), `1 ${number}`);
  });
});

describe('A row of the file', () => {
  const withStatus = layoutOf('order', 'tracking', 'Status');
  const column = { kind: 'name', names: ['status'] } as const;

  it('is skipped where a rule of the profile says so, with the reason', () => {
    const rules = { rows: [{ column, only: [], skip: ['Storniert', 'void*', ''] }] };
    const judge = judgeOf(withStatus, rules);
    assert.equal(judged(judge, '1', '1Z1', ' STORNIERT '), 'skipped: Status is "STORNIERT"');
    assert.equal(judged(judge, '1', '', 'Voided'), 'skipped: Status is "Voided"');
    assert.equal(judged(judge, '1', '1Z1', ''), 'skipped: Status is empty');
    assert.equal(judged(judge, '1', '1Z1', 'Zugestellt'), '1 1Z1');
  });

  it('is skipped where it has none of the wanted values, its cell missing too', () => {
    const position = { kind: 'position', position: 3 } as const;
    const judge = judgeOf(withStatus, {
      rows: [{ column: position, only: ['shipped', 'in transit'], skip: [] }],
    });
    assert.equal(judged(judge, '1', '1Z1', 'InTransit'), '1 1Z1');
    const among = 'not one of "shipped" and "in transit"';
    assert.equal(judged(judge, '1', '1Z1', 'new'), `skipped: Status is "new", ${among}`);
    assert.equal(judged(judge, '1', '1Z1'), `skipped: Status is empty, ${among}`);
  });

  it('with cells too many is bad before its moved status is looked at, but for its kind in the first cell', () => {
    const layout = layoutOf('Status', 'order', 'tracking', '-');
    const ruled = (position: number) =>
      judgeOf(layout, { rows: [{ column: { kind: 'position', position }, only: ['O'], skip: [] }] });
    assert.match(
      judged(ruled(4), 'O', '1', '1Z1', 'Otto; Sons', 'O'),
      /^Line 2: 5 cells where the header has 4/,
    );
    assert.equal(judged(ruled(1), 'L', '1', 'MUG', '2', '2', 'x'), 'skipped: Status is "L", not one of "O"');
  });

  it('is not judged at all where the column of a rule is not there: the file fails', () => {
    const open = () => judgeOf(NUMBERS, { rows: [{ column, only: [], skip: ['void'] }] });
    assert.throws(open, (error) => {
      assert.ok(error instanceof UnreadableDropError);
      assert.equal(error.code, 'no-such-column');
      assert.match(
        error.message,
        /profile acme decides by the column "status".*It has "order" and "tracking"/,
      );
      return true;
    });
  });

  it('is skipped where it is the header line again', () => {
    assert.equal(judged(judgeOf(NUMBERS), ' Order', 'TRACKING'), 'skipped: the header line again');
    assert.equal(judged(judgeOf({ ...NUMBERS, header: null }), 'order', 'tracking'), 'order tracking');
  });

  it('is skipped where it sums up the rows above', () => {
    const judge = judgeOf(layoutOf('-', 'order', 'tracking', 'Status'));
    for (const word of [
      'Total',
      'TOTAL:',
      'Gesamt',
      'Gesamtanzahl Sendungen',
      'Anzahl: 15',
      'Somme',
      'Totale',
      'Totaal',
      'Total general',
    ])
      assert.equal(judged(judge, word, '', '', '15'), `skipped: a summary row: "${word}"`);
    assert.equal(judged(judge, 'Total', '15', '12'), 'skipped: a summary row: "Total"');
    assert.equal(
      judged(judge, '', 'Total parcels shipped: 15', ''),
      'skipped: a summary row: "Total parcels shipped: 15"',
    );
  });

  it('is never taken for a sum where one of its numbers is there', () => {
    const judge = judgeOf(layoutOf('-', 'order', 'tracking'));
    assert.equal(judged(judge, 'Total', '100001', '1Z0001'), '100001 1Z0001');
    assert.match(judged(judge, 'Total', '100001', ''), /"tracking" is empty/);
    assert.match(judged(judge, 'Total', '', '1Z0001'), /"order" is empty/);
    assert.match(judged(judge, 'Totalschaden', '', ''), /"order" is empty/);
    assert.match(judged(judge, 'Otto', '', ''), /"order" is empty/);
  });

  it('is skipped where it is empty, and bad where a cell is too long or too many', () => {
    assert.equal(judged(judgeOf(NUMBERS), ' ', '\u00a0'), 'skipped: every cell is empty');
    assert.match(judged(judgeOf(NUMBERS), '1', 'ä'.repeat(600)), /"tracking" holds more than 1024 bytes/);
    assert.match(
      judged(judgeOf(NUMBERS), '1', '1Z1', 'x'),
      /3 cells where the header has 2; perhaps a semicolon/,
    );
    assert.equal(judged(judgeOf(NUMBERS), '1', '1Z1', '', ''), '1 1Z1');
  });

  it('may come back with its outcome, and is done again only where it failed', () => {
    const judge = judgeOf(layoutOf('order', 'tracking', 'outcome'));
    assert.equal(judged(judge, '1', '1Z1', 'Tracked'), 'skipped: done before: tracked');
    assert.equal(judged(judge, '1', '1Z1', 'order-not-found'), '1 1Z1');
    assert.match(judged(judge, '1', '1Z1', 'waiting'), /looked at again without this file/);
    assert.match(judged(judge, '1', '1Z1', 'ok'), /"ok", which is no outcome/);
  });
});

describe('An item', () => {
  const judge = judgeOf(layoutOf('order', 'tracking', 'sku', 'quantity'));

  it('has its quantity with a point, or with a comma that cannot part thousands', () => {
    for (const [written, quantity] of [
      ['2', 2],
      ['2.0000', 2],
      ['0.5', 0.5],
      ['1,5', 1.5],
      ['2,00', 2],
      ['1,2500', 1.25],
    ])
      assert.equal(judged(judge, '1', '1Z1', 'MUG', `${written}`), `1 1Z1 ${quantity}xMUG`);
    for (const written of ['1,000', '1,00,000', '0,00', '-1', '1,', '1.00001', '2 pcs'])
      assert.match(judged(judge, '1', '1Z1', 'MUG', written), /which is no quantity/);
  });

  it('is one piece where its cell is empty, or the profile has no column for it', () => {
    assert.equal(judged(judge, '1', '1Z1', 'MUG', ''), '1 1Z1 1xMUG');
    const pieces = judgeOf(layoutOf('order', 'tracking', 'sku'));
    assert.equal(judged(pieces, '1', '1Z1', 'MUG'), '1 1Z1 1xMUG');
    assert.equal(judged(pieces, '1', '1Z1', ''), '1 1Z1');
    assert.match(judged(pieces, '1', '1Z1'), /"sku" is missing/);
  });
});

describe('Any record', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          '1Z0001',
          '="',
          '"',
          "'",
          ',',
          ';',
          '0',
          '00340434161094042557',
          'E+2',
          '#',
          '\n',
          ' ',
          'Total',
          '😀',
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join('')),
  );
  const layout = layoutOf(
    'order',
    'tracking',
    'carrier',
    'carrierCode',
    'title',
    'sku',
    'quantity',
    'outcome',
    'Status',
  );
  const profile: Partial<Profile> = {
    order: { stripPrefixes: ['#'], stripSuffixes: ['-1'], pattern: '[0-9A-Z]+', padTo: 6 },
    rows: [{ column: { kind: 'position', position: 9 }, only: [], skip: ['void*'] }],
    carriers: { ...PLAIN.carriers, recognise: true, map: [{ says: ['*Total*'], code: 'x', title: null }] },
  };

  it('is rows that Magento can store, a skipped row or a bad row of one printable line', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 10 }), fc.boolean(), (cells, isPlain) => {
        const verdict = judgeOf(layout, isPlain ? {} : profile).judge(cells, 3);
        if (verdict.kind === 'bad') assert.match(verdict.message, /^Line 3: [^\p{Cc}]+\.$/u);
        if (verdict.kind !== 'row') return;
        for (const [part, row] of verdict.rows.entries()) {
          assert.deepEqual([row.line, row.part], [3, part]);
          for (const number of [row.orderNumber, row.trackingNumber])
            assert.match(number, /^[^\p{Cc}\p{Zl}\u{10000}-\u{10ffff}]{1,255}$/u);
          assert.match(row.carrierCode, /^.{1,32}$/u);
          assert.match(row.title, /^[^\p{Cc}\u{10000}-\u{10ffff}]{1,255}$/u);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('of several numbers is the rows of each by itself', () => {
    const number = fc.stringMatching(/^[A-Z]{2}[0-9]{6}$/);
    const many = fc.uniqueArray(number, { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(many, fc.constantFrom(',', ';', '|', ', '), (numbers, separator) => {
        const together = judged(judgeOf(NUMBERS), '1', numbers.join(separator));
        assert.equal(together, numbers.map((each) => judged(judgeOf(NUMBERS), '1', each)).join(' + '));
      }),
    );
  });
});
