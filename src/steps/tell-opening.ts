import { readdirSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { isDropId } from '../domain/drop.ts';
import type { Events } from '../events.ts';
import { secondRoundName } from '../intake/names.ts';
import type { OpeningTold } from '../ledger/open-or-begin.ts';

/** Says as events what opening the ledger came to. */
export function tellOpening({ ledger: file, inboxes }: Config, events: Events): OpeningTold {
  return {
    onSetAside: (aside, message) => events.emit('ledger.set-aside', { file, aside, message }),
    onMigrated: (migrated) => events.emit('ledger.migrated', { file, ...migrated }),
    onBegun() {
      let leftFiles = 0;
      for (const { working, waiting } of inboxes) {
        leftFiles += namesIn(working).filter(isDropId).length;
        leftFiles += namesIn(waiting).filter((name) => secondRoundName(name)?.kind === 'waiting').length;
      }
      events.emit('ledger.begun', { file, leftFiles });
    },
  };
}

/** None where the folder cannot be listed: whoever works in it says why. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return [];
  }
}
