import { type EventMap, Events } from '../../src/events.ts';
import type { FoundFile, InboxOptions } from '../../src/intake/listing.ts';
import { watchInbox } from '../../src/intake/watch.ts';
import { HandClock } from './hand-clock.ts';

/** Of an inbox that takes `*.csv`, with the times of the defaults. */
export function options(folder: string, more: Partial<InboxOptions> = {}): InboxOptions {
  return {
    name: 'main',
    folder,
    files: ['*.csv'],
    stableForMs: 5000,
    unfinishedForMs: 60_000,
    rescanEveryMs: 5000,
    doneFile: null,
    ignoreBeforeMs: null,
    ...more,
  };
}

/** Watches with a clock moved by hand; native events may wake a listing, but time stands still. */
export async function watching(folder: string, more: Partial<InboxOptions> = {}, clock = new HandClock()) {
  const events = new Events();
  const said: string[] = [];
  const waits: EventMap['file.awaited'][] = [];
  const bystanders: string[] = [];
  events.onAny((name) => said.push(name));
  events.on('file.awaited', (wait) => waits.push(wait));
  events.on('file.untaken', ({ name, kind }) => bystanders.push(`${name}: ${kind}`));
  events.on('file.cleared', ({ name }) => bystanders.push(`${name}: cleared`));
  const stop = new AbortController();
  const found: FoundFile[] = [];
  const watch = watchInbox(options(folder, more), { clock, events }, stop.signal);
  const ended = (async () => {
    for await (const file of watch) found.push(file);
  })();
  await clock.asleep();
  return {
    clock,
    watch,
    said,
    waits,
    found,
    /** What was said of things that are not taken, in that order. */
    bystanders,
    names: () => found.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
