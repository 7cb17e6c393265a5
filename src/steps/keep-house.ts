import type { Config } from '../config/config.ts';
import { StoppedError } from '../domain/failure.ts';
import { BEFORE_ROWS, type RowPlace } from '../domain/row.ts';
import { Mounts } from '../intake/mounts.ts';
import { Bell } from '../runtime/bell.ts';
import { type PruneParts, prune } from './prune.ts';

/** The work that waits at a start goes first. */
const FIRST_PRUNE_AFTER_MS = 60_000;
const PRUNE_EVERY_MS = 24 * 60 * 60_000;

type HouseConfig = Pick<Config, 'keep' | 'inboxes'>;

/** What is to be kept in order, as it is before any work begins: a mount that goes later is missed then. */
export async function lookOverHouse(
  { inboxes }: HouseConfig,
  parts: Omit<PruneParts, 'mounts'>,
): Promise<PruneParts> {
  const mounts = await Mounts.on(inboxes.flatMap(({ processed, failed }) => [processed, failed]));
  return { ...parts, mounts };
}

/**
 * What is done beside the work until the signal fires: the rows of settled drops are entered by their keys, for whoever looks for
 * one, and a minute after the start and once a day what is too old goes.
 * @throws what the ledger throws
 */
export async function keepHouse(config: HouseConfig, parts: PruneParts): Promise<void> {
  await untilStopped(Promise.all([enterKeysAsSettled(parts), pruneDaily(config, parts)]));
}

/** The same once, for a run that ends by itself. */
export async function tidyUp(config: HouseConfig, parts: PruneParts): Promise<void> {
  await untilStopped(
    (async () => {
      await enterKeys(parts);
      await prune(config, parts);
    })(),
  );
}

async function pruneDaily(config: HouseConfig, parts: PruneParts): Promise<void> {
  const { clock, signal } = parts;
  await clock.sleep(FIRST_PRUNE_AFTER_MS, signal);
  for (;;) {
    await prune(config, parts);
    await clock.sleep(PRUNE_EVERY_MS, signal);
  }
}

async function enterKeysAsSettled(parts: PruneParts): Promise<void> {
  const bell = new Bell();
  // Each ends a drop, with a file to put away or without.
  const ends = ['drop.settled', 'drop.vanished', 'drop.wait-ended'] as const;
  const offs = ends.map((end) => parts.events.on(end, () => bell.ring()));
  try {
    for (;;) {
      await enterKeys(parts);
      await bell.wait(parts.signal);
    }
  } finally {
    for (const off of offs) off();
  }
}

async function enterKeys({ ledger: { rowKeys, together }, signal }: PruneParts): Promise<void> {
  for (let seq = rowKeys.nextWithout(0); seq !== undefined; seq = rowKeys.nextWithout(seq)) {
    const drop = seq;
    for (let at: RowPlace | undefined = BEFORE_ROWS; at; ) {
      if (signal.aborted) throw new StoppedError();
      const from: RowPlace = at;
      at = await together(() => rowKeys.enterAfter(drop, from));
    }
  }
}

async function untilStopped(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof StoppedError)) throw error;
  });
}
