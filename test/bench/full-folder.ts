import { dataFolder } from '../intake/folders.ts';
import { watching } from '../intake/watching.ts';
import type { Measure } from './scene.ts';

const FILES = 10_000;
/** An hour: none of them is taken while the listing is measured. */
const STABLE_FOR_MS = 3_600_000;
const RESCAN_EVERY_MS = 5_000;

/** A rescan costs as much again every `rescanEvery`, for as long as the files lie there. */
export const fullFolder: Measure = {
  name: 'full-folder',
  about: `${FILES} files that lie in an inbox and are waited for, listed again`,
  async run({ progress }) {
    await using data = await dataFolder();
    progress.say('dropping them');
    for (let at = 0; at < FILES; at += 1)
      await data.drop(`f${at}.csv`, 'order_number,tracking_number\n1001,1Z1\n');
    progress.say('listing them');
    const times = {
      stableForMs: STABLE_FOR_MS,
      unfinishedForMs: STABLE_FOR_MS,
      rescanEveryMs: RESCAN_EVERY_MS,
    };
    await using inbox = await watching(data.inbox, times);
    if (inbox.watch.pending() !== FILES) throw new Error(`${inbox.watch.pending()} files were seen`);
    const before = process.cpuUsage();
    await inbox.clock.move(RESCAN_EVERY_MS);
    await inbox.clock.asleep();
    const { user, system } = process.cpuUsage(before);
    return [
      {
        name: 'processor time of a listing',
        value: (user + system) / 1000,
        unit: 'ms',
        bound: { atMost: 1_500 },
      },
    ];
  },
};
