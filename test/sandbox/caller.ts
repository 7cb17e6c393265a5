import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { SeededOrder } from '../../src/sandbox/seed.ts';

/** An answer of the shop, read whole. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Calls the shop's web API with all rights; rejects when the connection is refused or cut. */
export async function call(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Called> {
  const response = await fetch(`${sandbox.url}/rest/V1/${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export function addTrack(sandbox: Sandbox, order: SeededOrder, number: string, signal?: AbortSignal) {
  const entity = {
    order_id: order.orderId,
    parent_id: order.shipmentIds[0],
    track_number: number,
    title: 'DHL',
    carrier_code: 'dhl',
  };
  return call(sandbox, 'POST', 'shipment/track', { entity }, signal);
}

export function ship(sandbox: Sandbox, order: SeededOrder, body: unknown = {}) {
  return call(sandbox, 'POST', `order/${order.orderId}/ship`, body);
}

/** A search with one filter; `more` is appended to the query. */
export async function search(
  sandbox: Sandbox,
  table: 'orders' | 'shipments',
  [field, condition, value]: readonly [string, string, string],
  more: Readonly<Record<string, string>> = {},
): Promise<{ items: Record<string, unknown>[] | null; total_count: number }> {
  const filter = 'searchCriteria[filterGroups][0][filters][0]';
  const query = new URLSearchParams({
    [`${filter}[field]`]: field,
    [`${filter}[conditionType]`]: condition,
    [`${filter}[value]`]: value,
    ...more,
  });
  const { text } = await call(sandbox, 'GET', `${table}?${query}`);
  return JSON.parse(text);
}

/** The tracking numbers that stand on the shop's shipments. */
export function standing(sandbox: Sandbox): string[] {
  return sandbox.tracks().map((track) => track.trackNumber);
}

/** Far beyond what anything takes in a test, whatever else the machine does. */
const COMES_WITHIN_MS = 20_000;

/** Waits until it is so; for effects that come after the answer, or without one. Rejects when they do not come in time. */
export async function until(
  sandbox: Sandbox,
  condition: () => boolean,
  withinMs = COMES_WITHIN_MS,
): Promise<void> {
  const signal = AbortSignal.timeout(withinMs);
  while (!condition()) await sandbox.nextChange(signal);
}
