import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../domain/failure.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import type { OrderSeed } from '../../sandbox/seed.ts';

/** A file that is dropped as it lies in the fixtures. */
interface DemoDrop {
  readonly inbox: string;
  readonly name: string;
  readonly path: string;
}

/** What happens besides files being dropped. */
interface Scenes {
  /** Answers of the store that never arrive, though the write took effect. */
  readonly lostAnswers: readonly FaultRule[];
  /** The store goes away after so many answered writes. */
  readonly outage: { readonly afterWrites: number; readonly forMs: number };
  readonly slowUpload: {
    readonly inbox: string;
    readonly name: string;
    /** A pause of `pauseMs` follows each piece. */
    readonly pieces: readonly { readonly text: string; readonly pauseMs: number }[];
  };
  /** A file that somebody drops once more, after it was settled. */
  readonly droppedAgain: { readonly inbox: string; readonly name: string };
}

/** How everything must have ended. */
export interface Expected {
  /** By inbox and settled name, as in `warehouse/morning.csv`; outcomes by line. */
  readonly files: Readonly<
    Record<
      string,
      { readonly folder: 'processed' | 'failed'; readonly rows: Readonly<Record<string, Outcome>> }
    >
  >;
  /** By order number, the tracking numbers on each of its shipments; every order that has a shipment. */
  readonly shop: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** By tracking number, what the customer reads above it; for some of them. */
  readonly titles: Readonly<Record<string, string>>;
}

/** What is played, and how it must end. */
export interface Fixtures {
  readonly orders: readonly OrderSeed[];
  readonly drops: readonly DemoDrop[];
  readonly scenes: Scenes;
  readonly expected: Expected;
}

/**
 * Reads what the demo plays: `orders.json`, `scenes.json`, `expected.json`, and the files in `drops/INBOX/`.
 * @throws UsageError when the folder is not there, as in an installed package.
 */
export async function readFixtures(folder: string): Promise<Fixtures> {
  const json = async <T>(name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
  try {
    return {
      orders: await json<OrderSeed[]>('orders.json'),
      scenes: await json<Scenes>('scenes.json'),
      expected: await json<Expected>('expected.json'),
      drops: await dropsIn(join(folder, 'drops')),
    };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new UsageError('no-fixtures', `the files that the demo drops are not here: ${folder}`, {
      hint: 'They come with the source repository, not with the package: run `npm ci && npm run demo` there. `trackdrop sandbox` works here too.',
      cause: error,
    });
  }
}

async function dropsIn(folder: string): Promise<DemoDrop[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({
      inbox: parentPath.slice(folder.length + 1),
      name,
      path: join(parentPath, name),
    }))
    .sort((one, other) => one.path.localeCompare(other.path, 'en'));
}
