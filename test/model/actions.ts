import fc from 'fast-check';
import { STEPS, type StepName } from '../../src/runtime/step.ts';

/** A row of a file, by numbers that the world turns into orders and tracking numbers. */
export interface RowChoice {
  /** Which of the shop's orders; the last one is in no shop. */
  readonly order: number;
  /** Which number of that order; null: the cell is empty. */
  readonly number: number | null;
}

export type FolderChoice = 'processed' | 'failed' | 'working';

/**
 * What people, the store, the machine and the system do. Each is possible at any time: one that finds nothing to act
 * on does nothing, so that any list can be shortened.
 */
export type Action =
  /** A whole file comes by one rename, over one of that name that may lie there still. */
  | { readonly kind: 'drop'; readonly name: number; readonly rows: readonly RowChoice[] }
  /** A file is written under its own name, in two pieces. */
  | {
      readonly kind: 'upload';
      readonly name: number;
      readonly rows: readonly RowChoice[];
      /** Where it is cut, in per cent of its bytes. */
      readonly cut: number;
      readonly pauseMs: number;
    }
  /** The bytes of an earlier file once more. */
  | { readonly kind: 'again'; readonly file: number; readonly name: number }
  | { readonly kind: 'delete'; readonly name: number }
  /** The daemon may not read the file any more. */
  | { readonly kind: 'lock file'; readonly name: number }
  /** The daemon may not write into the folder any more. */
  | { readonly kind: 'lock folder'; readonly folder: FolderChoice }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'fill disk' }
  | { readonly kind: 'free disk' }
  | { readonly kind: 'kill' }
  /** The daemon is killed, and its successor when it passes the step. */
  | { readonly kind: 'kill at'; readonly step: StepName; readonly nth: number }
  /** SIGTERM, and another one. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'store down' }
  | { readonly kind: 'store up' }
  /** The next writes have their effect, and their answers are lost. */
  | { readonly kind: 'lose answers'; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Until the daemon is at work; it may be on its way up. */
  | { readonly kind: 'await daemon' }
  /** Until nothing is left to do, or for a while, where something is in the way. */
  | { readonly kind: 'rest' };

/** Orders in the shop; every other one has a shipment. One number more is an order that the shop does not have. */
export const ORDERS = 6;
/** Numbers that an order may get. Few, so that files say the same. */
const NUMBERS = 3;
/** Names in the inbox. Few, so that they meet. */
export const NAMES = ['a.csv', 'b.csv', 'ü - 1.csv'] as const;

const name = fc.nat({ max: NAMES.length - 1 });
const row: fc.Arbitrary<RowChoice> = fc.record({
  order: fc.nat({ max: ORDERS }),
  number: fc.option(fc.nat({ max: NUMBERS - 1 }), { freq: 6 }),
});
const rows = fc.array(row, { minLength: 1, maxLength: 6 });
const waitMs = fc.integer({ min: 20, max: 300 });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('drop'), name, rows }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('upload'),
      name,
      rows,
      cut: fc.integer({ min: 1, max: 99 }),
      // Shorter than a file must lie still, or long enough to be taken for the whole.
      pauseMs: fc.oneof(fc.nat({ max: 30 }), fc.integer({ min: 200, max: 600 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again'), file: fc.nat({ max: 9 }), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lock file'), name }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lock folder'),
      folder: fc.constantFrom<FolderChoice>('processed', 'failed', 'working'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'unlock' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'fill disk' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'free disk' }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'kill' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('kill at'),
      step: fc.constantFrom(...STEPS),
      nth: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'store down' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'store up' }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lose answers'), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: waitMs }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'await daemon' }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'rest' }) },
);

/** Lists of so many actions at most. */
export function actionLists(maxLength: number): fc.Arbitrary<Action[]> {
  return fc.array(action, { minLength: 1, maxLength, size: 'max' });
}

/** As a person would tell it. */
export function tell(given: Action): string {
  switch (given.kind) {
    case 'drop':
      return `drop ${NAMES[given.name]} with ${given.rows.map(rowInWords).join(', ')}`;
    case 'upload':
      return `upload ${NAMES[given.name]} with ${given.rows.map(rowInWords).join(', ')}, resting ${given.pauseMs} ms after ${given.cut} %`;
    case 'again':
      return `drop the bytes of file ${given.file} again as ${NAMES[given.name]}`;
    case 'delete':
      return `delete ${NAMES[given.name]} from the inbox`;
    case 'lock file':
      return `take away the right to read ${NAMES[given.name]}`;
    case 'lock folder':
      return `take away the right to write into ${given.folder}/`;
    case 'unlock':
      return 'give all rights back';
    case 'kill at':
      return `kill the daemon, and the next one at ${given.step}, passed for the ${given.nth}th time`;
    case 'lose answers':
      return `lose the answers of ${given.count} writes`;
    case 'wait':
      return `wait ${given.ms} ms`;
    case 'kill':
      return 'kill the daemon and start it again';
    case 'restart':
      return 'stop the daemon and start it again';
    case 'await daemon':
      return 'wait until the daemon is at work';
    case 'rest':
      return 'wait until nothing is left to do';
    default:
      return given.kind;
  }
}

function rowInWords({ order, number }: RowChoice): string {
  const where = order === ORDERS ? 'no order' : `order ${order}`;
  return number === null ? `an empty number for ${where}` : `number ${number} for ${where}`;
}
