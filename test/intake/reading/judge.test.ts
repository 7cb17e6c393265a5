import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UnreadableDropError } from '../../../src/domain/failure.ts';
import { PLAIN, type Profile } from '../../../src/domain/profile.ts';
import { runs } from '../../runs.ts';
import { judged, judgeOf, layoutOf, NUMBERS } from './judging.ts';

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

  it('is skipped where it has none of the wanted values, and bad where it ends before its cell', () => {
    const position = { kind: 'position', position: 3 } as const;
    const judge = judgeOf(withStatus, {
      rows: [{ column: position, only: ['shipped', 'in transit'], skip: [] }],
    });
    assert.equal(judged(judge, '1', '1Z1', 'InTransit'), '1 1Z1');
    const among = 'not one of "shipped" and "in transit"';
    assert.equal(judged(judge, '1', '1Z1', 'new'), `skipped: Status is "new", ${among}`);
    assert.equal(judged(judge, '1', '1Z1', ''), `skipped: Status is empty, ${among}`);
    assert.equal(
      judged(judge, '1', '1Z1'),
      'Line 2: only 2 of 3 cells are there, and the column "Status" is missing.',
    );
    assert.equal(judged(judge, 'Total', '15'), 'skipped: a summary row: "Total"');
    const emptyToo = (only: string[], skip: string[]) =>
      judged(judgeOf(withStatus, { rows: [{ column: position, only, skip }] }), '1', '1Z1');
    assert.equal(emptyToo(['shipped', ''], []), '1 1Z1');
    assert.equal(emptyToo(['shipped'], ['']), 'skipped: Status is empty');
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
    assert.doesNotMatch(judged(judgeOf({ ...NUMBERS, header: null }), 'order', 'tracking'), /header line/);
    const report = judgeOf({
      ...layoutOf('order', 'tracking', 'outcome'),
      fields: ['order', 'tracking', 'trackdrop_outcome'],
    });
    assert.equal(judged(report, 'Order', 'Tracking', 'skipped'), 'skipped: the header line again');
  });

  it('is bad from a header line on whose columns are others, until the own one comes again', () => {
    const layout = { ...layoutOf('order', 'tracking', '-'), fields: ['Order No', 'Tracking No', 'Weight'] };
    for (const other of [
      ['Order No', 'Weight', 'Tracking No'],
      ['Tracking No', 'Order No', 'Weight'],
      ['Order No', 'Tracking No', 'SKU'],
      ['Order No', 'Tracking No'],
      ['Order No', 'Carrier', 'Weight', 'Tracking No'],
      ['Bestellnummer', 'Gewicht', 'Sendungsnummer'],
    ]) {
      const judge = judgeOf(layout);
      assert.equal(judged(judge, '1001', 'AAA1111111', '12'), '1001 AAA1111111');
      assert.match(judged(judge, ...other), /^Line 2: this is a header line whose columns are not those/);
      const row = judge.judge(['100000102', '1700', 'AAA2222222'], 3);
      assert.ok(row.kind === 'bad');
      assert.match(row.message, /^Line 3: this stands below line 2, a header line .* a file of their own\.$/);
      assert.equal(judged(judge, 'order no', 'TRACKING_NO', 'Weight', ''), 'skipped: the header line again');
      assert.equal(judged(judge, '1002', 'AAA3333333', '12'), '1002 AAA3333333');
    }
  });

  it('is bad from a header line on by which the positions of a file without one are wrong', () => {
    const judge = judgeOf({ ...layoutOf('order', 'tracking'), header: null });
    judge.judge(['Order No', 'Tracking No'], 1);
    assert.equal(judged(judge, '1001', 'AAA1111111'), '1001 AAA1111111');
    judge.judge(['Tracking No', 'Order No'], 1);
    assert.match(judged(judge, '1001', 'AAA1111111'), /^Line 2: this stands below line 1/);
  });

  it('is read whatever looks like a header line above the header', () => {
    const judge = judgeOf({ ...NUMBERS, header: { line: 2, startByte: 0, endByte: 10 } });
    judge.judge(['Tracking', 'Order'], 1);
    const row = judge.judge(['1001', 'AAA1111111'], 3);
    assert.equal(row.kind, 'row');
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

  it('is never taken for a sum where its customer is called like one, however its numbers are written', () => {
    const judge = judgeOf(layoutOf('-', 'order', 'tracking'));
    for (const [name = '', order = '', tracking = ''] of [
      ['Suma Rao', '1234', 'RR 123 456 785 DE'],
      ['Count Dracula', 'W 100000123', '6A 123 456 789 01'],
      ['Total', '#123', 'AB123'],
      ['Total', '123', 'AB 123'],
      ['Total Express', '1001', 'TX 1234'],
      ['Total Express', '1001', '1234'],
    ])
      assert.ok(judged(judge, name, order, tracking).startsWith(`${order} ${tracking}`));
    assert.match(judged(judge, 'Suma Rao', '1234', ''), /"tracking" is empty/);
    assert.match(judged(judge, 'Suma Rao', '', 'TX 1'), /"order" is empty/);
  });

  it('is taken for a sum where nothing but counts stands under its numbers', () => {
    const judge = judgeOf(layoutOf('-', 'order', 'tracking'));
    for (const [name = '', order = '', tracking = ''] of [
      ['Total', '1.204', '1,210'],
      ['Total parcels shipped', '15', '12'],
      ['Gesamtanzahl Sendungen', '15', '-'],
      ['', 'Total', '15 pz'],
      ['', 'Anzahl', '12 Stück'],
      ['Totals', 'orders', 'parcels'],
    ])
      assert.match(judged(judge, name, order, tracking), /^skipped: a summary row/);
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
    for (const written of ['1,00,000', '-1', '-0', '1,', '1.00001', '2 pcs', '1.000.000'])
      assert.match(judged(judge, '1', '1Z1', 'MUG', written), /which is no quantity/);
  });

  it('may be nothing, and a note says so', () => {
    for (const written of ['0', '0,00', '0.000', '00'])
      assert.partialDeepStrictEqual(judge.judge(['1', '1Z1', 'MUG', written], 2), {
        kind: 'row',
        rows: [{ item: { sku: 'MUG', quantity: 0 }, note: 'quantity 0: nothing of MUG is in this parcel' }],
      });
  });

  it('that is nothing is in none of several numbers; another one may be in any of them', () => {
    const several = judgeOf(layoutOf('order', 'tracking', 'sku', 'quantity'), {
      split: { order: ' ', tracking: ' ' },
    });
    const [none, one] = ['0', '1'].map((written) => several.judge(['1', '1Z1 1Z2', 'MUG', written], 2));
    assert.partialDeepStrictEqual(none, {
      kind: 'row',
      rows: [
        { trackingNumber: '1Z1', item: { quantity: 0 } },
        { trackingNumber: '1Z2', item: { quantity: 0 } },
      ],
    });
    assert.equal(one?.kind, 'bad');
  });

  it('is bad where three digits follow a point or comma that may part thousands', () => {
    for (const written of ['1.000', '1,000', '12.500', '250,000'])
      assert.equal(
        judged(judge, '1', '1Z1', 'MUG', written),
        `Line 2: the column "quantity" holds "${written}", which may be ${written.replace(/\D/g, '')} or ${Number(written.replace(',', '.'))}; write it without a sign for thousands, and with one, two or four decimals or none.`,
      );
    for (const [written, quantity] of [
      ['0.500', 0.5],
      ['0,250', 0.25],
      ['1000.500', 1000.5],
      ['1000,500', 1000.5],
    ])
      assert.equal(judged(judge, '1', '1Z1', 'MUG', `${written}`), `1 1Z1 ${quantity}xMUG`);
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
    carriers: {
      ...PLAIN.carriers,
      recognise: true,
      map: [{ says: ['*Total*'], code: 'x', title: null, link: null }],
    },
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
      runs(500),
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
