import type { IntakeParts } from '../inboxes.ts';
import type { WaitingPlaces } from './places.ts';

/** Says of files in `waiting/` that nobody takes, since their names are not such as waiting rows have; once each. */
export class Misnamed {
  readonly #places: WaitingPlaces;
  readonly #parts: IntakeParts;
  /** As at the last look, by inbox and name; true once it was said. */
  readonly #known = new Map<string, ReadonlyMap<string, boolean>>();

  constructor(places: WaitingPlaces, parts: IntakeParts) {
    this.#places = places;
    this.#parts = parts;
  }

  /** One that is there at two looks stays: programs save under many names. @throws whatever the file system says */
  async look(inbox: string): Promise<void> {
    const { events } = this.#parts;
    const before = this.#known.get(inbox) ?? new Map<string, boolean>();
    const found = await this.#places.folderNamed(inbox).misnamed();
    const now = new Map<string, boolean>();
    for (const [name, sinceMs] of found) {
      if (before.get(name) === false)
        events.emit('file.untaken', { inbox, name: shown(name), kind: 'not-waiting', sinceMs });
      now.set(name, before.has(name));
    }
    for (const [name, wasSaid] of before)
      if (wasSaid && !found.has(name)) events.emit('file.cleared', { inbox, name: shown(name) });
    this.#known.set(inbox, now);
  }
}

/** The name by which a file in `waiting/` is told: one of the inbox itself may bear the same. */
export const shown = (name: string): string => `waiting/${name}`;
