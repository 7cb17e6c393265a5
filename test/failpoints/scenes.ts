import { STEPS, type StepName } from '../../src/runtime/step.ts';
import type { Shape } from '../torture/cargo.ts';
import type { Kill } from './killed-at.ts';

/** Numbers for orders with a shipment and without, rows that fail, and a drop that follows. */
const PLAIN: readonly Shape[] = ['mixed', 'one row'];

/** Where `PLAIN` does not come by. */
const OTHERS: Partial<Record<StepName, readonly Shape[]>> = {
  'read.failure-entered': ['unreadable', 'one row'],
};

/** The files that must be dropped for a daemon to pass a step. */
export function shapesOf(step: StepName): readonly Shape[] {
  return OTHERS[step] ?? PLAIN;
}

/** Steps that are passed only where inbox or end lie on another file system than the working folder. */
export const ACROSS_MOUNTS: ReadonlySet<StepName> = new Set([
  'claim.copied',
  'claim.copy-named',
  'place.copied',
]);

/** Later passings that are another place: of the files of one drop, or with work of the same kind done before. */
const AGAIN: readonly Kill[] = [
  { step: 'claim.renamed', nth: 2 },
  { step: 'write.intended', nth: 3 },
  { step: 'write.answered', nth: 4 },
  { step: 'place.copied', nth: 2 },
  { step: 'place.copied', nth: 3 },
  { step: 'place.linked', nth: 2 },
  { step: 'place.linked', nth: 3 },
  { step: 'settle.marked', nth: 2 },
];

/** Passed once in the life of a data folder: a daemon that comes later finds what it needs. */
const FIRST: readonly StepName[] = ['folder.granted'];

/** Passed only where rows wait, in a file that comes and goes by itself: waiting.ts kills at these. */
export const WAITING = STEPS.filter((step) => step.startsWith('wait.'));

/** Passed only with a history: afterlife.ts kills at these. */
export const AFTERLIFE = STEPS.filter((step) => /^(redo|grow|ledger)\./.test(step));

/** Passed only where customers are mailed by calls of their own: mail.ts kills at these. */
export const MAILING = STEPS.filter((step) => step.startsWith('mail.'));

/** Passed where done-files say what is whole: done-files.test.ts kills at these. */
export const WITH_DONE_FILES = [
  'claim.renamed',
  'claim.done-file-removed',
] as const satisfies readonly StepName[];

/** Every step, and some of them once more. */
export const KILLS: readonly Kill[] = [
  ...[...new Set([...FIRST, ...STEPS])]
    .filter(
      (step) => ![...WAITING, ...AFTERLIFE, ...MAILING].includes(step) && step !== 'claim.done-file-removed',
    )
    .map((step) => ({ step, nth: 1 })),
  ...AGAIN,
];

/**
 * Of the steps that every file passes those after which one of the file system, the ledger and the store knows most that
 * the others do not. The others are left to KILLS.
 */
export const MOST_TELLING: readonly Kill[] = (
  [
    'claim.renamed',
    'claim.moved',
    'read.entered',
    'write.intended',
    'write.answered',
    'settle.report-placed',
    'settle.drop-placed',
    'settle.cleared',
  ] as const
).map((step) => ({ step, nth: 1 }));

/** In words. */
export function inWords({ step, nth }: Kill): string {
  return nth === 1 ? step : `${step}, passed for the ${nth}th time`;
}
