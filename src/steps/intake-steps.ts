import type { InboxConfig, LimitsConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
import type { FoundFile } from '../intake/listing.ts';
import type { Steps } from '../pipeline.ts';
import { claimSteps } from './claim-steps.ts';
import { Copies } from './copies.ts';
import { Inboxes, type IntakeParts } from './inboxes.ts';
import { leftoverSteps } from './leftover-steps.ts';
import { readStep } from './read-step.ts';
import { Returning } from './returning.ts';
import { settleStep } from './settle-step.ts';
import { endTakenAway } from './taken-away.ts';
import { Waiting } from './waiting/waiting.ts';
import { WritersThatGoOn } from './writers-that-go-on.ts';

/** How files are read and put away, for all inboxes of a store. */
export interface IntakeOptions {
  readonly limits: LimitsConfig;
  readonly timezone: string;
  readonly once: boolean;
  /** After this time a write that nobody knows of has landed in the store, or never will. */
  readonly doubtForMs: number;
}

/** The steps that have to do with files, for the inboxes of one store. */
export function intakeSteps(
  configs: readonly InboxConfig[],
  { limits, timezone, once, doubtForMs }: IntakeOptions,
  parts: IntakeParts,
): Pick<
  Steps<FoundFile, never>,
  'inboxes' | 'leftovers' | 'resume' | 'watch' | 'returning' | 'claim' | 'read' | 'settle'
> & {
  /** See Waiting. */
  isTakenAway(drop: Drop): Promise<boolean>;
  /** Ends a drop whose file somebody took away, wherever it lay. Cut off anywhere it is to be done again. */
  endVanished(drop: Drop): Promise<void>;
  /** See `WritersThatGoOn.watch`; begins once leftovers are known. @throws StoppedError */
  hearWriters(): Promise<void>;
  /** See `WaitingRounds.watch`; begins once leftovers are known. */
  watchWaiting(): Promise<void>;
} {
  const inboxes = new Inboxes(configs, once, parts);
  const copies = new Copies(inboxes, parts);
  const waiting = new Waiting(inboxes, parts, {
    onDue: () => returning.wake(),
    onStranger: (drop) => returning.add(drop),
    onEnded: () => moveRedone(),
  });
  const returning = new Returning(waiting.looks, parts.clock);
  const requireThere = (drop: Drop) => waiting.requireThere(drop);
  const { read } = readStep(inboxes, copies, { limits, requireThere }, parts);
  const { settle, keepNames, moveRedone } = settleStep(inboxes, timezone, waiting, copies, parts);
  const endVanished = async (drop: Drop): Promise<void> => {
    const { state } = parts.ledger.drops.byId(drop.id) ?? { state: 'settled' };
    if (state !== 'settled' && drop.waitingSinceMs !== null) await waiting.endTaken(drop);
    else if (state !== 'settled') await endTakenAway(drop, inboxes.of(drop.inbox).config, parts);
    await moveRedone();
  };
  if (once) returning.close();
  const grown: Drop[] = [];
  const onGrown = (drop: Drop) => (once ? void grown.push(drop) : returning.add(drop));
  const writers = new WritersThatGoOn(inboxes, copies, parts, onGrown);
  // Not before a try succeeds: one that found no room in the ledger is done again, and both would see to the same files.
  const begun = Promise.withResolvers<void>();
  begun.promise.catch(() => {});
  parts.signal.addEventListener('abort', () => begun.reject(new StoppedError()), { once: true });
  const claiming = claimSteps(inboxes, { once, doubtForMs, copies }, parts);
  const resuming = leftoverSteps(inboxes, { waiting, copies, onLeftover: keepNames, endVanished }, parts);
  return {
    returning: () => returning.drops(parts.signal),
    ...claiming,
    async leftovers() {
      const leftovers = await resuming.leftovers();
      await moveRedone({ isFirst: true });
      if (once) await writers.lookOnce();
      begun.resolve();
      return [...leftovers, ...grown];
    },
    // One that its writer went on with was not interrupted.
    resume: async (drop) => (grown.includes(drop) ? drop : await resuming.resume(drop)),
    async hearWriters() {
      await begun.promise;
      await writers.watch();
    },
    async watchWaiting() {
      await begun.promise;
      await waiting.rounds.watch();
    },
    read: (drop) => waiting.unlessTaken(drop, read(drop)),
    settle,
    isTakenAway: (drop) => waiting.isTakenAway(drop),
    endVanished,
  };
}
