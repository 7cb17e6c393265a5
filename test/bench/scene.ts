import { imageCommand, imageEnvironment } from '../dockerfile.ts';
import { type DaemonProcess, startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { type SandboxProcess, startSandboxProcess } from '../processes/sandbox-process.ts';
import type { Figure } from './figures.ts';
import type { Progress } from './progress.ts';

/** One thing that is measured, by itself: a store, a data folder and a daemon of its own. */
export interface Measure {
  readonly name: string;
  readonly about: string;
  run(parts: MeasureParts): Promise<readonly Figure[]>;
}

export interface MeasureParts {
  readonly progress: Progress;
  /** Node's own arguments for the daemon. */
  readonly nodeArgs: readonly string[];
}

export interface StoreTraits {
  readonly readMs: number;
  readonly writeMs: number;
  /** How the daemon signs in. Default `oauth`, which Magento's own default asks for. */
  readonly auth?: 'oauth' | 'bearer';
}

/** What the bounds are stated for: a store that takes 50 ms to read and 100 ms to write. */
export const SLOW_STORE: StoreTraits = { readMs: 50, writeMs: 100 };
export const FAST_STORE: StoreTraits = { readMs: 0, writeMs: 0 };
/** As the configuration has it by default. */
export const STABLE_FOR_MS = 5_000;

export interface Scene extends AsyncDisposable {
  readonly sandbox: SandboxProcess;
  readonly data: DataFolder;
  readonly daemon: DaemonProcess;
}

/** Longer than any of the work takes that is measured. */
const WORK_WITHIN_MS = 30 * 60_000;

/**
 * Sandbox and daemon in processes of their own, the daemon built, with its defaults and with the image's
 * variables; resolves when it watches.
 */
export async function openScene(
  { auth = 'oauth', ...latency }: StoreTraits,
  nodeArgs: readonly string[],
): Promise<Scene> {
  await using opening = new AsyncDisposableStack();
  const sandbox = opening.use(await startSandboxProcess(latency));
  const words = auth === 'bearer' ? { store: { auth: { bearer: sandbox.bearer } } } : {};
  const data = opening.use(await makeDataFolder(sandbox, words));
  const daemon = opening.use(
    startDaemonProcess({
      config: data.config,
      entry: 'dist',
      nodeArgs: [...(await imageCommand()).nodeArgs, ...nodeArgs],
      env: await allocatorSettings(),
      lineWithinMs: WORK_WITHIN_MS,
    }),
  );
  await daemon.waitFor('inbox.watching');
  const open = opening.move();
  // Ended by a signal it can answer: a killed process writes no profile.
  open.defer(async () => void (await daemon.stop('SIGTERM')));
  return { sandbox, data, daemon, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** Those of the image's variables that are no configuration. */
async function allocatorSettings(): Promise<Record<string, string>> {
  const variables = Object.entries(await imageEnvironment());
  return Object.fromEntries(variables.filter(([name]) => name.startsWith('MALLOC_')));
}

/** Files of rows that each need one write: a new number for an order that has a shipment. */
export async function filesOf(
  sandbox: SandboxProcess,
  { files, rowsEach }: { readonly files: number; readonly rowsEach: number },
): Promise<ReadonlyMap<string, string>> {
  const orders = await sandbox.generate(files * rowsEach, { shipped: true });
  return new Map(
    Array.from({ length: files }, (_, file) => {
      const rows = orders
        .slice(file * rowsEach, (file + 1) * rowsEach)
        .map((order) => `${order},JD${order.padStart(16, '0')},ups,UPS Ground\n`);
      const name = `parcels-${String(file + 1).padStart(3, '0')}.csv`;
      return [name, `order_number,tracking_number,carrier_code,title\n${rows.join('')}`];
    }),
  );
}

/** A figure of work that was not done would be worth nothing: each number stands once, each row is `tracked`. */
export async function checkWork({ sandbox, daemon }: Scene, rows: number): Promise<void> {
  await checkTracks(sandbox, rows);
  const settled = daemon.log.all.filter(({ event }) => event === 'drop.settled');
  const tracked = settled.reduce((sum, { counts }) => sum + Number((counts as Counts).tracked), 0);
  if (tracked !== rows) throw new Error(`${tracked} of ${rows} rows were tracked`);
}

/** @throws Error unless so many numbers stand in the store, each of them once. */
export async function checkTracks(sandbox: SandboxProcess, rows: number): Promise<void> {
  const numbers = (await sandbox.tracks()).map(({ trackNumber }) => trackNumber);
  if (numbers.length !== rows || new Set(numbers).size !== rows) {
    throw new Error(`${numbers.length} tracks stand (${new Set(numbers).size} numbers) for ${rows} rows`);
  }
}

interface Counts {
  readonly tracked?: number;
}
