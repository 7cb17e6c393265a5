import { errorCode } from '../intake/file-errors.ts';
import { lookAt } from '../intake/file-state.ts';
import { removeWitness } from '../intake/witness.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../runtime/clock.ts';
import { parseWitness, standingOf } from './witness.ts';
import { HEARD_FOR_MS } from './writers-that-go-on.ts';

/**
 * Lets go of the files that writers may still hold where no inbox feeds their store any more: nobody looks at them, and for
 * their sake the ledger would never forget the drops. An original that was kept goes, unless somebody wrote to it.
 * @param stores those that are fed
 */
export async function leaveUnheard(
  stores: ReadonlySet<string>,
  { ledger: { witnesses }, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<void> {
  for (const drop of witnesses.outside([...stores])) {
    if (Math.abs(clock.wallMs() - drop.settledAtMs) < HEARD_FOR_MS) continue;
    const witness = parseWitness(drop.witness);
    try {
      const { at } = witness;
      if (typeof at === 'string' && standingOf(witness, await lookAt(at)) === 'same') await removeWitness(at);
    } catch (error) {
      // Its folder may not be used any more, as that of an inbox that is gone.
      if (errorCode(error) === undefined) throw error;
    }
    witnesses.keep(drop, null);
  }
}
