import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { Events } from '../events.ts';
import { Claims } from '../intake/claim.ts';
import { lookAt } from '../intake/file-state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { factsOf } from './facts.ts';
import { isOtherThanRead } from './reading.ts';

/**
 * Gives every drop that is not settled to the inbox in whose `working/` or `waiting/` its file lies: an inbox may have another
 * name or store than when the drop was claimed. A drop whose inbox is gone altogether is said as `drop.orphaned`
 * and left as it is, and holds back no later one.
 * @throws FolderError when a folder cannot be read or written.
 */
export async function rehome(
  inboxes: readonly InboxConfig[],
  { ledger: { drops }, events }: { readonly ledger: Ledger; readonly events: Events },
): Promise<void> {
  // At once: ten thousand drops that are asked for one by one, several times, take a second.
  const unsettled = new Map(drops.unsettled().map((drop) => [drop.id, drop]));
  const found = await Promise.all(
    inboxes.map(async (inbox) => {
      // The inbox itself tells later what it finds.
      const claims = new Claims({ ...inbox, inbox: inbox.name }, new Events());
      return { inbox, ids: await claims.dropIds() };
    }),
  );
  const giveTo = ({ name: inbox, store }: InboxConfig, dropId: string) => {
    const drop = unsettled.get(dropId);
    if (!drop || (drop.inbox === inbox && drop.store === store)) return;
    drops.rehome(drop, inbox, store);
    unsettled.set(dropId, { ...drop, inbox, store });
  };
  const inWorking = new Set(found.flatMap(({ ids }) => ids.inWorking));
  for (const { inbox, ids } of found) {
    for (const dropId of ids.inWorking) giveTo(inbox, dropId);
    // A name that anybody can give weighs less than a folder of ours.
    for (const dropId of ids.onTheWay) if (!inWorking.has(dropId)) giveTo(inbox, dropId);
  }
  const byName = new Map(inboxes.map((inbox) => [inbox.name, inbox]));
  const parents = new Map([...unsettled.values()].map((drop) => [drop.waitsAs, drop]));
  for (const drop of unsettled.values()) {
    // One that has no place in `waiting/` yet is made from the file of the drop whose rows they were, and goes with that.
    const parent = drop.nextLookAtMs === null ? parents.get(drop.id) : undefined;
    const own = byName.get((parent ?? drop).inbox);
    const isPlaced = drop.waitingSinceMs !== null && parent === undefined;
    // Where somebody edited it, or took it away, it is its own inbox's.
    const home = isPlaced ? ((await waitingPlaceOf(drop, inboxes)) ?? own) : parent && own;
    if (home) drops.rehome(drop, home.name, home.store);
    if (home || own) continue;
    drops.setAside(drop);
    events.emit('drop.orphaned', factsOf(drop));
  }
  drops.takeBackOf([...byName.keys()]);
}

/** The inbox in whose `waiting/` the very file lies that was read; its own inbox may have had another name then. */
async function waitingPlaceOf(drop: Drop, inboxes: readonly InboxConfig[]): Promise<InboxConfig | undefined> {
  for (const inbox of inboxes) {
    const path = join(inbox.waiting, drop.name);
    const isThere = (await lookAt(path)) !== undefined;
    if (isThere && !(await isOtherThanRead(drop, path))) return inbox;
  }
  return undefined;
}
