import type { StepName } from '../../src/runtime/step.ts';
import type { SiblingName } from '../processes/data-folder.ts';
import type { Shape } from '../torture/cargo.ts';

/** What must lie there for a daemon to pass a step. */
export interface Scene {
  /** Files in the inbox. */
  readonly shapes: readonly Shape[];
  /** Folders on another file system. */
  readonly elsewhere?: readonly SiblingName[];
}

/** Numbers for orders with a shipment and without, rows that fail, and a drop that follows. */
const PLAIN: Scene = { shapes: ['mixed', 'one row'] };
const ACROSS_MOUNTS: Scene = { ...PLAIN, elsewhere: ['working'] };

/** Where `PLAIN` does not come by. */
const OTHERS: Partial<Record<StepName, Scene>> = {
  'claim.copied': ACROSS_MOUNTS,
  'claim.copy-named': ACROSS_MOUNTS,
  'read.failure-entered': { shapes: ['unreadable', 'one row'] },
  'place.copied': ACROSS_MOUNTS,
};

export function sceneOf(step: StepName): Scene {
  return OTHERS[step] ?? PLAIN;
}
