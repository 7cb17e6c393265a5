import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Config, InboxConfig } from './config/config.ts';
import { StoppedError, UsageError } from './domain/failure.ts';
import { LeaseLostError } from './domain/lease.ts';
import type { Events } from './events.ts';
import { becomeWriter } from './ledger/become-writer.ts';
import { isLedgerTrouble, isOurFault, ledgerUnusable } from './ledger/database.ts';
import { startHeartbeat } from './ledger/heartbeat.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Room } from './ledger/room.ts';
import { openStore } from './magento/store.ts';
import { runPipeline } from './pipeline.ts';
import { type Access, openAccess, type ProcessUser } from './runtime/access.ts';
import type { Clock } from './runtime/clock.ts';
import { StoreBoard } from './runtime/store-board.ts';
import { isFirstStart } from './steps/first-start.ts';
import { keepHouse, lookOverHouse, tidyUp } from './steps/keep-house.ts';
import { leaveUnusable, openLane } from './steps/lanes.ts';
import { NoticeBoard } from './steps/notice-board.ts';
import { rehome } from './steps/rehome.ts';
import { tellOpening } from './steps/tell-opening.ts';
import { leaveUnheard } from './steps/unheard-writers.ts';

/** What a daemon has around it, besides its configuration; `signal` and `once` say when it ends. */
export interface DaemonParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly pid: number;
  readonly host: string;
  /** See Holder. */
  readonly boot: string;
  /** Left out where users have no numbers. */
  readonly user?: ProcessUser | undefined;
  /** Ends when the inboxes are empty and everything is settled. */
  readonly once: boolean;
  /** Fires to stop taking in; what is on the wire may finish. */
  readonly signal: AbortSignal;
  /** Is told of each token that a store gives, so that none gets into a log. */
  readonly keepSecret?: (secret: string) => void;
}

/** Kept of `stopWithin` for closing what is open. */
const CLOSING_TAKES_MS = 500;
/** Of that, for what was cut on the wire to hear of it. */
const CUT_WITHIN_MS = 200;

/**
 * Builds every part from the configuration, runs the data path until it ends or is stopped, and takes
 * everything down again, last in, first out. A ledger that cannot be written ends it too: what stands in
 * `working/` is taken up at the next start. After the signal, what is on the wire has `stopWithin` to finish; then
 * it is cut, and its intents stay open. Where something hangs even so it keeps lock and ledger: the process must end then.
 * With `once` a store that cannot be used, or stays away for a minute, is left out, and the others are served.
 * @throws UsageError when an inbox is missing, or files may not be given to `permissions.group`, or with `once` when another daemon is active; StoreError with
 * `once` when no store can be used; TrackdropError `ledger-unusable`; StoppedError when stopped while it stood by.
 */
export async function runDaemon(config: Config, given: DaemonParts): Promise<void> {
  // What fails in one lane must end the others too: a watch that goes on keeps the process alive for ever.
  const failed = new AbortController();
  const parts = { ...given, signal: AbortSignal.any([given.signal, failed.signal]) };
  const { clock, events, signal, pid, host, boot, once } = parts;
  const access = await openAccess(config.permissions, parts.user);
  await refuseMissingInboxes(config.inboxes);
  await using kept = new AsyncDisposableStack();
  const file = config.ledger;
  const room = new Room(file, {
    clock,
    signal,
    once,
    onUnwritable: (cause, message) => events.emit('ledger.unwritable', { file, cause, message }),
    onWritable: () => events.emit('ledger.writable-again', { file }),
  });
  const own = { pid, host, boot, instance: randomUUID() };
  const onStandby = (holder: string) => events.emit('daemon.standby', { holder });
  const told = tellOpening(config, events);
  const owned = kept.use(await becomeWriter(file, { own, clock, room, signal, once, onStandby, told }));
  try {
    const { ledger } = owned;
    kept.defer(() => ledger.endBeat());
    // Something goes on, such as a move on a mount that does not answer: were the ledger let go, or the beat ended, the next daemon
    // would work on the same files at the same time. The end of the process lets go of it.
    const hasEnded = await work(config, { ...parts, ledger, access, onFailure: () => failed.abort() });
    if (!hasEnded) kept.move();
  } catch (error) {
    owned.failed(error);
    if (error instanceof LeaseLostError) events.emit('lease.lost', { file, message: error.message });
    throw isLedgerTrouble(error) && !isOurFault(error) ? ledgerUnusable(file, error) : error;
  }
}

interface WorkParts extends DaemonParts {
  readonly ledger: Ledger;
  readonly access: Access;
  /** Is called before anything is taken down. */
  readonly onFailure: () => void;
}

