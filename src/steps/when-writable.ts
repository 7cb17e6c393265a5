import type { Drop } from '../domain/drop.ts';
import { DropVanishedError } from '../domain/failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Steps } from '../pipeline.ts';

type FileSteps = Pick<Steps<never, never>, 'leftovers' | 'resume' | 'read' | 'settle'>;

/**
 * Steps that a ledger without room breaks off are done again from their beginning once there is room, as after a
 * restart: each ends right wherever it was broken off. None begins in a process that another one has followed. A drop
 * whose file was taken away is ended by `endVanished`, as at a start.
 */
export function whenWritable<Given extends FileSteps>(
  steps: Given,
  ledger: Ledger,
  endVanished: (drop: Drop) => Promise<void>,
): Given {
  const { drops } = ledger;
  const again = <T>(step: () => Promise<T>): Promise<T> =>
    ledger.whenWritable(() => {
      ledger.lease.check();
      return step();
    });
  async function unlessVanished<T>(drop: Drop, step: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await step;
    } catch (error) {
      if (!(error instanceof DropVanishedError)) throw error;
      await ledger.whenWritable(() => endVanished(drop));
      return otherwise;
    }
  }
  /** What comes after the drop was marked is made up for at the next settling, or start. */
  async function settleOpen(drop: Drop): Promise<Drop | undefined> {
    const { state } = drops.byId(drop.id) ?? { state: 'settled' };
    return state === 'settled' ? undefined : await steps.settle(drop);
  }
  return {
    ...steps,
    leftovers: () => again(() => steps.leftovers()),
    resume: (leftover) => again(() => steps.resume(leftover)),
    // Without a row it has nothing to push, and is settled next.
    read: (drop) =>
      unlessVanished(
        drop,
        again(() => steps.read(drop)),
        { ...drop, state: 'ready' },
      ),
    settle: (drop) =>
      unlessVanished(
        drop,
        again(() => settleOpen(drop)),
        undefined,
      ),
  };
}
