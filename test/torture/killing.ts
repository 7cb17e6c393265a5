import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventName } from '../../src/events.ts';
import { readOnly } from '../../src/ledger/existing.ts';
import type { DaemonProcess } from '../processes/daemon-process.ts';
import type { DataFolder } from '../processes/data-folder.ts';
import type { Chance } from './chance.ts';

type WatchedFolder = 'inbox' | 'working' | 'processed' | 'failed';

/** What a moment counts from: the daemon's start, a line of its log, or a name that comes or goes in a folder. */
type Trigger =
  | { readonly kind: 'start' }
  | { readonly kind: 'line'; readonly event: EventName; readonly nth: number }
  | { readonly kind: 'name'; readonly folder: WatchedFolder; readonly nth: number };

/** When a daemon is killed. */
export interface Moment {
  readonly trigger: Trigger;
  readonly afterMs: number;
}

/** A daemon that does not come to its moment is killed all the same after this. */
const LONGEST_LIFE_MS = 2_500;
const EVENTS: readonly EventName[] = [
  'drop.resumed',
  'drop.claimed',
  'drop.read',
  'orders.looked-up',
  'write.sent',
  'write.answered',
  'row.settled',
  'drop.settled',
];
/** Claims and the moves at the end take a few ms each: by time alone hardly a kill would fall into them. */
const FOLDERS: readonly WatchedFolder[] = ['inbox', 'working', 'working', 'processed', 'failed'];

/** A moment by chance: on the way up, at any time, or just after something happened. */
export function nextMoment(chance: Chance): Moment {
  const kind = chance.next();
  if (kind < 0.06) return { trigger: { kind: 'start' }, afterMs: chance.between(0, 450) };
  if (kind < 0.34) {
    const trigger = { kind: 'line', event: 'daemon.active', nth: 1 } as const;
    return { trigger, afterMs: chance.between(0, 1_200) };
  }
  const nth = chance.between(1, 12);
  if (kind < 0.64) {
    const trigger = { kind: 'line', event: chance.pick(EVENTS), nth } as const;
    return { trigger, afterMs: chance.between(0, 12) };
  }
  return {
    trigger: { kind: 'name', folder: chance.pick(FOLDERS), nth },
    afterMs: chance.hits(0.5) ? 0 : chance.between(1, 5),
  };
}

/** Kills the daemon at its moment. False where it had ended by itself before. */
export async function killAt(
  daemon: DaemonProcess,
  folder: DataFolder,
  { trigger, afterMs }: Moment,
): Promise<boolean> {
  const isOver = new AbortController();
  const { signal } = isOver;
  const moment = reached(trigger, daemon, folder, signal).then(() =>
    afterMs > 0 ? sleep(afterMs, undefined, { signal }) : undefined,
  );
  const tooLate = sleep(LONGEST_LIFE_MS, undefined, { signal });
  await Promise.race([moment, tooLate, daemon.exit]).catch(() => {
    // The log ended before the moment came: the daemon's own exit, below, says so.
  });
  const exit = await daemon.stop('SIGKILL');
  isOver.abort();
  await Promise.allSettled([moment, tooLate]);
  return exit.signal === 'SIGKILL';
}

async function reached(
  trigger: Trigger,
  daemon: DaemonProcess,
  folder: DataFolder,
  signal: AbortSignal,
): Promise<void> {
  switch (trigger.kind) {
    case 'start':
      return;
    case 'line':
      await daemon.waitForMany(trigger.event, trigger.nth);
      return;
    case 'name':
      await daemon.waitFor('daemon.active');
      await nameChanges(foldersOf(folder, trigger.folder), trigger.nth, signal);
  }
}

/** `processed/` has its files in folders by day. */
function foldersOf(folder: DataFolder, name: WatchedFolder): string[] {
  const path = folder[name];
  if (!existsSync(path)) return [];
  return name === 'processed' ? readdirSync(path).map((day) => join(path, day)) : [path];
}

/** Resolves after so many names have come or gone; rejects when the signal fires. */
function nameChanges(paths: readonly string[], count: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let seen = 0;
  for (const path of paths) {
    watch(path, { signal }, () => {
      seen += 1;
      if (seen === count) resolve();
    });
  }
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

/** What a kill may cut off. */
export type Stage = 'start' | 'claim' | 'read' | 'push' | 'write on the wire' | 'settle' | 'idle';

/** What was under way when the daemon was killed, by what it left behind. */
export function stagesLeft({ inbox, working, ledger }: DataFolder, wasActive: boolean): Stage[] {
  if (!wasActive) return ['start'];
  const stages = new Set<Stage>();
  if (readdirSync(inbox).some((name) => name.startsWith('.claimed-'))) stages.add('claim');
  readOnly(ledger, 'writes', (db) => {
    const drops = db.prepare(`SELECT id, name, state FROM drops WHERE state <> 'settled'`).all();
    for (const { id, name, state } of drops) {
      if (state === 'ready') stages.add('push');
      if (state === 'settling') stages.add('settle');
      if (state === 'claimed')
        stages.add(existsSync(join(working, String(id), String(name))) ? 'read' : 'claim');
    }
    const open = `SELECT count(*) AS n FROM writes WHERE state = 'open'
      AND drop_seq IN (SELECT seq FROM drops WHERE state = 'ready')`;
    if (Number(db.prepare(open).get()?.n) > 0) stages.add('write on the wire');
  });
  return stages.size > 0 ? [...stages] : ['idle'];
}
