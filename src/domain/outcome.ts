/** What became of a row. A closed list: people and other programs rely on the names. */
export type Outcome = keyof typeof OUTCOME_CLASS;

/** `done` needs nobody, `open` heals by itself, `failed` needs a person. */
export type OutcomeClass = 'done' | 'open' | 'failed';

const OUTCOME_CLASS = {
  tracked: 'done',
  shipped: 'done',
  'already-tracked': 'done',
  replaced: 'done',
  skipped: 'done',
  waiting: 'open',
  'bad-row': 'failed',
  'order-not-found': 'failed',
  'order-ambiguous': 'failed',
  'order-closed': 'failed',
  'order-held': 'failed',
  'nothing-to-ship': 'failed',
  'no-shipment': 'failed',
  'item-mismatch': 'failed',
  'store-refused': 'failed',
  'gave-up': 'failed',
} as const satisfies Record<string, OutcomeClass>;

/** Every outcome there is, in the order in which the documentation lists them. */
export const OUTCOMES = Object.keys(OUTCOME_CLASS) as readonly Outcome[];

/** By these a drop has placed a number on a shipment. */
export const PLACED: ReadonlySet<Outcome> = new Set<Outcome>(['tracked', 'shipped', 'replaced']);

/** After these the number of a row stands on a shipment; after `skipped` another one does, or none. */
export const STANDING: ReadonlySet<Outcome> = new Set<Outcome>([...PLACED, 'already-tracked']);

/** What an outcome means for its drop: see OutcomeClass. */
export function outcomeClass(outcome: Outcome): OutcomeClass {
  return OUTCOME_CLASS[outcome];
}

/** The end of one row, as the report shows it. Ids are Magento's entity ids; null where there is none. */
export interface RowOutcome {
  /** Line of the file on which the row starts, counted from 1. */
  readonly line: number;
  /** See Row: which of the rows on that line. */
  readonly part: number;
  readonly outcome: Outcome;
  /** One sentence for a person who has the file before them. */
  readonly message: string;
  readonly orderId: number | null;
  readonly shipmentId: number | null;
  readonly trackId: number | null;
  /** What an order is held for that heals by itself; absent: whatever its state says. Not kept. */
  readonly heldFor?: 'payment';
  /** Whether the shop mailed the customer for it; absent: it did not, or there was nothing to mail about. */
  readonly mail?: 'mailed' | 'unknown';
}

/** How many rows of a drop ended in each outcome; outcomes without a row are absent. */
export type OutcomeCounts = Partial<Record<Outcome, number>>;

/** True when at least one row needs a person: the drop's files belong into `failed/`. */
export function anyFailed(counts: OutcomeCounts): boolean {
  return OUTCOMES.some((outcome) => OUTCOME_CLASS[outcome] === 'failed' && (counts[outcome] ?? 0) > 0);
}
