import type { IncomingHttpHeaders } from 'node:http';
import { AdminUsers } from './admin-users.ts';
import {
  type Answer,
  problem,
  type Result,
  render,
  rendererFor,
  storefrontNotFound,
  unacceptablePage,
} from './answer.ts';
import { later } from './later.ts';
import type { PathMatch, Route, Shop } from './routes.ts';
import { DEFAULT_SETTINGS, type SandboxSettings } from './settings.ts';
import { Integrations, type SignedRequest } from './signing.ts';
import { Store } from './store.ts';
import { OrderLocks, Workers } from './traffic.ts';

/** Without the lock a ship call reads, and writes this much later at the earliest. */
const UNLOCKED_GAP_MS = 5;

/** A request as the web server hands it on to PHP. */
export interface WebRequest extends SignedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Magento behind its web server: workers, latency, rights, the lock on an order, and the tables. */
export class Application implements Shop {
  readonly store = new Store();
  readonly integrations = new Integrations();
  readonly admins = new AdminUsers(DEFAULT_SETTINGS);
  readonly #workers = new Workers();
  readonly #locks = new OrderLocks();
  readonly #onCarriedOut: () => void;
  #settings = DEFAULT_SETTINGS;

  /** `onCarriedOut` is told of each request that is over, before its answer goes out. */
  constructor(onCarriedOut: () => void) {
    this.#onCarriedOut = onCarriedOut;
  }

  /** From the next request on. */
  set(settings: SandboxSettings): void {
    this.#settings = settings;
    this.#workers.limit = settings.maxConcurrent ?? Number.POSITIVE_INFINITY;
    this.integrations.bearerAllowed = settings.bearerAllowed;
    this.admins.settings = settings;
    this.store.mailbox.byCron = settings.mailsByCron;
    this.store.mailbox.isEnabled = settings.mailsEnabled;
    this.store.sources = settings.sources;
  }

  /** Carries a request out by a worker, in its time. Whether the client still listens makes no difference. */
  work(request: WebRequest, match: PathMatch, done: (answer: Answer) => void): void {
    this.#workers.admit(() => {
      const finish = (answer: Answer) => {
        this.#workers.release();
        this.#onCarriedOut();
        done(answer);
      };
      if (rendererFor(request.headers.accept) === null) return finish(unacceptablePage(request.host));
      const rendered = (result: Result) =>
        finish(render(result, request.headers.accept) ?? unacceptablePage(request.host));
      if (match.kind === 'storefront') return finish(storefrontNotFound(request.host));
      if (match.kind === 'refused') return rendered(match.refusal);
      const { route } = match;
      const refusal = this.#notAllowed(request, route);
      if (refusal) return rendered(refusal);
      if (route.kind === 'ship') this.#ship(request, route, rendered);
      else later(this.#latencyMs(route), () => rendered(this.#perform(request, route)()));
    });
  }

  #latencyMs(route: Route): number {
    const { readMs, writeMs, jitterMs } = this.#settings;
    return (route.isWrite ? writeMs : readMs) + (jitterMs > 0 ? Math.random() * jitterMs : 0);
  }

  #notAllowed(request: WebRequest, { right }: Route): Result | null {
    if (right === null) return null;
    const { authorization } = request.headers;
    const caller = this.admins.caller(authorization) ?? this.integrations.caller(authorization, request);
    if (caller.kind === 'refused') return caller.refusal;
    if (caller.kind !== 'nobody' && caller.rights.has(right)) return null;
    return problem(401, "The consumer isn't authorized to access %resources.", { resources: right });
  }

  /** Checks now; the effect is in the returned function. */
  #perform(request: WebRequest, route: Route): () => Result {
    const outcome = route.call(this, route.id, {
      query: request.query,
      body: request.body,
      contentType: request.headers['content-type'],
    });
    return typeof outcome === 'function' ? outcome : () => outcome;
  }

  #ship(request: WebRequest, route: Route, done: (result: Result) => void): void {
    const answered = (result: Result) =>
      done(
        result.status === 200 && this.#settings.shipAnswer === 'number'
          ? { ...result, value: Number(result.value) }
          : result,
      );
    if (!this.#settings.orderLock) {
      const save = this.#perform(request, route);
      later(Math.max(this.#latencyMs(route), UNLOCKED_GAP_MS), () => answered(save()));
      return;
    }
    const key = String(Number(route.id));
    this.#locks.lock(key, () => {
      later(this.#latencyMs(route), () => {
        const result = this.#perform(request, route)();
        this.#locks.unlock(key);
        answered(result);
      });
    });
  }
}
