import { startDaemonProcess } from '../processes/daemon-process.ts';
import { makeDataFolder } from '../processes/data-folder.ts';
import { startSandboxProcess } from '../processes/sandbox-process.ts';
import { median } from './figures.ts';
import type { Measure } from './scene.ts';

const STARTS = 5;

/** From the start of the process to its word that the first listing of the inbox is done. */
export const start: Measure = {
  name: 'start',
  about: 'a new process on a new data folder, median of 5',
  async run({ progress, nodeArgs }) {
    await using sandbox = await startSandboxProcess();
    const tookMs: number[] = [];
    for (let run = 1; run <= STARTS; run += 1) {
      progress.say(`start ${run} of ${STARTS}`);
      await using data = await makeDataFolder(sandbox);
      const startedAtMs = performance.now();
      await using daemon = startDaemonProcess({ config: data.config, entry: 'dist', nodeArgs });
      await daemon.waitFor('inbox.watching');
      tookMs.push(performance.now() - startedAtMs);
      await daemon.stop('SIGTERM');
    }
    return [{ name: 'start to watching', value: median(tookMs), unit: 'ms', bound: { atMost: 500 } }];
  },
};
