import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import type { IntakeParts } from './inboxes.ts';

/** Enters a file that is claimed now, under a drop id that the ledger does not know yet. */
export function enterDrop(
  { name: inbox, store }: InboxConfig,
  file: Pick<Drop, 'id' | 'name' | 'bytes' | 'isDoubtful'>,
  { ledger, clock }: Pick<IntakeParts, 'ledger' | 'clock'>,
): Drop {
  return ledger.drops.begin({ ...file, inbox, store, claimedAtMs: clock.wallMs() });
}

/** Nothing of the drop can be in the inbox any more, under the name of a claim or another. */
export function isClaimOver(drop: Drop | undefined, inbox: string): boolean {
  return drop !== undefined && (drop.inbox !== inbox || drop.state === 'settled' || drop.state === 'waiting');
}
