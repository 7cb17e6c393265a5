import { lstat } from 'node:fs/promises';
import type { Clock } from '../runtime/clock.ts';
import { stateOf } from './file-state.ts';
import { endsWithLineEnd } from './last-bytes.ts';
import { type Sighting, type StableRules, sight, stableAtMs } from './stable.ts';

/**
 * Waits until a claimed file is complete by the same rules as one in the inbox, and returns its size. A file that is renamed keeps
 * its writer: an upload that paused for longer than the rules allow goes on in `working/`, and what was read
 * meanwhile may end in half a number.
 * @throws StoppedError when the signal fires first; whatever the file system says.
 */
export async function whenSteady(
  path: string,
  rules: StableRules,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number> {
  let sighting: Sighting | undefined;
  for (;;) {
    const nowMs = clock.nowMs();
    const state = stateOf(await lstat(path, { bigint: true }));
    sighting = sight(sighting, state, nowMs);
    const atMs = stableAtMs(sighting, await endsWithLineEnd(path, state.bytes), rules);
    if (atMs <= nowMs) return state.bytes;
    await clock.sleep(Math.min(atMs - nowMs, rules.stableForMs), signal);
  }
}
