import type { LimitsConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { UnreadableDropError } from '../domain/failure.ts';
import type { Content } from '../intake/content-hash.ts';
import { type FileState, isSameState, lookAt } from '../intake/file-state.ts';
import type { DamagedColumns } from '../intake/reading/excel-damage.ts';
import { readDrop } from '../intake/reading/read.ts';
import { isAsSurveyed } from '../intake/reading/survey.ts';
import { whenSteady } from '../intake/steady.ts';
import type { EarlierDrop } from '../ledger/beginnings.ts';
import type { Steps } from '../pipeline.ts';
import { passed } from '../runtime/step.ts';
import type { Copies } from './copies.ts';
import { enterRecords, forgetRecords } from './enter-records.ts';
import { enterUnreadable } from './enter-unreadable.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';
import { isOutdated, type Reading } from './reading.ts';

/** So far apart two files of one name that begin alike are two days' files: 7 days. */
const SENT_AGAIN_WITHIN_MS = 7 * 24 * 60 * 60_000;

/** What reading a drop takes, besides the inboxes. */
interface ReadStepParts {
  readonly limits: LimitsConfig;
  /** See Waiting. */
  requireThere(drop: Drop): Promise<void>;
}

/** Bytes to rows, whole into the ledger, before the first of them is pushed. */
export function readStep(
  inboxes: Inboxes,
  copies: Copies,
  { limits, requireThere }: ReadStepParts,
  { ledger, events, clock, signal }: IntakeParts,
): Pick<Steps<never, never>, 'read'> {
  const { drops, cameBy, sameContent, beginnings } = ledger;
  /** How a file was when it was said that it changed: one that cannot be read is tried again each rescan. */
  const said = new Map<number, FileState | undefined>();

  /** A file that cannot be read may be one that is not all there: its writer has gone on meanwhile. */
  async function readOnce(drop: Drop, damaged: DamagedColumns | null = null): Promise<Drop> {
    const path = inboxes.pathOf(drop);
    const before = await lookAt(path);
    try {
      return await readWhole(drop, damaged);
    } catch (error) {
      if (!(error instanceof UnreadableDropError)) throw error;
      const now = await lookAt(path);
      const isSame = before === undefined || now === undefined || isSameState(before, now);
      if (!isSame || (await copies.isWitnessChanged(drop))) return await readAgain(drop);
      return await failWhole(drop, error, before);
    }
  }

  async function readWhole(drop: Drop, damaged: DamagedColumns | null): Promise<Drop> {
    const { carriers, profiles } = inboxes.of(drop.inbox).config;
    const path = inboxes.pathOf(drop);
    await forgetRecords(ledger, drop);
    const candidates = beginnings.candidatesOf(drop, SENT_AGAIN_WITHIN_MS);
    const beginningsAt = candidates.map(({ bytes }) => bytes);
    const options = { name: drop.name, limits, carriers, profiles, damaged, beginningsAt };
    const { survey, layout, records, damagedColumns } = await readDrop(path, options, signal);
    const { counts, origins, isAnyUnknown } = await enterRecords(ledger, drop, layout, records);
    // A writer that goes on after the claim: what was read may end in half a number.
    const isWhole = survey.bytes === drop.bytes && (await isAsSurveyed(path, survey));
    if (!isWhole || (await copies.isWitnessChanged(drop))) return readAgain(drop);
    if (damaged === null && damagedColumns().length > 0) {
      events.emit('drop.damaged', factsOf(drop));
      return readOnce(drop, damagedColumns());
    }
    const { bytes, mtimeMs, inode, format, sha256, endsLine } = survey;
    const reading: Reading = { layout, format, file: { bytes, mtimeMs, inode: String(inode) } };
    passed('read.entered');
    const begun = beginningsOf(survey, candidates);
    beginnings.keep(drop, begun);
    cameBy.keep(drop, { origins, beginnings: begun.map(({ seq }) => seq), isAnyUnknown });
    drops.markRead(drop, { sha256, bytes, isUnfinished: !endsLine, layout: JSON.stringify(reading) });
    passed('read.marked');
    events.emit('drop.read', { ...factsOf(drop), ...counts, profile: layout?.profile ?? null });
    saySame(drop);
    return drops.current(drop);
  }

  function saySame(drop: Drop): void {
    const same = sameContent(drop);
    if (same === undefined) return;
    const { drop: earlier, name: earlierName, claimedAtMs: earlierAtMs } = same;
    events.emit('drop.same-content', { ...factsOf(drop), earlier, earlierName, earlierAtMs });
  }

  function sayChanged(drop: Drop, now: FileState | undefined): void {
    const last = said.get(drop.seq);
    if (said.has(drop.seq) && (last === now || (last && now && isSameState(last, now)))) return;
    said.set(drop.seq, now);
    events.emit('drop.changed', factsOf(drop));
  }

  async function readAgain(drop: Drop): Promise<Drop> {
    sayChanged(drop, await lookAt(inboxes.pathOf(drop)));
    return await readRenewed(drop);
  }

  async function readRenewed(drop: Drop): Promise<Drop> {
    const path = inboxes.pathOf(drop);
    const isRenewed = await copies.renewWhenSteady(drop);
    const copied = isRenewed ? await lookAt(path) : undefined;
    const bytes = copied?.bytes ?? (await whenSteady(path, inboxes.of(drop.inbox).config, { clock, signal }));
    return readOnce({ ...drop, bytes });
  }

  async function failWhole(
    drop: Drop,
    error: UnreadableDropError,
    file: FileState | undefined,
  ): Promise<Drop> {
    const path = inboxes.pathOf(drop);
    const message = await enterUnreadable(ledger, drop, { path, file, error, mostBytes: limits.fileBytes });
    events.emit('drop.unreadable', { ...factsOf(drop), message, line: error.line });
    return drops.current(drop);
  }

  return {
    read: (drop) =>
      // One that has a layout was read before, and has changed since.
      copies
        .whileThere(drop, async () => {
          await requireThere(drop);
          if (isOutdated(drop)) events.emit('drop.outdated', factsOf(drop));
          else if (drop.layout !== null) return await readAgain(drop);
          return await (copies.isWitnessUnknown(drop) ? readRenewed(drop) : readOnce(drop));
        })
        .finally(() => said.delete(drop.seq)),
  };
}

/** Those whose bytes the content begins with, and goes on after. */
function beginningsOf({ beginnings }: Content, candidates: readonly EarlierDrop[]): readonly EarlierDrop[] {
  return candidates.filter(({ bytes, sha256 }) => beginnings.get(bytes) === sha256);
}
