import type { InboxConfig } from '../config/config.ts';
import { type Drop, dropId } from '../domain/drop.ts';
import type { Leftover } from '../intake/claim.ts';
import type { FoundFile } from '../intake/listing.ts';
import { watchInbox } from '../intake/watch.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOtherThanRead } from './reading.ts';

/** How files become drops: what an earlier process left, what is found in the inboxes, and the claim. */
export function claimSteps(
  inboxes: Inboxes,
  { once, onLeftover }: { readonly once: boolean; readonly onLeftover: (drop: Drop) => void },
  { ledger: { drops }, events, clock, signal }: IntakeParts,
): Pick<Steps<FoundFile, never>, 'inboxes' | 'leftovers' | 'watch' | 'claim'> {
  const nameOf = (id: string) => drops.byId(id)?.name;

  function enter(inbox: InboxConfig, id: string, name: string, bytes: number): Drop {
    return drops.begin({
      id,
      inbox: inbox.name,
      store: inbox.store,
      name,
      bytes,
      claimedAtMs: clock.wallMs(),
    });
  }

  /** A drop of the ledger whose file is nowhere: settled just before the end, never claimed, or taken away. */
  function withoutFile(drop: Drop): void {
    if (drop.state === 'settling' && drop.settledAs !== null) {
      drops.markSettled(drop, clock.wallMs());
      return;
    }
    if (drop.state !== 'claimed') {
      events.emit('drop.vanished', { ...factsOf(drop), folder: inboxes.of(drop.inbox).config.working });
    }
    drops.forget(drop);
  }

  return {
    inboxes: inboxes.all().map(({ config }) => config.name),

    async leftovers() {
      const found = new Map<string, Leftover & { config: InboxConfig }>();
      for (const { config, claims } of inboxes.all()) {
        for (const leftover of await claims.leftovers(nameOf)) {
          // Somebody put a file beside a drop that is settled: it is theirs.
          if (drops.byId(leftover.dropId)?.state === 'settled') continue;
          found.set(leftover.dropId, { ...leftover, config });
        }
      }
      for (const drop of drops.unsettled()) {
        if (inboxes.has(drop.inbox) && !found.has(drop.id)) withoutFile(drop);
      }
      const resumed = [...found.values()].map(({ dropId: id, name, path, config }) => {
        const drop = drops.byId(id) ?? enter(config, id, name, 0);
        inboxes.liesAt(drop, path);
        onLeftover(drop);
        return drop;
      });
      const inOrder = resumed.sort((one, other) => one.seq - other.seq);
      for (const drop of inOrder) {
        events.emit('drop.resumed', factsOf(drop));
        if (drop.state === 'ready' && (await isOtherThanRead(drop, inboxes.pathOf(drop))))
          drops.markClaimed(drop);
      }
      return inOrder.map(drops.current);
    },

    watch: (inbox) => watchInbox({ ...inboxes.of(inbox).config, once }, { clock, events }, signal),

    async claim(file) {
      const { config, claims } = inboxes.of(file.inbox);
      const drop = enter(config, dropId(clock.wallMs(), clock.random()), file.name, file.bytes);
      passed('claim.entered');
      let wasTried = false;
      const path = await inboxes.untilPossible(drop, async () => {
        // Cut off half-way it is no longer in the inbox under its own name.
        const left = wasTried ? await claims.leftovers(nameOf) : [];
        wasTried = true;
        return left.find(({ dropId: id }) => id === drop.id)?.path ?? (await claims.claim(file, drop.id));
      });
      if (path === undefined) {
        drops.forget(drop);
        return undefined;
      }
      events.emit('drop.claimed', { ...factsOf(drop), bytes: file.bytes });
      return drop;
    },
  };
}
