import { sourceOf } from './named-source.ts';
import type { RowOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { placeKey, type Row } from './row.ts';
import { wishesOf } from './wish.ts';
import type { WriteKind } from './write-health.ts';

/** Of which kinds writes of ours have come through, as the ends of rows tell; `rows` are all that they are of. */
export function kindsWritten(
  rows: readonly Row[],
  outcomes: readonly RowOutcome[],
  policy: Policy,
): ReadonlySet<WriteKind> {
  const ends = new Map(outcomes.map((end) => [placeKey(end), end.outcome]));
  const kinds = new Set<WriteKind>();
  for (const wish of wishesOf(rows)) {
    for (const row of wish.rows) {
      const outcome = ends.get(placeKey(row));
      if (outcome === 'shipped') kinds.add(sourceOf(wish, policy));
      else if (outcome === 'tracked' || outcome === 'replaced') kinds.add(null);
    }
  }
  return kinds;
}
