import type { Drop } from '../domain/drop.ts';
import type { DropFacts } from '../events/drop-events.ts';

/** The facts by which events name a drop. */
export function factsOf({ id, inbox, name }: Drop): DropFacts {
  return { drop: id, inbox, name };
}
