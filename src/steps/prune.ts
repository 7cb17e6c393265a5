import type { Config } from '../config/config.ts';
import type { Events } from '../events.ts';
import { errorCode } from '../intake/file-errors.ts';
import { isAnyLeft, removeOldDays, removeOldFailed } from '../intake/old-files.ts';
import { isLedgerTrouble } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OldDrop } from '../ledger/pruning.ts';
import type { Clock } from '../runtime/clock.ts';

export interface PruneParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly events: Events;
  readonly signal: AbortSignal;
}

/**
 * Removes what is older than the configuration says to keep it: files of drops from `processed/` and `failed/`, then what the
 * ledger knows of drops whose files are gone. Of what is not settled, waits or may still be written to, nothing goes.
 * Other work gets a turn between two pages.
 */
export async function prune(
  { keep, inboxes }: Pick<Config, 'keep' | 'inboxes'>,
  parts: PruneParts,
): Promise<void> {
  const { ledger, clock, events } = parts;
  const nowMs = clock.wallMs();
  const removeFrom = async (
    name: 'processed' | 'failed',
    keptMs: number | null,
    remove: typeof removeOldDays,
  ) => {
    if (keptMs === null) return 0;
    let removed = 0;
    const options = { beforeMs: nowMs - keptMs, knownIn: ledger.pruning.placedIn };
    for (const folder of new Set(inboxes.map((inbox) => inbox[name])))
      removed += (await orSaid(folder, () => remove(folder, options), parts)) ?? 0;
    return removed;
  };
  const files =
    (await removeFrom('processed', keep.processedMs, removeOldDays)) +
    (await removeFrom('failed', keep.failedMs, removeOldFailed));
  const forgotten = keep.ledgerMs === null ? NOTHING : await pruneLedger(nowMs - keep.ledgerMs, parts);
  if (files + forgotten.drops > 0) events.emit('ledger.pruned', { files, ...forgotten });
}

interface Forgotten {
  readonly drops: number;
  readonly rows: number;
}

const NOTHING: Forgotten = { drops: 0, rows: 0 };

async function pruneLedger(beforeMs: number, parts: PruneParts): Promise<Forgotten> {
  const { ledger, signal } = parts;
  let [drops, rows] = [0, 0];
  let last: OldDrop | undefined;
  do {
    const page = ledger.pruning.settledBefore(beforeMs, last);
    for (const drop of page) {
      if (signal.aborted) return { drops, rows };
      if (await mustStay(drop, parts)) continue;
      rows += await forget(drop.seq, parts);
      drops += 1;
    }
    last = page.at(-1);
  } while (last);
  for (let at: number | undefined = 0; at !== undefined && !signal.aborted; ) {
    const from: number = at;
    at = await ledger.together(() => ledger.pruning.forgetWrites(beforeMs, from));
  }
  return { drops, rows };
}

async function mustStay({ seq, settledIn, settledAs }: OldDrop, parts: PruneParts): Promise<boolean> {
  if (parts.ledger.pruning.isPointedTo(seq)) return true;
  if (settledIn === null || settledAs === null) return false;
  return (await orSaid(settledIn, () => isAnyLeft(settledIn, settledAs), parts)) ?? true;
}

/** How many rows; the drop itself is still there where it was asked to stop meanwhile. */
async function forget(seq: number, { ledger, signal }: PruneParts): Promise<number> {
  for (let rows = 0; ; ) {
    const { forgotten, isGone } = await ledger.together(() => ledger.pruning.forgetSome(seq));
    rows += forgotten;
    if (isGone || signal.aborted) return rows;
  }
}

/** What cannot be removed today is tried again tomorrow, and said each time. */
async function orSaid<T>(
  folder: string,
  work: () => Promise<T>,
  { events }: PruneParts,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === undefined || isLedgerTrouble(error)) throw error;
    events.emit('ledger.unpruned', { folder, message: (error as Error).message });
    return undefined;
  }
}
