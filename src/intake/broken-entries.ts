import { lstat } from 'node:fs/promises';
import type { Events } from '../events.ts';
import { type Entry, entryKey } from './entries.ts';

/** An entry that cannot even be looked at, and what the file system says. */
export interface BrokenEntry {
  readonly entry: Entry;
  readonly error: Error;
}

/**
 * Says each entry of an inbox that cannot be looked at as `file.stuck`, once, and `file.cleared` when it is gone or can be: a
 * bad block, or a mount of its own that does not answer, keeps no other file waiting.
 */
export class BrokenEntries {
  readonly #inbox: string;
  readonly #folder: string;
  readonly #events: Events;
  #said = new Map<string, BrokenEntry>();

  constructor({ name, folder }: { readonly name: string; readonly folder: string }, events: Events) {
    this.#inbox = name;
    this.#folder = folder;
    this.#events = events;
  }

  /** @throws what the file system says where it is the folder that is broken, or may not be entered. */
  async see(broken: readonly BrokenEntry[]): Promise<void> {
    // The last part makes the system enter the folder, as it does for each entry.
    if (broken.length > 0) await lstat(`${this.#folder}/.`);
    const inbox = this.#inbox;
    const now = new Map(broken.map((each) => [entryKey(each.entry), each]));
    for (const [key, { entry }] of this.#said) {
      if (!now.has(key)) this.#events.emit('file.cleared', { inbox, name: entry.name });
    }
    for (const [key, { entry, error }] of now) {
      if (this.#said.get(key)?.error.message === error.message) continue;
      const message = `it stays in the inbox, and cannot be looked at: ${error.message}`;
      const hint = 'It is tried again at each rescan; the disk or mount may be broken.';
      this.#events.emit('file.stuck', { inbox, name: entry.name, message, hint });
    }
    this.#said = now;
  }
}
