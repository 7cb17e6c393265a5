import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorCode } from './file-errors.ts';
import { reasonOf } from './folder-trouble.ts';
import { type FoundFile, type InboxOptions, Listing } from './listing.ts';
import { NativeEvents } from './native-events.ts';

/** The files of an inbox, as they become complete; ends when its signal fires. */
interface InboxWatch extends AsyncIterable<FoundFile> {
  /** Files that can become a drop and were not yielded yet, stable or not, as of the last listing. */
  pending(): number;
}

/** What watching takes besides the options. */
interface WatchParts {
  readonly clock: Clock;
  readonly events: Events;
  /** Done before each listing; throws FolderError where another folder shows in the place of the inbox. */
  readonly beforeListing?: () => Promise<void>;
}

/** A burst of events (150 uploads, a writer of small pieces) costs one listing in this time. */
const LISTINGS_APART_MS = 200;

/**
 * Yields the complete files of an inbox, oldest first, until the signal fires; see stable.ts for what complete
 * means. The folder is listed at the start, every `rescanEveryMs`, and at the moment a known file can become
 * stable; native events only wake the listing early, since they do not cross network mounts. A file that was
 * yielded and is still there is yielded again `rescanEveryMs` later. One iteration at a time.
 *
 * Only regular files count, by `lstat`: a symbolic link could name any file of the machine, and reading a FIFO
 * blocks for ever. The inbox is never made: a forgotten mount would look healthy.
 */
export function watchInbox(options: InboxOptions, parts: WatchParts, signal: AbortSignal): InboxWatch {
  const listing = new Listing(options, parts);
  return {
    pending: () => listing.pending,
    [Symbol.asyncIterator]: () => files(options, listing, parts, signal),
  };
}

async function* files(
  options: InboxOptions,
  listing: Listing,
  { clock, events, beforeListing }: WatchParts,
  signal: AbortSignal,
): AsyncGenerator<FoundFile, void, undefined> {
  const { name: inbox, folder } = options;
  const bell = new Bell();
  const native = new NativeEvents(folder, () => bell.ring());
  let isWatching = false;
  let isAvailable = true;
  try {
    while (!signal.aborted) {
      let found: readonly FoundFile[] = [];
      try {
        await beforeListing?.();
        await native.renew();
        found = await listing.take();
        if (!isAvailable) events.emit('inbox.available', { inbox, folder });
        if (!isWatching) events.emit('inbox.watching', { inbox, folder });
        isWatching = true;
        isAvailable = true;
      } catch (error) {
        if (errorCode(error) === undefined && !(error instanceof FolderError)) throw error;
        const message = `the inbox cannot be listed: ${await reasonOf(error as Error, [folder])}`;
        if (isAvailable) events.emit('inbox.unavailable', { inbox, folder, message });
        isAvailable = false;
        if (options.once)
          throw new FolderError('inbox-unavailable', message, { facts: { folder }, cause: error });
      }
      for (const file of found) {
        if (signal.aborted) return;
        yield file;
      }
      // One more listing after the last file: it may have grown again before it could be claimed.
      if (options.once && listing.pending === 0) {
        if (found.length > 0) continue;
        for (const left of listing.left) events.emit('file.left', { inbox, ...left });
        return;
      }
      const restMs = listing.restMs();
      const apartMs = Math.min(LISTINGS_APART_MS, restMs);
      await new Bell().waitAtMost(apartMs, clock, signal);
      await bell.waitAtMost(restMs - apartMs, clock, signal);
    }
  } finally {
    await native.close();
  }
}
