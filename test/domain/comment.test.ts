import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commentOn } from '../../src/domain/comment.ts';
import type { Row } from '../../src/domain/row.ts';
import { wishesOf } from '../../src/domain/wish.ts';
import { row } from './orders.ts';

const told = (text: string, rows: readonly Row[], drop = 'day.csv') =>
  commentOn(wishesOf(rows), { text, isVisible: true }, drop)?.text;

const DHL = row(2, 'JD1', { title: 'DHL', link: 'https://dhl.example/JD1' });
const UPS = row(3, '1Z1', { title: 'UPS' });

describe('The comment on a new shipment', () => {
  it('fills in carrier, number, file and link, once for each parcel', () => {
    const text = '{carrier}: {number} ({drop})\nSee {link}';
    assert.equal(told(text, [DHL, { ...DHL, line: 9 }]), 'DHL: JD1 (day.csv)\nSee https://dhl.example/JD1');
    assert.equal(told('{carrier} {number}', [DHL, UPS]), 'DHL JD1\nUPS 1Z1');
  });

  it('leaves out a line that is left blank, and is none where all of them are', () => {
    assert.equal(told('{number}\r\n {link}\t\n', [UPS]), '1Z1');
    assert.equal(told(' {link} ', [UPS]), undefined);
    assert.equal(told('{link}', [UPS, DHL]), 'https://dhl.example/JD1');
  });

  it('has no blanks around a link that a carrier does not have', () => {
    assert.equal(told('{carrier} {number} {link}', [DHL, UPS]), 'DHL JD1 https://dhl.example/JD1\nUPS 1Z1');
    assert.equal(told('{number}  {link}: {drop}', [UPS]), '1Z1: day.csv');
    assert.equal(told('{link} {number}', [UPS]), '1Z1');
    assert.equal(told('{number}  {carrier}', [UPS]), '1Z1  UPS', 'others are as they are written');
  });

  it('takes nothing that a file holds for a placeholder, and leaves unknown ones as they are', () => {
    assert.equal(told('{carrier} {what}', [{ ...UPS, title: '{number}' }]), '{number} {what}');
    assert.equal(told('{constructor}', [UPS]), '{constructor}');
  });

  it('holds no character that Magento cannot store', () => {
    assert.equal(told('{carrier}|', [{ ...UPS, title: 'A\u0000B\u{1f4e6}C\ud800' }]), 'A BC|');
  });

  it('is cut by whole parcels where Magento would cut it anywhere, and says how many are missing', () => {
    const rows = Array.from({ length: 300 }, (_, at) => row(at + 2, `N${at}`));
    const text = told(`{number} ${'ü'.repeat(200)}`, rows) ?? '';
    assert.ok(Buffer.byteLength(text) <= 65_535, `${Buffer.byteLength(text)}`);
    const lines = text.split('\n');
    assert.equal(lines.at(-1), `and ${300 - (lines.length - 1)} more`);
    assert.ok(Buffer.byteLength(text) > 65_000, 'it is filled');
    assert.equal(told('{number}', rows)?.split('\n').length, 300);
  });
});
