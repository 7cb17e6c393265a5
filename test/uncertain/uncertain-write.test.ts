import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULTS } from './faults.ts';
import { KINDS } from './kinds.ts';
import { oneWrite } from './one-write.ts';

/** Most of a case is waiting; more at once would make a busy machine answer later than the timeout. */
const AT_ONCE = 16;

const LOCKS = [
  [true, 'an order lock'],
  [false, 'no order lock'],
] as const;

describe('A write', { concurrency: AT_ONCE }, () => {
  for (const fault of FAULTS) {
    for (const kind of KINDS) {
      for (const [orderLock, lock] of LOCKS) {
        const end = (orderLock ? undefined : fault.withoutLock?.[kind.name]) ?? fault.ends[kind.name];
        it(`that ${fault.name} ends as ${end.outcome}: a ${kind.name}, at a store with ${lock}`, async () => {
          const seen = await oneWrite(kind, fault, orderLock);
          const { outcome, writes, takenBack, made } = seen;
          assert.deepEqual(
            { outcome, writes, takenBack, made: made.length },
            { outcome: end.outcome, writes: end.writes, takenBack: end.takenBack, made: end.made },
          );
          assert.equal(seen.standing, 1, 'the number stands exactly once');
          assert.equal(seen.blindRepeats, 0);
          assert.match(seen.message, end.says);
          assert.ok(seen.report.includes(seen.message), 'the report says the same');
          if (end.made < 2) assert.equal(seen.pieces, kind.pieces);
          else for (const shipment of made) assert.ok(seen.message.includes(shipment), `names ${shipment}`);
        });
      }
    }
  }
});
