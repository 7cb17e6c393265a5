import { accessSync, constants } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOfPage } from './docs-page.ts';
import { run } from './run.ts';

const SSHD = '/usr/sbin/sshd';
/** Every folder above a chroot must belong to root alone, which /tmp does not. */
const ABOVE = '/srv';

/** Why no SFTP server with users of its own can be had here; false where it can. */
export function whyNoMachine(): string | false {
  if (process.getuid?.() !== 0) return 'only root may make users and start an SFTP server for them';
  try {
    accessSync(SSHD, constants.X_OK);
    return false;
  } catch {
    return `${SSHD} is not there: apt-get install openssh-server`;
  }
}

/** The users that docs/sftp.md makes, and one of operations, under names that are nobody else's. */
interface Logins {
  readonly daemon: string;
  readonly uploader: string;
  readonly reader: string;
}

/**
 * Users, groups and folders as docs/sftp.md makes them, by its own commands; other names and another root are all that
 * differs. Everything is taken away again at the end.
 */
export class Machine implements AsyncDisposable {
  /** In the place of /srv/trackdrop. */
  readonly root: string;
  /** For keys and what else sshd needs. */
  readonly keys: string;
  readonly logins: Logins;
  readonly #blocks: ReadonlyMap<string, string>;
  readonly #groups: readonly string[];
  readonly #undo = new AsyncDisposableStack();

  private constructor(root: string, keys: string, blocks: ReadonlyMap<string, string>) {
    this.root = root;
    this.keys = keys;
    this.#blocks = blocks;
    const own = (name: string) => this.#ownName(name);
    this.logins = { daemon: own('trackdrop'), uploader: own('acme'), reader: own('reader') };
    this.#groups = ['dropbox', 'operations'].map(own);
  }

  static async make(): Promise<Machine> {
    const root = join(await folderOfOurs(), 'trackdrop');
    const keys = join(await folderOfOurs(), 'keys');
    await mkdir(keys);
    const machine = new Machine(root, keys, await blocksOfPage());
    try {
      await machine.#setUp();
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  get inbox(): string {
    return join(this.root, this.logins.uploader, 'inbox');
  }

  get data(): string {
    return join(this.root, 'data');
  }

  /** A fenced block of the page, with the names and the root of this machine. */
  block(info: string): string {
    const text = this.#blocks.get(info);
    if (text === undefined) throw new Error(`docs/sftp.md has no block ${info}`);
    return text
      .replaceAll('/srv/trackdrop', '@root@')
      .replaceAll('/etc/ssh/authorized_keys', '@keys@')
      .replaceAll(/\b(acme|dropbox|operations|trackdrop)\b(?!\.db)/g, (name) => this.#ownName(name))
      .replaceAll('@root@', this.root)
      .replaceAll('@keys@', this.keys);
  }

  /** A user of another name who is the daemon's to the system, as the page has it for clients that set modes. */
  async makeTwin(): Promise<string> {
    const twin = this.#ownName('twin');
    const [dropbox = ''] = this.#groups;
    const uid = (await run('id', '-u', this.logins.daemon)).trim();
    this.#undo.defer(() => gone('userdel', '--force', twin));
    await run(
      'useradd',
      '--non-unique',
      '--uid',
      uid,
      '--gid',
      dropbox,
      '--no-create-home',
      '--password',
      '*',
      twin,
    );
    return twin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#undo.disposeAsync();
  }

  async #setUp(): Promise<void> {
    for (const path of [this.root, this.keys]) {
      this.#undo.defer(() => rm(join(path, '..'), { recursive: true, force: true }));
    }
    for (const group of this.#groups) this.#undo.defer(() => gone('groupdel', group));
    for (const login of Object.values(this.logins)) this.#undo.defer(() => gone('userdel', '--force', login));
    await run('sh', '-eu', '-c', this.block('sh users'));
    const [, operations = ''] = this.#groups;
    await run('useradd', '--user-group', '--no-create-home', '--groups', operations, this.logins.reader);
    await run('sh', '-eu', '-c', this.block('sh folders'));
  }

  /** No machine has it, and two runs of the test at once do not share it. */
  #ownName(name: string): string {
    return `${name}-${process.pid}`;
  }
}

/** Removes what was made, as far as it was. */
async function gone(command: string, ...args: readonly string[]): Promise<void> {
  await run(command, ...args).catch((error: { code?: number }) => {
    // 6 is that there is no such user or group, as after a set-up that was cut off.
    if (error.code !== 6) throw error;
  });
}

async function folderOfOurs(): Promise<string> {
  const path = await mkdtemp(join(ABOVE, 'trackdrop-sftp-'));
  await chmod(path, 0o755);
  return path;
}

/** Adds to a file, which may be new, and which everybody may read. */
export async function appendForAll(path: string, text: string): Promise<void> {
  await appendFile(path, text);
  await chmod(path, 0o644);
}
