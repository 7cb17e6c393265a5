import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveLimit } from '../../src/domain/adaptive-limit.ts';

const byOne = { after: 3, step: (limit: number) => limit + 1 };

function times(count: number, work: () => unknown): void {
  for (let done = 0; done < count; done += 1) work();
}

test('begins at the most, and is halved by what proves too much, down to one', () => {
  const limit = new AdaptiveLimit(5, byOne);
  const seen = [limit.value];
  while (limit.wasTooMuch(limit.value)) seen.push(limit.value);
  assert.deepEqual(seen, [5, 3, 2, 1]);
});

test('is raised by one step after so many successes in a row, and not beyond the most', () => {
  const limit = new AdaptiveLimit(4, byOne);
  limit.wasTooMuch(4);
  assert.equal(limit.value, 2);
  times(2, () => assert.equal(limit.worked(), false));
  assert.equal(limit.worked(), true);
  assert.equal(limit.value, 3);
  times(20, () => limit.worked());
  assert.equal(limit.value, 4);
});

test('a failure between successes begins their row anew, also one of something smaller', () => {
  const limit = new AdaptiveLimit(8, byOne);
  limit.wasTooMuch(8);
  times(2, () => limit.worked());
  assert.equal(limit.wasTooMuch(8), false, 'that is why it is 4 already');
  times(2, () => assert.equal(limit.worked(), false));
  assert.equal(limit.value, 4);
});

test('stays between one and the most, whatever happens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(300)), (most, sizes) => {
      const limit = new AdaptiveLimit(most, { after: 1, step: (value) => Math.ceil(value * 1.25) });
      for (const size of sizes) {
        const before = limit.value;
        const changed = size % 2 === 0 ? limit.worked() : limit.wasTooMuch(size);
        assert.equal(changed, limit.value !== before);
        assert.ok(limit.value >= 1 && limit.value <= most && Number.isInteger(limit.value));
      }
    }),
  );
});
