import { trackingKey } from './row.ts';
import type { Write } from './write.ts';

/** Writes by the keys of the numbers that they are about, each in the given order; see `trackingKey`. */
export function writesByNumber(writes: readonly Write[]): ReadonlyMap<string, readonly Write[]> {
  const byKey = new Map<string, Write[]>();
  for (const write of writes) {
    for (const key of new Set(write.trackingNumbers.map(trackingKey))) {
      const known = byKey.get(key);
      if (known) known.push(write);
      else byKey.set(key, [write]);
    }
  }
  return byKey;
}
