import { setImmediate } from 'node:timers/promises';
import type { LimitsConfig } from '../config/config.ts';
import type { Drop } from '../domain/drop.ts';
import { UnreadableDropError } from '../domain/failure.ts';
import { type FileState, isSameState, lookAt } from '../intake/file-state.ts';
import { type DropHeader, readDrop } from '../intake/reading/read.ts';
import { isAsSurveyed } from '../intake/reading/survey.ts';
import type { TextFormat } from '../intake/reading/text.ts';
import { whenSteady } from '../intake/steady.ts';
import type { Steps } from '../pipeline.ts';
import { factsOf } from './facts.ts';
import type { Inboxes, IntakeParts } from './inboxes.ts';

/** How a drop was read, as the ledger keeps it for the report and the retry file. */
export interface Reading {
  readonly header: DropHeader | null;
  readonly format: TextFormat;
  /** The file when it was read; JSON has no bigint. Null where it could not be read. */
  readonly file: (Omit<FileState, 'inode'> & { readonly inode: string }) | null;
}

/** Of a file that could not be read as a whole. */
const NOT_READ: Reading = { header: null, format: { encoding: 'utf-8', hasMark: false }, file: null };

export function readingOf({ layout }: Pick<Drop, 'layout'>): Reading {
  return layout === null ? NOT_READ : JSON.parse(layout);
}

/**
 * True where the file at `path` is another than the one that was read, or somebody wrote to it since: an upload
 * that paused has rows that nobody pushed. A file that is gone has not changed.
 */
export async function isOtherThanRead(drop: Drop, path: string): Promise<boolean> {
  const { file } = readingOf(drop);
  const now = await lookAt(path);
  return file !== null && now !== undefined && !isSameState({ ...file, inode: BigInt(file.inode) }, now);
}

/** Bytes to rows, whole into the ledger, before the first of them is pushed. */
export function readStep(
  inboxes: Inboxes,
  limits: LimitsConfig,
  { ledger: { drops, rows }, events, clock, signal }: IntakeParts,
): Pick<Steps<never, never>, 'read'> {
  /** A page at a time: answers and signals get their turn meanwhile. */
  async function forgetRows(drop: Drop): Promise<void> {
    for (const _ of rows.clearInPages(drop)) await setImmediate();
  }

  async function readOnce(drop: Drop): Promise<Drop> {
    const { carriers } = inboxes.of(drop.inbox).config;
    const path = inboxes.pathOf(drop);
    await forgetRows(drop);
    const counts = { rows: 0, bad: 0, skipped: 0 };
    const { survey, header, records } = await readDrop(path, { limits, carriers }, signal);
    for await (const batch of records) {
      rows.add(drop, batch);
      for (const { verdict } of batch) counts[verdict.kind === 'row' ? 'rows' : verdict.kind] += 1;
    }
    // A writer that goes on after the claim: what was read may end in half a number.
    if (survey.bytes !== drop.bytes || !(await isAsSurveyed(path, survey))) return readAgain(drop);
    const { bytes, mtimeMs, inode, format } = survey;
    const layout: Reading = { header, format, file: { bytes, mtimeMs, inode: String(inode) } };
    drops.markRead(drop, { sha256: survey.sha256, bytes: survey.bytes, layout: JSON.stringify(layout) });
    events.emit('drop.read', { ...factsOf(drop), ...counts });
    return drops.current(drop);
  }

  async function readAgain(drop: Drop): Promise<Drop> {
    events.emit('drop.changed', factsOf(drop));
    const bytes = await whenSteady(inboxes.pathOf(drop), inboxes.of(drop.inbox).config, { clock, signal });
    return readOnce({ ...drop, bytes });
  }

  /** A file that cannot be read as a whole has one record: itself. */
  async function failWhole(drop: Drop, { message, line, hint }: UnreadableDropError): Promise<Drop> {
    const words = hint ? `${message} ${hint}` : message;
    await forgetRows(drop);
    rows.add(drop, [
      { line, startByte: 0, endByte: 0, fields: null, verdict: { kind: 'bad', message: words } },
    ]);
    // Last: a drop that is marked is not read again after a kill.
    drops.markUnreadable(drop, words, line);
    events.emit('drop.unreadable', { ...factsOf(drop), message: words, line });
    return drops.current(drop);
  }

  return {
    read: (drop) =>
      inboxes.untilPossible(drop, async () => {
        try {
          // One that has a layout was read before, and has changed since.
          return drop.layout === null ? await readOnce(drop) : await readAgain(drop);
        } catch (error) {
          if (error instanceof UnreadableDropError) return await failWhole(drop, error);
          throw error;
        }
      }),
  };
}
