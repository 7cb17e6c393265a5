import { EventEmitter } from 'node:events';
import type { DaemonEvents } from './events/daemon-events.ts';
import type { DropEvents } from './events/drop-events.ts';
import type { FileEvents } from './events/file-events.ts';
import type { LedgerEvents } from './events/ledger-events.ts';
import type { StoreEvents } from './events/store-events.ts';
import type { WriteEvents } from './events/write-events.ts';

/**
 * Everything that happens, as one typed map. Logs, progress, metrics and tests subscribe; nobody else needs to
 * be told. Values are plain and never hold a secret.
 */
export interface EventMap
  extends DaemonEvents,
    LedgerEvents,
    FileEvents,
    DropEvents,
    WriteEvents,
    StoreEvents {
  /** An error that nobody expects: a bug in Trackdrop. */
  bug: { readonly where: string; readonly error: unknown };
}

/** What an event is called: its family, a dot, and what happened. */
export type EventName = keyof EventMap;

/** Typed publish and subscribe over Node's emitter; listeners run synchronously, in the order of subscribing. */
export class Events {
  readonly #emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(0);

  emit<Name extends EventName>(name: Name, facts: EventMap[Name]): void {
    this.#emitter.emit(name, facts);
    this.#emitter.emit(EVERY, name, facts);
  }

  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (facts: EventMap[Name]) => void): () => void {
    this.#emitter.on(name, listener);
    return () => this.#emitter.off(name, listener);
  }

  /** Subscribes to everything. */
  onAny(listener: <Name extends EventName>(name: Name, facts: EventMap[Name]) => void): () => void {
    this.#emitter.on(EVERY, listener);
    return () => this.#emitter.off(EVERY, listener);
  }

  /** Resolves with the first matching event from now on; rejects when the signal fires first. */
  async next<Name extends EventName>(
    name: Name,
    matches: (facts: EventMap[Name]) => boolean = () => true,
    signal?: AbortSignal,
  ): Promise<EventMap[Name]> {
    const { promise, resolve, reject } = Promise.withResolvers<EventMap[Name]>();
    const off = this.on(name, (facts) => {
      if (matches(facts)) resolve(facts);
    });
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      off();
      signal?.removeEventListener('abort', abort);
    }
  }
}

const EVERY = Symbol('every event');
