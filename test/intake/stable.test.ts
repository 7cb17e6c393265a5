import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isLineEnd, sight, stableAtMs } from '../../src/intake/stable.ts';

const RULES = { stableForMs: 5000, unfinishedForMs: 60_000 };
const state = fc.record({
  bytes: fc.integer({ min: 1, max: 3 }),
  mtimeMs: fc.nat(2),
  inode: fc.bigInt(1n, 2n),
});

test('a file is stable only when every look within the last stableFor saw it the same', () => {
  const looks = fc.array(fc.tuple(state, fc.nat(3000)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(looks, (steps) => {
      let nowMs = 1000;
      let sighting: ReturnType<typeof sight> | undefined;
      const seen: { atMs: number; state: string }[] = [];
      for (const [file, passedMs] of steps) {
        nowMs += passedMs;
        sighting = sight(sighting, file, nowMs);
        seen.push({ atMs: nowMs, state: `${file.bytes} ${file.mtimeMs} ${file.inode}` });
        const isStable = stableAtMs(sighting, true, RULES) <= nowMs;
        const recent = seen.slice(seen.findLastIndex(({ state: other }) => other !== seen.at(-1)?.state) + 1);
        assert.equal(isStable, nowMs - (recent[0]?.atMs ?? nowMs) >= RULES.stableForMs);
      }
    }),
  );
});

test('the wait is longer without a line end, and ten minutes when empty', () => {
  const file = { bytes: 1, mtimeMs: 0, inode: 1n, sinceMs: 100 };
  assert.equal(stableAtMs(file, true, RULES), 5100);
  assert.equal(stableAtMs(file, false, RULES), 60_100);
  assert.equal(stableAtMs({ ...file, bytes: 0 }, null, RULES), 600_100);
});

test('a clock that was set back starts the wait anew', () => {
  const file = { bytes: 1, mtimeMs: 0, inode: 1n };
  assert.equal(sight({ ...file, sinceMs: 5000 }, file, 4000).sinceMs, 4000);
});

test('line ends are known in UTF-8 and in UTF-16 of either order', () => {
  for (const bytes of [
    [65, 10],
    [65, 13],
    [10, 0],
    [0, 10],
  ])
    assert.ok(isLineEnd(Uint8Array.from(bytes)));
  for (const bytes of [[], [65], [10, 65], [65, 0], [0, 0]]) assert.ok(!isLineEnd(Uint8Array.from(bytes)));
});
