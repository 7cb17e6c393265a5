import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import type { Events } from '../events.ts';
import { findSettled } from '../intake/find-settled.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../runtime/clock.ts';
import { factsOf } from './facts.ts';

/** What a row ends with whose file was taken away before the row had its outcome. */
const GIVEN_UP =
  'its file was taken away from the folder working before this row was done; drop the file again to have it done';

/** What one ends with whose file was put away by a daemon of which this ledger, an older copy, knows nothing. */
const PUT_AWAY =
  'its file was put away after the copy was made from which this ledger was put back; what became of this row stands in';

/** Where a drop is ended, and who hears of it. */
interface TakenAwayParts {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
}

/**
 * Ends a drop whose file somebody took out of its working folder, and says so; or whose files were put away since the
 * ledger was copied from which this one was put back. What became of its rows stays on
 * record, since it tells of numbers that stand in the store; a drop of which nothing was read is forgotten. Cut off
 * anywhere it is to be done again.
 */
export async function endTakenAway(
  drop: Drop,
  inbox: Pick<InboxConfig, 'working' | 'processed' | 'failed'>,
  { ledger, events, clock }: TakenAwayParts,
): Promise<void> {
  const { drops, takenAway, redone } = ledger;
  const { working: folder } = inbox;
  await takeBackUnplaced(drop, ledger);
  if (!takenAway.wasRead(drop)) {
    drops.forget(drop);
    events.emit('drop.vanished', { ...factsOf(drop), folder, putAway: null, counts: null });
    return;
  }
  const found = await findSettled(inbox, drop, drop.claimedAtMs);
  const putAway = found === undefined ? null : join(found.folder, found.report);
  const ended = putAway === null ? GIVEN_UP : `${PUT_AWAY} ${putAway}`;
  const outcome = found?.isFailed === false ? 'already-tracked' : 'gave-up';
  for (const _ of takenAway.endRowsInPages(drop, outcome, ended)) await setImmediate();
  // What was done before is done, also for the failed rows of earlier files.
  for (const _ of redone.markInPages(drop)) await setImmediate();
  takenAway.end(drop, clock.wallMs(), found);
  events.emit('drop.vanished', { ...factsOf(drop), folder, putAway, counts: drops.countsOf(drop) });
}

/**
 * The drop that its waiting rows were to become, where its file has no place in `waiting/` yet, is forgotten: it was to be
 * made from the file that is gone.
 */
async function takeBackUnplaced(drop: Drop, { drops, takenAway, rows }: Ledger): Promise<void> {
  const { waitsAs } = drops.current(drop);
  const parted = waitsAs === null ? undefined : drops.byId(waitsAs);
  if (parted?.state !== 'waiting' || parted.nextLookAtMs !== null) return;
  // First: should the file come back after a crash, they are parted anew.
  takenAway.unpart(drop);
  for (const _ of rows.clearInPages(parted)) await setImmediate();
  drops.forget(parted);
}
