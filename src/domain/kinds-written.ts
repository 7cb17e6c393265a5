import { sourceOf } from './named-source.ts';
import type { RowOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Row } from './row.ts';
import { wishesOf } from './wish.ts';
import type { WriteKind } from './write-health.ts';

/** Of which kinds writes of ours have come through, as the ends of rows tell; `rows` are all that they are of. */
export function kindsWritten(
  rows: readonly Row[],
  outcomes: readonly RowOutcome[],
  policy: Policy,
): ReadonlySet<WriteKind> {
  const kinds = new Set<WriteKind>();
  for (const wish of wishesOf(rows)) {
    const ends = outcomes.filter(({ line, part }) =>
      wish.rows.some((row) => row.line === line && row.part === part),
    );
    for (const { outcome } of ends) {
      if (outcome === 'shipped') kinds.add(sourceOf(wish, policy));
      else if (outcome === 'tracked' || outcome === 'replaced') kinds.add(null);
    }
  }
  return kinds;
}
