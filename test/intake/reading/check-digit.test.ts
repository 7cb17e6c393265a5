import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allCouriers, getTracking } from 'ts-tracking-number';
import { checkDigitDoubt } from '../../../src/intake/reading/check-digit.ts';

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));

/** Kinds of numbers, each by what stands before its check digit and after it. */
const KINDS = {
  'a postal number': { before: digits(8).map((serial) => `RB${serial}`), after: 'GB' },
  'a UPS number': { before: fc.stringMatching(/^1Z[0-9A-Z]{15}$/), after: '' },
  'an SSCC': { before: digits(17).map((serial) => `00${serial}`), after: '' },
  'a USPS number': { before: digits(19).map((serial) => `94${serial}`), after: '' },
};

const isKnown = (number: string) =>
  allCouriers.some((courier) => getTracking(number, [courier]) !== undefined);

describe('The check digit', () => {
  for (const [kind, { before, after }] of Object.entries(KINDS)) {
    it(`of ${kind} is doubted but for one, which the library takes too`, () => {
      fc.assert(
        fc.property(before, (start) => {
          const numbers = Array.from({ length: 10 }, (_, digit) => `${start}${digit}${after}`);
          const undoubted = numbers.filter((number) => checkDigitDoubt(number) === undefined);
          assert.equal(undoubted.length, 1);
          assert.ok(isKnown(undoubted[0] ?? ''), undoubted[0]);
        }),
      );
    });
  }

  it('of each number that the library knows as good is not doubted', () => {
    const good = allCouriers.flatMap(({ tracking_numbers }) =>
      tracking_numbers.flatMap(({ test_numbers }) => [...test_numbers.valid]),
    );
    assert.ok(good.length > 50);
    assert.deepEqual(
      good.flatMap((number) => checkDigitDoubt(number.trim()) ?? []),
      [],
    );
  });

  it('is looked for with blanks and in lower case, and behind the ZIP code of USPS', () => {
    assert.match(checkDigitDoubt('1z 999 aa1 01 2345 6785') ?? '', /UPS/);
    assert.match(checkDigitDoubt('420221539405803699300124287898') ?? '', /USPS/);
    assert.equal(checkDigitDoubt('420221539405803699300124287899'), undefined);
  });

  it('of other numbers is nobody’s business', () => {
    for (const number of [
      '123456789012',
      '1Z1',
      '9612020987654312345672',
      '012345678901234567',
      'x'.repeat(255),
    ])
      assert.equal(checkDigitDoubt(number), undefined);
  });
});
