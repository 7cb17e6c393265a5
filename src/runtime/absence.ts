import type { Events } from '../events.ts';
import type { Clock } from './clock.ts';

/** A run that ends by itself does not wait longer than this for a store that went away while it worked. */
const WAITS_FOR_STORE_MS = 60_000;

/**
 * Calls `leave` with a store, and why, that has been away for a minute, or misses a right for so long, or refuses the
 * credentials; until disposed of.
 */
export function leaveWhoStaysAway(
  { events, clock }: { readonly events: Events; readonly clock: Clock },
  leave: (store: string, message: string) => void,
): Disposable {
  const waits = new Map<string, AbortController>();
  const back = (what: string) => waits.get(what)?.abort();
  const gone = (what: string, store: string, message: string) => {
    back(what);
    const wait = new AbortController();
    waits.set(what, wait);
    const isOver = () => leave(store, `for a minute now: ${message}`);
    // Rejected when it is back in time.
    clock.sleep(WAITS_FOR_STORE_MS, wait.signal).then(isOver, () => {});
  };
  const offs = [
    events.on('store.down', ({ store, message }) => gone(store, store, message)),
    events.on('store.up', ({ store }) => back(store)),
    events.on('store.right-missing', ({ store, right, message }) =>
      gone(`${store} ${right}`, store, `${right} is missing: ${message}`),
    ),
    events.on('store.right-granted', ({ store, right }) => back(`${store} ${right}`)),
    events.on('store.sign-in-refused', ({ store, message }) => leave(store, message)),
  ];
  return {
    [Symbol.dispose]() {
      for (const off of offs) off();
      for (const what of waits.keys()) back(what);
    },
  };
}
