import type { Ledger } from '../ledger/ledger.ts';
import type { Steps } from '../pipeline.ts';

type FileSteps = Pick<Steps<never, never>, 'leftovers' | 'read' | 'settle'>;

/**
 * Steps that a ledger without room breaks off are done again from their beginning once there is room, as after a
 * restart: each ends right wherever it was broken off. None begins in a process that another one has followed.
 */
export function whenWritable<Given extends FileSteps>(steps: Given, ledger: Ledger): Given {
  const again = <T>(step: () => Promise<T>): Promise<T> =>
    ledger.whenWritable(() => {
      ledger.lease.check();
      return step();
    });
  return {
    ...steps,
    leftovers: () => again(() => steps.leftovers()),
    read: (drop) => again(() => steps.read(drop)),
    // What comes after the drop was marked is made up for at the next settling, or start.
    settle: (drop) =>
      again(async () =>
        ledger.drops.current(drop).state === 'settled' ? undefined : await steps.settle(drop),
      ),
  };
}
