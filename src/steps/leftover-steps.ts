import { join } from 'node:path';
import type { InboxConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
import type { Leftover } from '../intake/claim.ts';
import { lookAt } from '../intake/file-state.ts';
import type { Steps } from '../pipeline.ts';
import type { Copies } from './copies.ts';
import { enterDrop, isClaimOver } from './enter-drop.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOutdated } from './reading.ts';
import type { Waiting } from './waiting/waiting.ts';

/** A file in `working/`, and the inbox that it came through. */
type FoundLeftover = Leftover & { readonly config: InboxConfig };

/** How the drops that an earlier process left are found, and taken up again. */
export function leftoverSteps(
  inboxes: Inboxes,
  {
    waiting,
    copies,
    onLeftover,
    endVanished,
  }: {
    readonly waiting: Waiting;
    readonly copies: Copies;
    /** Told of each whose file lies in `working/`. */
    readonly onLeftover: (drop: Drop) => void;
    /** See `intakeSteps`. */
    readonly endVanished: (drop: Drop) => Promise<void>;
  },
  parts: IntakeParts,
): Pick<Steps<never, never>, 'leftovers' | 'resume'> {
  const { ledger, events, signal } = parts;
  const { drops, takenAway } = ledger;
  /** Ids of leftovers in whose folders nobody has looked yet. */
  const unseen = new Set<string>();

  /** A file of ours that the ledger does not know: it was lost, or its last commits were, and with them what was sent. */
  function enterUnknown(inbox: InboxConfig, id: string, name: string, bytes = 0): Drop {
    return enterDrop(inbox, { id, name, bytes, isDoubtful: true }, parts);
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
    if (takenAway.wasRead(drop)) await endVanished(drop);
    else drops.forget(drop);
    return false;
  }

  /** Of a drop whose file is not in `working/`; one that never came so far is forgotten. */
  async function goesOnWithoutFile(drop: Drop): Promise<boolean> {
    const what = await waiting.atStart.verdictOn(drop);
    if (what === 'forget') drops.forget(drop);
    return what === 'resume' || (what === undefined && (await isFound(drop)));
  }

  /** Looks into the drop's folder in `working/`, in which there may be nothing. */
  async function isSeen(drop: Drop): Promise<boolean> {
    const [leftover] = await inboxes.of(drop.inbox).claims.find([drop.id], () => drop.name);
    if (leftover === undefined) return await isFound(drop);
    if (leftover.name !== drop.name) inboxes.liesAt(drop, leftover.path);
    return true;
  }

  /**
   * Finishes claims that were interrupted, then finds the files of drops in `working/`, by drop id. Drops that can wait are
   * `unseen` from now on.
   */
  async function filesInWorking(
    known: (id: string) => Drop | undefined,
    unsettled: ReadonlyMap<string, Drop>,
  ): Promise<ReadonlyMap<string, FoundLeftover>> {
    const nameOf = (id: string) => known(id)?.name;
    const found = new Map<string, FoundLeftover>();
    unseen.clear();
    for (const { config, claims } of inboxes.all()) {
      const ids = await claims.finish(nameOf, (id) => isClaimOver(known(id), config.name));
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
    return found;
  }

  return {
    async leftovers() {
      await inboxes.rememberMounts();
      await waiting.atStart.finishMoves();
      const unsettled = new Map(drops.unsettled().map((drop) => [drop.id, drop]));
      const known = (id: string) => unsettled.get(id) ?? drops.byId(id);
      const found = await filesInWorking(known, unsettled);
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
        else if (!inboxes.has(drop.inbox) || found.has(drop.id)) continue;
        else if (await goesOnWithoutFile(drop)) resumed.push(drop);
      }
      // Ids tell the order of the claims where the ledger does not know the drops; each place in it is for good.
      const inTurn = [...found.values()].sort((one, other) => (one.dropId < other.dropId ? -1 : 1));
      for (const { dropId: id, name, path, config } of inTurn) {
        const drop = known(id) ?? enterUnknown(config, id, name, (await lookAt(path))?.bytes);
        inboxes.liesAt(drop, path);
        onLeftover(drop);
        resumed.push(drop);
      }
      // Last: of rows that wait nobody knows when they came, and not that they came first.
      const strangers = await waiting.atStart.claimStrangers((inbox, ...facts) =>
        enterUnknown(inboxes.of(inbox).config, ...facts),
      );
      for (const drop of resumed) {
        if (drop.state !== 'ready') continue;
        if (isOutdated(drop) || (await copies.isOtherThanRead(drop))) drops.markClaimed(drop);
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
  };
}

/**
 * Whether a drop's file need not be seen before the work begins: rows of one that was read would hold back those of later
 * drops for ever if it proved to be gone. To look into ten thousand folders takes seconds.
 */
function canWait(drop: Drop | undefined, inbox: string): boolean {
  return drop?.state === 'claimed' && drop.waitingSinceMs === null && drop.inbox === inbox;
}
