import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { obstacleTo } from '../../../src/magento/write-request.ts';
import { runs } from '../../runs.ts';
import { judgeOf, layoutOf } from './judging.ts';

/** Letters and digits, and now and then any unit of UTF-16, halves of characters too; some are longer than any number. */
const text = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...'123456789ABCxyz') },
        {
          weight: 1,
          arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
        },
        { weight: 1, arbitrary: fc.constantFrom('😀', '\ud83d', ' ', '0') },
      ),
      { maxLength, size: 'max' },
    )
    .map((units) => units.join(''));

it('what is read as a parcel can be written, so that no other of its order fails with it', () => {
  const judge = judgeOf(layoutOf('order', 'tracking', 'carrierCode'));
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(text(30), text(300)), text(40), (number, code) => {
      const verdict = judge.judge(['1001', `1Z9${number}`, code], 2);
      if (verdict.kind !== 'row') return;
      taken += 1;
      const parcels = verdict.rows;
      const ids = { kind: 'ship', orderId: 1, items: [], source: null, comment: null, mails: false } as const;
      assert.equal(obstacleTo({ ...ids, parcels }), undefined);
    }),
    runs(500),
  );
  assert.ok(taken > 0, 'some of it is read as parcels');
});
