import { dropId } from '../domain/drop.ts';
import { mayBeTakenBefore } from '../domain/lease.ts';
import type { FoundFile } from '../intake/listing.ts';
import { watchInbox } from '../intake/watch.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import type { Copies } from './copies.ts';
import { enterDrop, isClaimOver } from './enter-drop.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';

/** How files become drops: what is found in the inboxes, and the claim. */
export function claimSteps(
  inboxes: Inboxes,
  {
    once,
    doubtForMs,
    copies,
  }: {
    readonly once: boolean;
    /** See IntakeOptions. */
    readonly doubtForMs: number;
    readonly copies: Copies;
  },
  { ledger, events, clock, signal }: IntakeParts,
): Pick<Steps<FoundFile, never>, 'inboxes' | 'watch' | 'claim'> {
  const { drops, begunAtMs } = ledger;
  const nameOf = (id: string) => drops.byId(id)?.name;
  const started = { atMs: clock.nowMs(), wallMs: clock.wallMs() };
  const doubtedAtMs = ledger.doubt.sinceMs();

  /** See doubt.ts; what was sent before has landed after a while, and is found. */
  function isInDoubt({ ctimeMs }: FoundFile): boolean {
    const agoMs = clock.nowMs() - started.atMs;
    if (doubtedAtMs === null || agoMs >= doubtForMs) return false;
    if (Math.abs(started.wallMs - doubtedAtMs) >= doubtForMs) return false;
    // Not by the wall clock of this moment: it may have been set right since.
    return mayBeTakenBefore(ctimeMs, doubtedAtMs, started.wallMs + agoMs);
  }

  return {
    inboxes: inboxes.all().map(({ config }) => config.name),

    watch(inbox) {
      const { config, claims } = inboxes.of(inbox);
      const ignoreBeforeMs = config.ignoreOlderThanMs === null ? null : begunAtMs - config.ignoreOlderThanMs;
      const beforeListing = async () => {
        await claims.unclear.lookAgain();
        await inboxes.requireMounts(inbox, config.folder);
      };
      return watchInbox({ ...config, ignoreBeforeMs, once }, { clock, events, beforeListing }, signal);
    },

    async claim(file) {
      const { config, claims } = inboxes.of(file.inbox);
      ledger.lease.check();
      const id = dropId(clock.wallMs(), clock.random(), drops.has);
      const entry = { id, name: file.name, bytes: file.bytes, isDoubtful: isInDoubt(file) };
      const drop = await ledger.whenWritable(() => enterDrop(config, entry, { ledger, clock }));
      passed('claim.entered');
      let wasTried = false;
      const path = await inboxes.untilPossible(drop, async () => {
        // Cut off half-way it is no longer in the inbox under its own name.
        const isOver = (id: string) => isClaimOver(drops.byId(id), config.name);
        const left = wasTried ? await claims.leftovers(nameOf, isOver) : [];
        wasTried = true;
        return left.find(({ dropId: id }) => id === drop.id)?.path ?? (await claims.claim(file, drop.id));
      });
      if (path === undefined) {
        await ledger.whenWritable(() => drops.forget(drop));
        return undefined;
      }
      await inboxes.untilPossible(drop, () => copies.claimed(drop, file));
      events.emit('drop.claimed', { ...factsOf(drop), bytes: file.bytes });
      if (drop.isDoubtful) events.emit('drop.doubtful', factsOf(drop));
      return drop;
    },
  };
}