/** With the ledger in hand. False where something of it goes on though it was asked to stop. */
async function work(config: Config, parts: WorkParts): Promise<boolean> {
  const { ledger, access, clock, events, signal, pid, once, keepSecret, onFailure } = parts;
  await using open = new AsyncDisposableStack();
  open.use(new NoticeBoard({ ledger, events, clock, timezone: config.timezone }));
  const isFirst = ledger.brought.isNew && (await isFirstStart(config));
  if (isFirst) await ledger.whenWritable(() => ledger.doubt.clear());
  await ledger.whenWritable(() => rehome(config.inboxes, { ledger, events }));
  const fed = new Set(config.inboxes.map(({ store }) => store));
  await ledger.whenWritable(() => leaveUnheard(fed, { ledger, clock }));
  const names = config.stores.map(({ name }) => name);
  const board = open.use(new StoreBoard(names, parts));
  const lanes = config.stores.map((storeConfig) => {
    const signInMemory = ledger.refusals.of(storeConfig.name);
    const store = open.use(openStore(storeConfig, { clock, events, keepSecret, signInMemory }));
    return openLane(config, storeConfig, { store, ledger, clock, events, once, signal, access });
  });
  const beat = () => {
    const activeDrops = lanes.reduce((sum, { windows }) => sum + windows.activeDrops, 0);
    return ledger.together(() => ledger.lease.beat({ activeDrops, stores: board.standings }));
  };
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const onBeatFailure = (error: unknown) => {
    if (error instanceof LeaseLostError) lost.reject(error);
    else events.emit('bug', { where: 'the heartbeat', error });
  };
  open.use(startHeartbeat(beat, clock, onBeatFailure));
  // It takes as long as the slowest store, for longer than the lease.
  if (once) open.use(await Promise.race([leaveUnusable(lanes, parts), lost.promise]));
  events.emit('daemon.active', { pid });

  const house = await lookOverHouse(config, { ledger, clock, events, signal });
  const worked = Promise.all([
    ...lanes
      .filter(({ isLeft }) => !isLeft)
      .flatMap(({ store, intake, windows, orders }) => [
        runPipeline({ ...intake, ...windows, ...orders }),
        once ? undefined : quietWhenStopped(store.greet(signal)),
        once ? undefined : quietWhenStopped(intake.hearWriters()),
        once ? undefined : quietWhenStopped(intake.watchWaiting()),
      ]),
    once ? undefined : keepHouse(config, house),
  ]);
  const ended = Promise.race([worked, lost.promise]);
  try {
    const isOver = await endsInTime(ended, config.stopWithinMs - CLOSING_TAKES_MS, parts);
    if (isOver && once) await tidyUp(config, house);
    const openRequests = lanes.reduce((sum, { store }) => sum + store.onTheWire, 0);
    const openDrops = ledger.drops.unsettled().filter(({ state }) => state !== 'waiting').length;
    let hasEnded = true;
    if (!isOver) {
      await open.disposeAsync();
      hasEnded = await endsInTime(ended, CUT_WITHIN_MS, parts);
    }
    const isAnyLeft = lanes.some(({ isLeft }) => isLeft);
    if (signal.aborted || isAnyLeft) events.emit('daemon.stopped', { openDrops, openRequests });
    return hasEnded;
  } catch (error) {
    onFailure();
    throw error;
  }
}

/** False where the signal fired and the work did not end within `graceMs` from then. */
async function endsInTime(
  ended: Promise<unknown>,
  graceMs: number,
  { clock, signal }: DaemonParts,
): Promise<boolean> {
  const isOver = new AbortController();
  const outOfTime = Promise.withResolvers<false>();
  const startGrace = () =>
    clock.sleep(graceMs, isOver.signal).then(
      () => outOfTime.resolve(false),
      () => {},
    );
  if (signal.aborted) startGrace();
  else signal.addEventListener('abort', startGrace, { once: true });
  try {
    return await Promise.race([ended.then(() => true), outOfTime.promise]);
  } finally {
    isOver.abort();
    signal.removeEventListener('abort', startGrace);
  }
}

async function quietWhenStopped(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof StoppedError)) throw error;
  });
}

async function refuseMissingInboxes(inboxes: readonly InboxConfig[]): Promise<void> {
  for (const { name, folder } of inboxes) {
    const isFolder = await stat(folder)
      .then((stats) => stats.isDirectory())
      .catch(() => false);
    if (isFolder) continue;
    throw new UsageError('no-inbox', `the inbox ${name} is not there: ${folder}`, {
      facts: { inbox: name, folder },
      hint: 'Make the folder, or mount it: it is never made here, since a forgotten mount would look healthy.',
    });
  }
}
