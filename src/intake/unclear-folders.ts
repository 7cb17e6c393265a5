import { basename } from 'node:path';
import type { Events } from '../events.ts';
import { errorCode } from './file-errors.ts';
import { namesIn } from './folder-contents.ts';

/** Names in the folder of a drop in `working/`, sorted, but for hidden ones: those are pieces of ours. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder)).filter((name) => !name.startsWith('.'));
}

/**
 * Says each folder in `working/` that holds several files as `file.stuck`, once, and `file.cleared` when it does no more:
 * nobody knows which of them is the drop, and to take the wrong one could push rows that nobody dropped.
 */
export class UnclearFolders {
  readonly #inbox: string;
  readonly #events: Events;
  readonly #said = new Set<string>();

  constructor(inbox: string, events: Events) {
    this.#inbox = inbox;
    this.#events = events;
  }

  say(folder: string, names: readonly string[]): void {
    if (this.#said.has(folder)) return;
    this.#said.add(folder);
    const message = `${folder} holds ${names.length} files and nothing says which one was dropped; they are left there`;
    const hint = 'Put the right one into the inbox, and take the others away.';
    this.#events.emit('file.stuck', { inbox: this.#inbox, name: shown(folder), message, hint });
  }

  /** One that cannot be looked into stays as it was said. */
  async lookAgain(): Promise<void> {
    for (const folder of this.#said) {
      if (await isUnclear(folder)) continue;
      this.#said.delete(folder);
      this.#events.emit('file.cleared', { inbox: this.#inbox, name: shown(folder) });
    }
  }
}

async function isUnclear(folder: string): Promise<boolean> {
  try {
    return (await filesIn(folder)).length > 1;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return true;
  }
}

/** A file of the inbox may bear the name of one in there. */
const shown = (folder: string): string => `working/${basename(folder)}`;
