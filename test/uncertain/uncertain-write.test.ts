import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type End, FAULTS } from './faults.ts';
import { KINDS, type Kind } from './kinds.ts';
import { oneWrite } from './one-write.ts';

/** Most of a case is waiting; more at once would make a busy machine answer later than the timeout. */
const AT_ONCE = 16;

const WITH_LOCK = [true, 'an order lock'] as const;
const WITHOUT_LOCK = [false, 'no order lock'] as const;

/** The lock keeps two ships of one order apart: where there are none, a store without it does the same. */
function locksFor(kind: Kind, { writes }: End) {
  return kind.name === 'track' || writes < 2 ? [WITH_LOCK] : [WITH_LOCK, WITHOUT_LOCK];
}

describe('A write', { concurrency: AT_ONCE }, () => {
  for (const fault of FAULTS) {
    for (const kind of KINDS) {
      for (const [orderLock, lock] of locksFor(kind, fault.ends[kind.name])) {
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
