import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageCommand } from '../dockerfile.ts';
import { startDaemonProcess } from '../processes/daemon-process.ts';
import { makeDataFolder } from '../processes/data-folder.ts';
import { startSandboxProcess } from '../processes/sandbox-process.ts';
import { median } from './figures.ts';
import type { Measure } from './scene.ts';

const STARTS = 5;

/** From the start of the process to its word that the first listing of the inbox is done, as the image starts it: with what Node made of the sources once. */
export const start: Measure = {
  name: 'start',
  about: 'a new process on a new data folder, median of 5',
  async run({ progress, nodeArgs }) {
    await using kept = new AsyncDisposableStack();
    const compiled = kept.adopt(await mkdtemp(join(tmpdir(), 'trackdrop-compiled-')), (folder) =>
      rm(folder, { recursive: true }),
    );
    const image = (await imageCommand()).nodeArgs;
    await using sandbox = await startSandboxProcess();
    const tookMs: number[] = [];
    // The first fills the folder, as the making of the image does, and is not counted.
    for (let run = 0; run <= STARTS; run += 1) {
      progress.say(`start ${run} of ${STARTS}`);
      await using data = await makeDataFolder(sandbox);
      const startedAtMs = performance.now();
      await using daemon = startDaemonProcess({
        config: data.config,
        entry: 'dist',
        nodeArgs: [...image, ...nodeArgs],
        env: { NODE_COMPILE_CACHE: compiled },
      });
      await daemon.waitFor('inbox.watching');
      if (run > 0) tookMs.push(performance.now() - startedAtMs);
      await daemon.stop('SIGTERM');
    }
    return [{ name: 'start to watching', value: median(tookMs), unit: 'ms', bound: { atMost: 500 } }];
  },
};
