import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zonedTime } from '../../src/runtime/zoned-time.ts';

test('a time is told as the clocks of the zone show it, in summer and in winter, and the zone is named', () => {
  const inBerlin = zonedTime('Europe/Berlin');
  assert.equal(inBerlin(Date.UTC(2026, 10, 22, 23, 4, 5)), '2026-11-23 00:04:05 Europe/Berlin');
  assert.equal(inBerlin(Date.UTC(2026, 6, 1, 10, 0, 0)), '2026-07-01 12:00:00 Europe/Berlin');
  assert.equal(zonedTime('UTC')(0), '1970-01-01 00:00:00 UTC');
});
