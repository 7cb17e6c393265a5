import type { Drop } from '../domain/drop.ts';
import { UnreadableDropError } from '../domain/failure.ts';
import { type Content, contentOf } from '../intake/content-hash.ts';
import type { FileState } from '../intake/file-state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { passed } from '../runtime/step.ts';
import { forgetRecords } from './enter-records.ts';
import { failedReading } from './reading.ts';

/** A file that could not be read, as it was when that was tried. */
interface Unreadable {
  readonly path: string;
  /** Undefined where nothing lay there. */
  readonly file: FileState | undefined;
  readonly error: UnreadableDropError;
  /** A larger file is not looked through in vain. */
  readonly mostBytes: number;
}

/** Enters a drop whose file cannot be read as a whole: it has one record, itself. Returns the words of that. */
export async function enterUnreadable(
  ledger: Pick<Ledger, 'originals' | 'rows' | 'beginnings' | 'drops'>,
  drop: Drop,
  { path, file, error: { message, line, hint }, mostBytes }: Unreadable,
): Promise<string> {
  const words = hint ? `${message} ${hint}` : message;
  await forgetRecords(ledger, drop);
  ledger.rows.add(drop, [
    { line, startByte: 0, endByte: 0, fields: null, verdict: { kind: 'bad', message: words } },
  ]);
  passed('read.failure-entered');
  // Last: a drop that is marked is not read again after a kill.
  const layout = JSON.stringify(failedReading(file));
  const found = drop.bytes > mostBytes ? null : await unreadContent(path);
  const content = found && { ...found, isUnfinished: !found.endsLine };
  // It may have been read before.
  ledger.beginnings.keep(drop, []);
  ledger.drops.markUnreadable(drop, { message: words, line }, { layout, content });
  return words;
}

/** The same bytes are known by it when they come again, or more of them. Null where there is none. */
async function unreadContent(path: string): Promise<Content | null> {
  try {
    return (await contentOf(path)) ?? null;
  } catch (error) {
    if (error instanceof UnreadableDropError) return null;
    throw error;
  }
}
