import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isValidCode, oneTimeCode } from '../../src/sandbox/one-time-code.ts';

/** The secret of RFC 6238, appendix B, "12345678901234567890", in Base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it('makes the codes of RFC 6238, of which six digits are shown', () => {
  for (const [atS, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const) {
    assert.equal(oneTimeCode(SECRET, atS * 1000), code);
  }
});

it('reads secrets as people write them down', () => {
  assert.equal(oneTimeCode('gezd gnbv gy3t qojq gezd gnbv gy3t qojq', 59_000), '287082');
  assert.equal(oneTimeCode('MFRGG===', 0), oneTimeCode('MFRGG', 0));
  assert.throws(() => oneTimeCode('not-base32', 0), RangeError);
  assert.throws(() => oneTimeCode('', 0), RangeError);
});

it('takes the code of the step before and of the step after, and no other', () => {
  const nowMs = 1_234_567_890_000;
  const accepted = [-2, -1, 0, 1, 2].map((steps) =>
    isValidCode(oneTimeCode(SECRET, nowMs + steps * 30_000), SECRET, nowMs),
  );
  assert.deepEqual(accepted, [false, true, true, true, false]);
});
