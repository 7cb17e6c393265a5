import { OUTCOMES, outcomeClass } from '../../domain/outcome.ts';
import { unwrapped } from '../protect.ts';
import { quoted } from '../wording.ts';

/** Why a record of a report is not done again; `words` are the reason, or what is wrong with the cell. */
export interface Settled {
  readonly isBad: boolean;
  readonly words: string;
}

/**
 * What a report of ours says of a record that comes back with it: what was done before must not be done again, and a
 * waiting row has its own drop. Undefined for a record that is to be done.
 */
export function earlierOutcome(cell: string): Settled | undefined {
  const written = unwrapped(cell).toLowerCase();
  if (written === '') return undefined;
  const outcome = OUTCOMES.find((known) => known === written);
  if (outcome === undefined) {
    return {
      isBad: true,
      words: `the column trackdrop_outcome holds ${quoted(written)}, which is no outcome; empty the cell to have the row done`,
    };
  }
  const kind = outcomeClass(outcome);
  if (kind === 'failed') return undefined;
  const words =
    kind === 'open' ? `${outcome}, and looked at again without this file` : `done before: ${outcome}`;
  return { isBad: false, words };
}
