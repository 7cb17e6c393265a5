import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxProcess } from './sandbox-process.ts';

/** Groups of the configuration file, in its own words, laid over what the data folder writes by itself. */
export interface ConfigWords {
  readonly store?: Readonly<Record<string, unknown>>;
  readonly inbox?: Readonly<Record<string, unknown>>;
  /** Beside `stores` and `inboxes`. */
  readonly root?: Readonly<Record<string, unknown>>;
}

/** What an inbox has beside itself. */
export type SiblingName = 'working' | 'waiting' | 'processed' | 'failed';

/** A temporary data folder with its configuration file, for a daemon in a process of its own. */
export interface DataFolder extends AsyncDisposable, Readonly<Record<SiblingName, string>> {
  readonly path: string;
  readonly config: string;
  readonly inbox: string;
  readonly ledger: string;
  /** Puts whole files into the inbox, each by one rename, as fast as it goes. */
  drop(files: ReadonlyMap<string, string>): Promise<void>;
}

/** A file system of its own on every Linux, for folders between which nothing can be renamed or linked. */
const OTHER_MOUNT = '/dev/shm';

/** Else what fails in a file would do so hours later. */
const NO_WAIT = { orderNotFound: '0s', orderHeld: '0s', unpaid: '0s' };

/**
 * Everything that is not laid over has its default, but no row waits. Folders named by `elsewhere` lie on another file
 * system than `parent`.
 */
export async function makeDataFolder(
  { url, oauth }: Pick<SandboxProcess, 'url' | 'oauth'>,
  words: ConfigWords = {},
  elsewhere: readonly SiblingName[] = [],
  parent = tmpdir(),
): Promise<DataFolder> {
  const path = await mkdtemp(join(parent, 'trackdrop-'));
  const otherMount = elsewhere.length > 0 ? await mkdtemp(join(OTHER_MOUNT, 'trackdrop-')) : undefined;
  const placeOf = (name: SiblingName) =>
    join(elsewhere.includes(name) && otherMount !== undefined ? otherMount : path, name);
  const moved = Object.fromEntries(elsewhere.map((name) => [name, placeOf(name)]));
  const inbox = join(path, 'inbox');
  const outside = join(path, 'outside');
  const config = join(path, 'trackdrop.yaml');
  await mkdir(inbox);
  await mkdir(outside);
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = oauth;
  const auth = { oauth: { consumerKey, consumerSecret, accessToken, accessTokenSecret } };
  const written = {
    stores: { main: { url, auth, ...words.store } },
    inboxes: [{ name: 'main', folder: 'inbox', waitFor: NO_WAIT, ...moved, ...words.inbox }],
    ledger: 'trackdrop.db',
    ...words.root,
  };
  // YAML is a superset of JSON.
  await writeFile(config, JSON.stringify(written, null, 2));
  return {
    path,
    config,
    inbox,
    working: placeOf('working'),
    waiting: placeOf('waiting'),
    processed: placeOf('processed'),
    failed: placeOf('failed'),
    ledger: join(path, 'trackdrop.db'),
    async drop(files) {
      for (const [name, text] of files) await writeFile(join(outside, name), text);
      for (const name of await readdir(outside)) await rename(join(outside, name), join(inbox, name));
    },
    async [Symbol.asyncDispose]() {
      for (const root of [path, otherMount]) {
        if (root !== undefined) await rm(root, { recursive: true, force: true });
      }
    },
  };
}
