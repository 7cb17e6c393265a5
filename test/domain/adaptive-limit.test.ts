import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveLimit } from '../../src/domain/adaptive-limit.ts';

const byOne = { after: 3, step: (limit: number) => limit + 1 };

function times(count: number, work: () => unknown): void {
  for (let done = 0; done < count; done += 1) work();
}

test('begins at the most, is lowered to what is borne, and never raised by that', () => {
  const limit = new AdaptiveLimit(5, byOne);
  assert.equal(limit.value, 5);
  assert.equal(limit.lowerTo(3), true);
  assert.equal(limit.lowerTo(4), false);
  assert.equal(limit.lowerTo(0), false, 'nothing at all was borne: that says nothing about the size');
  assert.equal(limit.value, 3);
});

test('is raised by one step after so many successes in a row, and not beyond the most', () => {
  const limit = new AdaptiveLimit(4, byOne);
  limit.lowerTo(2);
  times(2, () => assert.equal(limit.worked(), false));
  assert.equal(limit.worked(), true);
  assert.equal(limit.value, 3);
  times(20, () => limit.worked());
  assert.equal(limit.value, 4);
});

test('a failure between successes begins their row anew', () => {
  const limit = new AdaptiveLimit(8, byOne);
  limit.lowerTo(4);
  times(2, () => limit.worked());
  limit.lowerTo(4);
  times(2, () => assert.equal(limit.worked(), false));
  assert.equal(limit.value, 4);
});

test('stays between one and the most, whatever happens, and tells of every change', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(300)), (most, sizes) => {
      const limit = new AdaptiveLimit(most, { after: 1, step: (value) => Math.ceil(value * 1.25) });
      for (const size of sizes) {
        const before = limit.value;
        const changed = size % 2 === 0 ? limit.worked() : limit.lowerTo(size);
        assert.equal(changed, limit.value !== before);
        assert.ok(limit.value >= 1 && limit.value <= most && Number.isInteger(limit.value));
      }
    }),
  );
});
