import type { Config, StoreConfig } from '../config/config.ts';
import { StoreError } from '../domain/failure.ts';
import { timesIn } from '../domain/waiting.ts';
import type { Events } from '../events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../magento/store.ts';
import { leaveWhoStaysAway } from '../runtime/absence.ts';
import type { Access } from '../runtime/access.ts';
import type { Clock } from '../runtime/clock.ts';
import { intakeSteps } from './intake-steps.ts';
import { orderSteps } from './order-steps.ts';
import { whenWritable } from './when-writable.ts';
import { windowSteps } from './window-steps.ts';

/** What the lane of a store works with; `signal` ends the whole run, `once` is a run that ends by itself. */
interface LaneParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly events: Events;
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly access: Access;
}

/** One store, with the inboxes that feed it. */
type Lane = ReturnType<typeof openLane>;

/**
 * Makes the steps of one store, and of the inboxes that feed it; nothing begins by that. They end when `signal`
 * fires, or `leave`
 * is called.
 */
export function openLane(
  config: Config,
  { name, retry, uncertain, maxRequestsPerSecond }: StoreConfig,
  { store, ledger, clock, events, once, access, ...parts }: LaneParts,
) {
  const { limits, timezone } = config;
  const left = new AbortController();
  const signal = AbortSignal.any([parts.signal, left.signal]);
  const inboxes = config.inboxes.filter((inbox) => inbox.store === name);
  const doubtForMs = Math.max(uncertain.repeatTrackAfterMs, uncertain.repeatShipAfterMs);
  const options = { limits, timezone, once, doubtForMs };
  const files = intakeSteps(inboxes, options, { ledger, clock, events, signal, access });
  const intake = whenWritable(files, ledger, files.endVanished);
  const windows = windowSteps({ ledger, clock, maxRequestsPerSecond, signal });
  return {
    store,
    get isLeft() {
      return left.signal.aborted;
    },
    /** Ends its work, and that of no other lane; what is on the wire may finish. */
    leave: () => left.abort(),
    intake,
    windows,
    orders: orderSteps({
      store,
      ledger,
      clock,
      events,
      signal,
      patience: { ...uncertain, attempts: retry.attempts },
      policies: new Map(inboxes.map((inbox) => [inbox.name, inbox])),
      times: timesIn(timezone),
      pauses: retry,
      aside: windows.aside,
      isTakenAway: intake.isTakenAway,
    }),
  };
}

type LeaveParts = Pick<LaneParts, 'clock' | 'events' | 'signal'>;

/**
 * For a run that ends by itself: asks each store, and leaves those lanes whose store cannot be used now, or stays away
 * later on, so that the others are served all the same; until disposed of.
 * @throws StoreError of the first, where no store can be used; StoppedError when the signal fires.
 */
export async function leaveUnusable(lanes: readonly Lane[], parts: LeaveParts): Promise<Disposable> {
  const { clock, events, signal } = parts;
  const leave = (lane: Lane, message: string) => {
    if (lane.isLeft) return;
    lane.leave();
    events.emit('store.left-out', { store: lane.store.name, message });
  };
  const troubles = await Promise.all(lanes.map(({ store }) => store.probe(signal).catch(onlyStoreError)));
  const [first] = troubles;
  if (first && troubles.every((trouble) => trouble)) throw first;
  for (const [at, lane] of lanes.entries()) {
    const trouble = troubles[at];
    if (trouble) leave(lane, `${trouble.message}; ${trouble.hint}`);
  }
  return leaveWhoStaysAway({ clock, events }, (name, message) => {
    for (const lane of lanes) if (lane.store.name === name) leave(lane, message);
  });
}

function onlyStoreError(error: unknown): StoreError {
  if (!(error instanceof StoreError)) throw error;
  return error;
}
