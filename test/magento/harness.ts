import type { AddTrack, WriteAnswer } from '../../src/domain/write.ts';
import { type EventMap, type EventName, Events } from '../../src/events.ts';
import { openStore, type Store, type StoreOptions } from '../../src/magento/store.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

export const never = new AbortController().signal;

/** A sandbox, and a store that speaks to it with short delays. */
export interface Shop extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly events: Events;
  /** Every event of that name so far. */
  seen<Name extends EventName>(name: Name): EventMap[Name][];
  /** Ids that `intend` gave away, in the order of sending. */
  readonly intents: string[];
  track(
    order: { orderId: number; shipmentIds: readonly number[] },
    trackingNumber: string,
  ): Promise<WriteAnswer>;
}

/** How a client reaches a sandbox, with a short time for each answer. */
export function reaching({ url, bearer }: Sandbox) {
  return {
    url,
    storeCode: 'all',
    auth: { kind: 'bearer', token: bearer },
    readOnly: false,
    workers: 5,
    maxRequestsPerSecond: null,
    tlsCa: null,
    timeoutMs: 5_000,
  } as const;
}

export async function openShop(
  options: Partial<StoreOptions> = {},
  sandboxOptions: SandboxOptions = {},
  clock: Clock = systemClock,
): Promise<Shop> {
  const sandbox = await startSandbox(sandboxOptions);
  const events = new Events();
  const log: [EventName, unknown][] = [];
  events.onAny((name, facts) => log.push([name, facts]));
  const store = openStore(
    {
      name: 'test',
      ...reaching(sandbox),
      retry: { attempts: 4, firstDelayMs: 20, maxDelayMs: 100 },
      ...options,
    },
    { clock, events },
  );
  const intents: string[] = [];
  return {
    sandbox,
    store,
    events,
    intents,
    seen: <Name extends EventName>(wanted: Name) =>
      log.filter(([name]) => name === wanted).map(([, facts]) => facts as EventMap[Name]),
    track(order, trackingNumber) {
      return store.write(addTrack(order, trackingNumber), () => intend(intents), never);
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

export function intend(intents: string[]): string {
  const id = `w${intents.length + 1}`;
  intents.push(id);
  return id;
}

export function addTrack(
  order: { orderId: number; shipmentIds: readonly number[] },
  trackingNumber: string,
): AddTrack {
  const [shipmentId = 0] = order.shipmentIds;
  return {
    kind: 'track',
    orderId: order.orderId,
    shipmentId,
    trackingNumber,
    carrierCode: 'dhl',
    title: 'DHL',
  };
}
