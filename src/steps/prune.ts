import type { Config } from '../config/config.ts';
import { afterLook } from '../domain/clock-leap.ts';
import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { errorCode } from '../intake/file-errors.ts';
import type { Mounts } from '../intake/mounts.ts';
import { isAnyLeft, removeOldDays, removeOldFailed } from '../intake/old-files.ts';
import { isLedgerTrouble } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OldDrop } from '../ledger/pruning.ts';
import type { Clock } from '../runtime/clock.ts';

/** What pruning works with; `signal` ends it between two pages. */
export interface PruneParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** On the way to the folders of settled files, as they were at the start. */
  readonly mounts: Pick<Mounts, 'require'>;
}

/**
 * Removes what is older than the configuration says to keep it: files of drops from `processed/` and `failed/`, then what the
 * ledger knows of drops whose files are gone. Of what is not settled, waits or may still be written to, nothing goes.
 * Other work gets a turn between two pages. While the clock is in doubt nothing goes at all, see clock-leap.ts; while a mount is
 * gone nothing whose files may be on it.
 */
export async function prune(
  { keep, inboxes }: Pick<Config, 'keep' | 'inboxes'>,
  parts: PruneParts,
): Promise<void> {
  const { ledger, clock, events } = parts;
  if (Object.values(keep).every((keptMs) => keptMs === null)) return;
  const nowMs = clock.wallMs();
  if (!(await isTimeCertain(nowMs, parts))) return;
  const said = new Set<string>();
  const removeFrom = async (
    name: 'processed' | 'failed',
    keptMs: number | null,
    remove: typeof removeOldDays,
  ) => {
    if (keptMs === null) return 0;
    let removed = 0;
    const options = { beforeMs: nowMs - keptMs, knownIn: ledger.pruning.placedIn };
    const removeFromOne = async (folder: string) => {
      await parts.mounts.require(folder);
      return await remove(folder, options);
    };
    for (const folder of new Set(inboxes.map((inbox) => inbox[name])))
      removed += (await orSaid(folder, () => removeFromOne(folder), { ...parts, said })) ?? 0;
    return removed;
  };
  const files =
    (await removeFrom('processed', keep.processedMs, removeOldDays)) +
    (await removeFrom('failed', keep.failedMs, removeOldFailed));
  const forgotten =
    keep.ledgerMs === null ? NOTHING : await pruneLedger(nowMs - keep.ledgerMs, { ...parts, said });
  if (files + forgotten.drops > 0) events.emit('ledger.pruned', { files, ...forgotten });
}

interface SayingParts extends PruneParts {
  /** What was said of folders, each but once. */
  readonly said: Set<string>;
}

async function isTimeCertain(nowMs: number, { ledger, events }: PruneParts): Promise<boolean> {
  const before = ledger.pruning.knownTime();
  const after = afterLook(nowMs, before);
  await ledger.together(() => ledger.pruning.keepTime(after));
  if (after.leaptToMs !== null) events.emit('ledger.clock-doubted', { knownMs: after.knownMs, nowMs });
  else if (before.leaptToMs !== null) events.emit('ledger.clock-believed', {});
  return after.leaptToMs === null;
}

interface Forgotten {
  readonly drops: number;
  readonly rows: number;
}

const NOTHING: Forgotten = { drops: 0, rows: 0 };

async function pruneLedger(beforeMs: number, parts: SayingParts): Promise<Forgotten> {
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

async function mustStay({ seq, settledIn, settledAs }: OldDrop, parts: SayingParts): Promise<boolean> {
  if (parts.ledger.pruning.isPointedTo(seq)) return true;
  if (settledIn === null || settledAs === null) return false;
  const isLeft = async () => {
    if (await isAnyLeft(settledIn, settledAs)) return true;
    // Asked afterwards: with a mount that goes in between the files seem to be gone, too.
    await parts.mounts.require(settledIn);
    return false;
  };
  return (await orSaid(settledIn, isLeft, parts)) ?? true;
}

/** How many rows; the drop itself is still there where it was asked to stop meanwhile. */
async function forget(seq: number, { ledger, signal }: PruneParts): Promise<number> {
  for (let rows = 0; ; ) {
    const { forgotten, isGone } = await ledger.together(() => ledger.pruning.forgetSome(seq));
    rows += forgotten;
    if (isGone || signal.aborted) return rows;
  }
}

/** What cannot be removed today is tried again tomorrow, and said each day. */
async function orSaid<T>(
  folder: string,
  work: () => Promise<T>,
  { events, said }: SayingParts,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FolderError) && (errorCode(error) === undefined || isLedgerTrouble(error)))
      throw error;
    const { message } = error as Error;
    if (!said.has(message)) events.emit('ledger.unpruned', { folder, message });
    said.add(message);
    return undefined;
  }
}
