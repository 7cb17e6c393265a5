import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN, type Profile } from '../../../src/domain/profile.ts';
import { judged, judgeOf, NUMBERS } from './judging.ts';

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

  it('is bad where the pattern finds a part of a longer one, or a second one', () => {
    const part = (pattern: string, cell: string, number: string) =>
      assert.ok(orderOf({ pattern }, cell).endsWith(` finds only a part of a longer number: "${number}".`));
    part('[0-9]{9}$', 'ACME-1000000123', '000000123');
    part('^ACME-([0-9]{9})', 'ACME-1000000123', '100000012');
    assert.equal(orderOf({ pattern: '^ACME-([0-9]{9})$' }, 'ACME-100000123'), '100000123');
    assert.equal(orderOf({ pattern: '^00([0-9]+)$' }, '00123'), '123');
    assert.match(
      orderOf({ pattern: '[0-9]{4}' }, '1001 of 2026'),
      / finds more than one number, "1001" first\.$/,
    );
    assert.equal(orderOf({ pattern: '[0-9]*' }, '1001 of'), '1001');
  });

  it('is found at once by a pattern that would keep other engines busy for years', () => {
    assert.match(orderOf({ pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`), /finds no number/);
  });

  it('has the rules applied to each of several in a cell', () => {
    assert.equal(orderOf({ stripPrefixes: ['#'] }, '#100001|#100002'), '100001 1Z1 + 100002');
  });
});

describe('A tracking number', () => {
  const trackingOf = (tracking: Partial<Profile['tracking']>, cell: string) =>
    judged(judgeOf(NUMBERS, { tracking: { ...PLAIN.tracking, ...tracking } }), '1001', cell).replace(
      /^1001 /,
      '',
    );

  it('loses the carrier that is written before it, and what comes behind it', () => {
    const rules = { stripPrefixes: ['UPS:', 'DHL:'], stripSuffixes: ['(1/1)'] };
    assert.equal(trackingOf(rules, 'ups: 1Z999AA10123456784 (1/1)'), '1Z999AA10123456784');
    assert.equal(trackingOf(rules, 'DHL:00340434161094042557'), '00340434161094042557');
  });

  it('is found in the address of a page, which is none by itself', () => {
    const address = 'https://track.example.com/p/1Z999AA10123456784?x=1';
    assert.equal(trackingOf({ pattern: '/p/([0-9A-Z]+)' }, address), '1Z999AA10123456784');
    assert.match(trackingOf({ pattern: '/q/([0-9A-Z]+)' }, address), /^Line 2: .* finds no number\.$/);
    for (const cell of [address, 'www.dhl.com/1234567', 'dhl.de/1234567'])
      assert.match(trackingOf({}, cell), /^Line 2: .* holds the address of a page.*trackingNumber: pattern/);
  });

  it('is a note where its carrier stands before it and the profile does not say so', () => {
    assert.match(trackingOf({}, 'UPS: 1Z999AA10123456784'), /^UPS: 1Z999AA10123456784 \(.*holds a colon/);
  });

  it('is bad where it has no digit, as what people write instead of one', () => {
    for (const words of ['CANCELLED', 'pending', 'TBD', 'keine', 'N.A.', 'n.v.', 'TRUE', 'per Post'])
      assert.equal(
        trackingOf({}, words),
        `Line 2: the column "tracking" holds "${words}", which has no digit, as every carrier's number does.`,
      );
  });

  it('is bad where it is a date or a time', () => {
    for (const date of [
      '20.11.2026 08:30',
      '20.11.26',
      '11/20/2026',
      '2026-11-20',
      '2026-11-20T08:30:00Z',
      '8:30',
    ])
      assert.match(trackingOf({}, date), /^Line 2: .* holds a date or a time, not a number: /);
    for (const number of ['20-11-2026-08', '1234-56-7890', '99.11.2026', '20261120'])
      assert.equal(trackingOf({}, number), number);
  });

  it('is a note where it is the number of its order', () => {
    const note = ' (the tracking number is the order number)';
    assert.match(
      judged(judgeOf(NUMBERS), 'ab 100123', 'AB100123'),
      /; the tracking number is the order number\)$/,
    );
    assert.equal(trackingOf({}, '1001'), `1001${note}`);
    assert.equal(
      judged(judgeOf(NUMBERS), '100001, 100002', '100002'),
      `100001 100002 + 100002 100002${note}`,
    );
  });

  it('is bad where it is zeros only, cut off, or holds a sign that no carrier uses', () => {
    for (const zeros of ['00', '0000000000'])
      assert.equal(
        trackingOf({}, zeros),
        `Line 2: the column "tracking" holds "${zeros}", and no carrier's number is zeros only.`,
      );
    for (const cut of ['1Z999AA101...', '1Z999AA101…'])
      assert.equal(
        trackingOf({}, cut),
        `Line 2: the column "tracking" holds "${cut}", a number that has been cut off.`,
      );
    for (const sign of ['(', ')', '*', '=', '#'])
      assert.equal(
        trackingOf({}, `1Z999${sign}AA101`),
        `Line 2: the column "tracking" holds "1Z999${sign}AA101", and no carrier's number has a ${sign} in it.`,
      );
    assert.equal(trackingOf({}, '0001'), '0001');
  });

  it('is refused where a spreadsheet has damaged it, whatever the pattern would find', () => {
    assert.match(trackingOf({ pattern: '\\d+' }, '9.40011E+21'), /^Line 2: .*a spreadsheet has shortened/);
  });
});
