import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import { type Drop, dropId } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
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
import { endTakenAway } from './taken-away.ts';
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
): Pick<Steps<FoundFile, never>, 'inboxes' | 'leftovers' | 'resume' | 'watch' | 'claim'> {
  const { drops, takenAway, begunAtMs } = ledger;
  const nameOf = (id: string) => drops.byId(id)?.name;
  /** Ids of leftovers in whose folders nobody has looked yet. */
  const unseen = new Set<string>();
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
    if (takenAway.wasRead(drop)) {
      const { working } = inboxes.of(drop.inbox).config;
      await endTakenAway(drop, working, { ledger, events, clock });
    } else drops.forget(drop);
    return false;
  }

  /** Looks into the drop's folder in `working/`, in which there may be nothing. */
  async function isSeen(drop: Drop): Promise<boolean> {
    const [leftover] = await inboxes.of(drop.inbox).claims.find([drop.id], () => drop.name);
    if (leftover === undefined) return await isFound(drop);
    if (leftover.name !== drop.name) inboxes.liesAt(drop, leftover.path);
    return true;
  }

  return {
    inboxes: inboxes.all().map(({ config }) => config.name),

    async leftovers() {
      await inboxes.rememberMounts();
      await waiting.atStart.finishMoves();
      const unsettled = new Map(drops.unsettled().map((drop) => [drop.id, drop]));
      const known = (id: string) => unsettled.get(id) ?? drops.byId(id);
      const nameOf = (id: string) => known(id)?.name;
      const found = new Map<string, Leftover & { config: InboxConfig }>();
      unseen.clear();
      for (const { config, claims } of inboxes.all()) {
        const isOver = (id: string) => isClaimOver(known(id), config.name);
        const ids = await claims.finish(nameOf, isOver);
        for (const id of ids) if (canWait(unsettled.get(id), config.name)) unseen.add(id);
        const first = ids.filter((id) => !unseen.has(id));
        for (const leftover of await claims.find(first, nameOf)) {
          const drop = known(leftover.dropId);
          // Taken away before, and put back.
          if (drop?.name === leftover.name && takenAway.isEnded(drop)) takenAway.reopen(drop);
          // Somebody put a file beside a drop that is settled: it is theirs.
          else if (drop?.state === 'settled') continue;
          found.set(leftover.dropId, { ...leftover, config });
        }
      }
      await copies.adopt(
        (id) => found.get(id)?.name ?? unsettled.get(id)?.name,
        (...facts) => {
          const drop = enterUnknown(...facts);
          unsettled.set(drop.id, drop);
          return drop;
        },
      );
      const resumed: Drop[] = [];
      for (const drop of unsettled.values()) {
        if (unseen.has(drop.id)) resumed.push(drop);
        if (!inboxes.has(drop.inbox) || found.has(drop.id) || unseen.has(drop.id)) continue;
        const what = await waiting.atStart.verdictOn(drop);
        if (what === 'resume') resumed.push(drop);
        else if (what === 'forget') drops.forget(drop);
        else if (what === undefined && (await isFound(drop))) resumed.push(drop);
      }
      const strangers = await waiting.atStart.claimStrangers((inbox, ...facts) =>
        enterUnknown(inboxes.of(inbox).config, ...facts),
      );
      for (const { dropId: id, name, path, config } of found.values()) {
        const drop = known(id) ?? enterUnknown(config, id, name, (await lookAt(path))?.bytes);
        inboxes.liesAt(drop, path);
        onLeftover(drop);
        resumed.push(drop);
      }
      for (const drop of resumed) {
        if (drop.state === 'ready' && (await copies.isOtherThanRead(drop))) drops.markClaimed(drop);
      }
      return [...resumed, ...strangers].sort((one, other) => one.seq - other.seq);
    },

    async resume(leftover) {
      if (signal.aborted) throw new StoppedError();
      if (unseen.has(leftover.id)) {
        const isThere = await inboxes.untilPossible(leftover, () => isSeen(leftover));
        unseen.delete(leftover.id);
        if (!isThere) return undefined;
      }
      events.emit('drop.resumed', factsOf(leftover));
      if (leftover.isDoubtful) events.emit('drop.doubtful', factsOf(leftover));
      return drops.current(leftover);
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

/**
 * Whether a drop's file need not be seen before the work begins: rows of one that was read would hold back those of later
 * drops for ever if it proved to be gone. To look into ten thousand folders takes seconds.
 */
function canWait(drop: Drop | undefined, inbox: string): boolean {
  return drop?.state === 'claimed' && drop.waitingSinceMs === null && drop.inbox === inbox;
}
