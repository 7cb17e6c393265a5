import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Events } from '../../events.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fixtures } from './fixtures.ts';

/** What a scene may use: the running shop, the daemon's folders and its events. */
export interface Stage {
  /** Holds a folder for each inbox. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly events: Events;
  readonly clock: Clock;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays everything that the warehouse and the shop do; resolves when the last file is settled. Rejects with the
 * signal's reason.
 */
export async function play({ drops, scenes, expected }: Fixtures, stage: Stage): Promise<void> {
  const { events, signal } = stage;
  const files = Object.keys(expected.files).length;
  let settled = 0;
  await Promise.all([
    events.next('drop.settled', () => ++settled >= files, signal),
    goAway(scenes.outage, stage),
    dropAgain(scenes.droppedAgain, stage),
    drop(drops, stage).then(() => uploadSlowly(scenes.slowUpload, stage)),
  ]);
}

function inInbox({ folder }: Stage, { inbox, name }: { readonly inbox: string; readonly name: string }) {
  return join(folder, inbox, 'inbox', name);
}

async function drop(drops: Fixtures['drops'], stage: Stage): Promise<void> {
  for (const file of drops) await copyFile(file.path, inInbox(stage, file));
  for (const [inbox, files] of Map.groupBy(drops, (file) => file.inbox)) {
    stage.say(`> ${inbox}/inbox: ${files.map((file) => file.name).join(', ')}`);
  }
}

/** Like an SFTP server over a bad line: the file stays open, and a pause falls into the middle of a number. */
async function uploadSlowly(upload: Fixtures['scenes']['slowUpload'], stage: Stage): Promise<void> {
  const { clock, signal, say } = stage;
  const { inbox, name, pieces } = upload;
  await using file = await open(inInbox(stage, upload), 'wx');
  say(`> ${inbox}/inbox: ${name} is being uploaded, slowly`);
  for (const { text, pauseMs } of pieces) {
    await file.write(text);
    if (pauseMs === 0) continue;
    say(`> ${name}: the upload pauses after "${text.split('\n').at(-1)}"; half a number is a wrong one`);
    await clock.sleep(pauseMs, signal);
  }
  say(`> ${name}: the upload is complete`);
}

async function goAway({ afterWrites, forMs }: Fixtures['scenes']['outage'], stage: Stage): Promise<void> {
  const { events, signal, sandbox, say } = stage;
  let writes = 0;
  await events.next('write.answered', () => ++writes >= afterWrites, signal);
  say(`> The shop is switched off for ${forMs / 1000} s, in the middle of the work`);
  await sandbox.goDown(forMs);
}

async function dropAgain(again: Fixtures['scenes']['droppedAgain'], stage: Stage): Promise<void> {
  const { events, signal, clock, say } = stage;
  const { inbox, name } = again;
  const { folder, file } = await events.next(
    'drop.settled',
    (settled) => settled.inbox === inbox && settled.name === name,
    signal,
  );
  await clock.sleep(SOMEBODY_TAKES_MS, signal);
  await copyFile(join(folder, file), inInbox(stage, again));
  say(`> ${inbox}/inbox: ${name} again, by mistake`);
}

const SOMEBODY_TAKES_MS = 500;
