import { StoreError } from '../domain/failure.ts';
import type { RetryVerdict } from '../runtime/retry.ts';
import { orStopped } from '../runtime/stop.ts';
import { parsePage, ShapeError } from './order-parser.ts';
import { PAGE_SIZE, type Search, searchPath } from './search.ts';
import { LOOK_PRIORITY, type Traffic } from './traffic.ts';

/** A question of a look that was not answered. */
export class LookError extends StoreError {
  /** Whether it counts as an attempt: only while the store is well. */
  readonly retry: RetryVerdict;
  /** A smaller question may be answered at once. */
  readonly tooMuch: boolean;

  constructor(message: string, retry: RetryVerdict, tooMuch: boolean) {
    super('look-failed', message);
    this.retry = retry;
    this.tooMuch = tooMuch;
  }
}

/** Everything that a search finds. */
export interface Found {
  /** Oldest first. */
  readonly items: readonly unknown[];
  /** When the first page was asked for, ms of the clock: nothing later is in all of them. */
  readonly sentAtMs: number;
}

/**
 * All pages of a search, as many as `total_count` says. Throws LookError once the store is up again, ShapeError for
 * an answer that is short or does not fit the one before, and StoppedError.
 */
export async function allPages(
  search: Omit<Search, 'page' | 'pageSize'>,
  traffic: Traffic,
  signal: AbortSignal,
): Promise<Found> {
  const { resource } = search;
  const items: unknown[] = [];
  const ids = new Set<unknown>();
  let firstSentAtMs = 0;
  for (let page = 1; ; page += 1) {
    const path = searchPath({ ...search, page, pageSize: PAGE_SIZE });
    const { value, sentAtMs } = await ask(resource, path, traffic, signal);
    if (page === 1) firstSentAtMs = sentAtMs;
    const { items: found, totalCount } = parsePage(value);
    for (const item of found) {
      items.push(item);
      ids.add((item as { readonly entity_id?: unknown } | null)?.entity_id);
    }
    // Past the end 2.3 repeats its last page, later versions give an empty one; both show here.
    if (ids.size !== items.length || items.length > totalCount) {
      throw new ShapeError(`Magento's ${resource} came twice or were more than it had counted`);
    }
    if (items.length === totalCount) return { items, sentAtMs: firstSentAtMs };
    if (found.length < PAGE_SIZE) {
      throw new ShapeError(`Magento counted ${totalCount} ${resource} and gave ${items.length}`);
    }
  }
}

async function ask(
  call: Search['resource'],
  path: string,
  traffic: Traffic,
  signal: AbortSignal,
): Promise<{ readonly value: unknown; readonly sentAtMs: number }> {
  const make = () => ({ method: 'GET', path }) as const;
  const { verdict, sentAtMs, well } = await traffic.send(call, LOOK_PRIORITY, make, signal);
  if (verdict.kind === 'done') return { value: verdict.value, sentAtMs };
  const counts = await orStopped(well, signal);
  throw new LookError(verdict.message, counts ? 'count' : 'free', verdict.tooMuch);
}
