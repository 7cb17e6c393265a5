import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import { type Drop, dropId } from '../domain/drop.ts';
import { mayBeTakenBefore } from '../domain/lease.ts';
import type { Leftover } from '../intake/claim.ts';
import { lookAt } from '../intake/file-state.ts';
import type { FoundFile } from '../intake/listing.ts';
import { watchInbox } from '../intake/watch.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import type { Copies } from './copies.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import type { Waiting } from './waiting/waiting.ts';

/** How files become drops: what an earlier process left, what is found in the inboxes, and the claim. */
export function claimSteps(
  inboxes: Inboxes,
  {
    once,
    doubtForMs,
    waiting,
    copies,
    onLeftover,
  }: {
    readonly once: boolean;
    /** See IntakeOptions. */
    readonly doubtForMs: number;
    readonly waiting: Waiting;
    readonly copies: Copies;
    readonly onLeftover: (drop: Drop) => void;
  },
  { ledger, events, clock, signal }: IntakeParts,
): Pick<Steps<FoundFile, never>, 'inboxes' | 'leftovers' | 'watch' | 'claim'> {
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

  function enter(inbox: InboxConfig, id: string, name: string, bytes: number, isDoubtful = false): Drop {
    return drops.begin({
      id,
      inbox: inbox.name,
      store: inbox.store,
      name,
      bytes,
      claimedAtMs: clock.wallMs(),
      isDoubtful,
    });
  }

  /** A file of ours that the ledger does not know: it was lost, or its last commits were, and with them what was sent. */
  function enterUnknown(inbox: InboxConfig, id: string, name: string, bytes = 0): Drop {
    return enter(inbox, id, name, bytes, true);
  }

  /**
   * A drop of the ledger whose file is not in `working/`: settled just before the end, never claimed, or taken away. True
   * where there is an original of it, from which it is read anew.
   */
  async function isFound(drop: Drop): Promise<boolean> {
    const { settledAs, settledIn } = drop;
    if (settledAs !== null && settledIn !== null) {
      if ((await lookAt(join(settledIn, settledAs))) !== undefined) {
        await copies.settled(drop);
        return false;
      }
    } else if (await copies.renew(drop)) {
      drops.markClaimed(drop);
      return true;
    }
    if (drop.state !== 'claimed') {
      events.emit('drop.vanished', { ...factsOf(drop), folder: inboxes.of(drop.inbox).config.working });
    }
    drops.forget(drop);
    return false;
  }

  return {
    inboxes: inboxes.all().map(({ config }) => config.name),

    async leftovers() {
      await inboxes.rememberMounts();
      await waiting.atStart.finishMoves();
      const found = new Map<string, Leftover & { config: InboxConfig }>();
      const unsettled = new Map(drops.unsettled().map((drop) => [drop.id, drop]));
      const known = (id: string) => unsettled.get(id) ?? drops.byId(id);
      for (const { config, claims } of inboxes.all()) {
        const isOver = (id: string) => isClaimOver(known(id), config.name);
        for (const leftover of await claims.leftovers((id) => known(id)?.name, isOver)) {
          // Somebody put a file beside a drop that is settled: it is theirs.
          if (known(leftover.dropId)?.state === 'settled') continue;
          found.set(leftover.dropId, { ...leftover, config });
        }
      }
      await copies.adopt((id) => found.get(id)?.name, enterUnknown);
      const lookedAt: Drop[] = [];
      for (const drop of drops.unsettled()) {
        if (!inboxes.has(drop.inbox) || found.has(drop.id)) continue;
        const what = await waiting.atStart.verdictOn(drop);
        if (what === 'resume') lookedAt.push(drop);
        else if (what === 'forget') drops.forget(drop);
        else if (what === undefined && (await isFound(drop))) lookedAt.push(drop);
      }
      const strangers = await waiting.atStart.claimStrangers((inbox, ...facts) =>
        enterUnknown(inboxes.of(inbox).config, ...facts),
      );
      const resumed = [...found.values()].map(({ dropId: id, name, path, config }) => {
        const drop = known(id) ?? enterUnknown(config, id, name);
        inboxes.liesAt(drop, path);
        onLeftover(drop);
        return drop;
      });
      const inOrder = [...resumed, ...lookedAt, ...strangers].sort((one, other) => one.seq - other.seq);
      for (const drop of inOrder) {
        events.emit('drop.resumed', factsOf(drop));
        if (drop.isDoubtful) events.emit('drop.doubtful', factsOf(drop));
        if (drop.state === 'ready' && (await copies.isOtherThanRead(drop))) drops.markClaimed(drop);
      }
      return inOrder.map(drops.current);
    },

    watch(inbox) {
      const { config } = inboxes.of(inbox);
      const ignoreBeforeMs = config.ignoreOlderThanMs === null ? null : begunAtMs - config.ignoreOlderThanMs;
      const requireThere = () => inboxes.requireMounts(inbox, config.folder);
      return watchInbox({ ...config, ignoreBeforeMs, once }, { clock, events, requireThere }, signal);
    },

    async claim(file) {
      const { config, claims } = inboxes.of(file.inbox);
      ledger.lease.check();
      const id = dropId(clock.wallMs(), clock.random(), drops.has);
      const isDoubtful = isInDoubt(file);
      const drop = await ledger.whenWritable(() => enter(config, id, file.name, file.bytes, isDoubtful));
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

/** Nothing of the drop can be in the inbox any more, under the name of a claim or another. */
function isClaimOver(drop: Drop | undefined, inbox: string): boolean {
  return drop !== undefined && (drop.inbox !== inbox || drop.state === 'settled' || drop.state === 'waiting');
}
