import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST_RETRY_AFTER_MS, readRetryAfterMs, retryDelayMs } from '../../src/domain/schedule.ts';

const second = { firstDelayMs: 1_000, maxDelayMs: 60_000 };

test('pauses double from attempt to attempt', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => retryDelayMs(attempt, second, 0)),
    [500, 1_000, 2_000, 4_000],
  );
});

test('half of a pause is chance', () => {
  assert.equal(retryDelayMs(3, second, 0), 2_000);
  assert.equal(retryDelayMs(3, second, 0.5), 3_000);
});

test('no pause is longer than the limit or shorter than half of the first one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, firstDelayMs, more, random) => {
        const maxDelayMs = firstDelayMs + more;
        const delayMs = retryDelayMs(attempt, { firstDelayMs, maxDelayMs }, random);
        assert.ok(delayMs <= maxDelayMs);
        assert.ok(delayMs >= Math.floor(firstDelayMs / 2));
      },
    ),
  );
});

test('what the server asks for wins over chance, within reason', () => {
  assert.equal(retryDelayMs(1, second, 0.9, 7_000), 7_000);
  assert.equal(retryDelayMs(9, second, 0.9, 0), 0);
  assert.equal(retryDelayMs(1, second, 0, 86_400_000), LONGEST_RETRY_AFTER_MS);
});

test('reads Retry-After as seconds and as a date', () => {
  const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);
  assert.equal(readRetryAfterMs('120', nowMs), 120_000);
  assert.equal(readRetryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', nowMs), 7_000);
  assert.equal(readRetryAfterMs('Sun, 06 Nov 1994 08:49:00 GMT', nowMs), 0);
});

test('ignores a Retry-After that cannot be read', () => {
  for (const header of [undefined, '', 'soon', '-5', '1.5']) {
    const delayMs = readRetryAfterMs(header, 0);
    assert.ok(delayMs === undefined || delayMs >= 0);
  }
  assert.equal(readRetryAfterMs('soon', 0), undefined);
  assert.equal(readRetryAfterMs(undefined, 0), undefined);
});
