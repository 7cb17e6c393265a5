import { checkWork, filesOf, type Measure, openScene, SLOW_STORE, STABLE_FOR_MS } from './scene.ts';

const FILES = 150;

/** From the moment at which the last file has lain still for `stableFor` to the last `drop.settled`. */
export const manyFiles: Measure = {
  name: 'many-files',
  about: '150 files of one row, dropped at once; the same store',
  async run({ progress, nodeArgs }) {
    await using scene = await openScene(SLOW_STORE, nodeArgs);
    const { sandbox, data, daemon } = scene;
    const files = await filesOf(sandbox, { files: FILES, rowsEach: 1 });
    await data.drop(files);
    const stableAtMs = Date.now() + STABLE_FOR_MS;
    let settledFiles = 0;
    progress.say('waiting for the files to lie still');
    daemon.log.onLine(({ event }) => {
      if (event === 'drop.settled') progress.say(`${++settledFiles} of ${FILES} files settled`);
    });
    const settled = await daemon.waitForMany('drop.settled', FILES);
    await checkWork(scene, FILES);
    const requests = (await sandbox.counts()).total;
    const tookMs = Math.max(...settled.map(({ time }) => Date.parse(time))) - stableAtMs;
    return [
      { name: 'all settled, after being stable', value: tookMs / 1000, unit: 's', bound: { atMost: 5 } },
      { name: 'requests a row', value: requests / FILES, unit: '' },
    ];
  },
};
