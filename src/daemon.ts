import { stat } from 'node:fs/promises';
import type { Config, InboxConfig } from './config/config.ts';
import { StoppedError, UsageError } from './domain/failure.ts';
import type { Events } from './events.ts';
import { isLedgerTrouble, ledgerUnusable } from './ledger/database.ts';
import { readHeartbeat, startHeartbeat } from './ledger/heartbeat.ts';
import { openLedger } from './ledger/ledger.ts';
import { takeWriterLock } from './ledger/lock.ts';
import { openStore } from './magento/store.ts';
import { runPipeline } from './pipeline.ts';
import { openAccess, type ProcessUser } from './runtime/access.ts';
import type { Clock } from './runtime/clock.ts';
import { StoreBoard } from './runtime/store-board.ts';
import { leaveUnusable, openLane } from './steps/lanes.ts';
import { rehome } from './steps/rehome.ts';

export interface DaemonParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly pid: number;
  readonly host: string;
  /** Left out where users have no numbers. */
  readonly user?: ProcessUser | undefined;
  /** Ends when the inboxes are empty and everything is settled. */
  readonly once: boolean;
  /** Fires to stop taking in; what is on the wire may finish. */
  readonly signal: AbortSignal;
  /** Is told of each token that a store gives, so that none gets into a log. */
  readonly keepSecret?: (secret: string) => void;
}

/** How often a daemon that stands by asks whether the active one is gone. */
const ASK_FOR_LOCK_EVERY_MS = 1_000;
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
  const { clock, events, signal, pid, host, once, keepSecret } = parts;
  const access = await openAccess(config.permissions, parts.user);
  await refuseMissingInboxes(config.inboxes);
  await using kept = new AsyncDisposableStack();
  kept.use(await becomeWriter(config.ledger, parts));
  const ledger = kept.use(openLedger(config.ledger));
  await rehome(config.inboxes, { ledger, events });
  await using open = new AsyncDisposableStack();
  const names = config.stores.map(({ name }) => name);
  const board = open.use(new StoreBoard(names, parts));
  const lanes = config.stores.map((storeConfig) => {
    const signInMemory = ledger.refusals.of(storeConfig.name);
    const store = open.use(openStore(storeConfig, { clock, events, keepSecret, signInMemory }));
    return openLane(config, storeConfig, { store, ledger, clock, events, once, signal, access });
  });
  if (once) open.use(await leaveUnusable(lanes, parts));
  const beat = (atMs: number) => {
    const activeDrops = lanes.reduce((sum, { windows }) => sum + windows.activeDrops, 0);
    ledger.beat({ pid, host, atMs, activeDrops, stores: board.standings });
  };
  open.defer(() => ledger.endBeat());
  open.use(startHeartbeat(beat, clock, (error) => events.emit('bug', { where: 'the heartbeat', error })));
  events.emit('daemon.active', { pid });

  const ended = Promise.all(
    lanes
      .filter(({ isLeft }) => !isLeft)
      .flatMap(({ store, intake, windows, orders }) => [
        runPipeline({ ...intake, ...windows, ...orders }),
        once ? undefined : quietWhenStopped(store.greet(signal)),
      ]),
  );
  try {
    const isOver = await endsInTime(ended, config.stopWithinMs - CLOSING_TAKES_MS, parts);
    const openRequests = lanes.reduce((sum, { store }) => sum + store.onTheWire, 0);
    const openDrops = ledger.drops.unsettled().length;
    if (!isOver) {
      await open.disposeAsync();
      // Something goes on, such as a move on a mount that does not answer: were the ledger let go, the next daemon
      // would work on the same files at the same time. The end of the process lets go of it.
      if (!(await endsInTime(ended, CUT_WITHIN_MS, parts))) kept.move();
    }
    const isAnyLeft = lanes.some(({ isLeft }) => isLeft);
    if (signal.aborted || isAnyLeft) events.emit('daemon.stopped', { openDrops, openRequests });
  } catch (error) {
    failed.abort();
    throw isLedgerTrouble(error) ? ledgerUnusable(config.ledger, error) : error;
  }
}

/** Waits until no other daemon holds the ledger. */
async function becomeWriter(
  ledgerFile: string,
  { clock, events, signal, once }: DaemonParts,
): Promise<Disposable> {
  for (let asked = 0; ; asked += 1) {
    const lock = takeWriterLock(ledgerFile);
    if (lock) return lock;
    const beat = readHeartbeat(ledgerFile);
    const holder = beat ? `process ${beat.pid} on ${beat.host}` : 'another process';
    if (once) {
      throw new UsageError('another-daemon', `${holder} is working on this data folder`, {
        facts: { ledger: ledgerFile },
        hint: 'Drop the files into the inbox: the daemon that is active takes them.',
      });
    }
    if (asked === 0) events.emit('daemon.standby', { holder });
    await clock.sleep(ASK_FOR_LOCK_EVERY_MS, signal);
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
