import { type ChildProcess, spawn } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SftpServer } from './sftp-server.ts';

export interface SessionOptions {
  /** Where local files lie. */
  readonly cwd: string;
  /** Kbit/s; pieces are small then. */
  readonly limit?: number;
}

/** OpenSSH's client with commands to do. */
export class SftpSession implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;
  #said = '';

  constructor(
    { port, userKey, login }: SftpServer,
    commands: readonly string[],
    { cwd, limit }: SessionOptions,
  ) {
    const slow = limit === undefined ? [] : ['-l', String(limit), '-B', '4096', '-R', '1'];
    const trust = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    const options = trust.flatMap((option) => ['-o', option]);
    const args = [
      '-q',
      '-b',
      '-',
      '-P',
      String(port),
      '-i',
      userKey,
      ...options,
      ...slow,
      `${login}@127.0.0.1`,
    ];
    this.#process = spawn('sftp', args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin?.on('error', () => {});
    this.#process.stdin?.end(`${commands.join('\n')}\n`);
  }

  /** Resolves when every command is done. @throws Error with what the client said where one was not */
  async done(): Promise<void> {
    const code = await this.#ended;
    if (code !== 0) throw new Error(`sftp ended with ${code}: ${this.#said}`);
  }

  /** The connection stays and nothing comes over it any more. */
  stall(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  /** As a line that breaks. */
  async cut(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.cut();
  }
}

/** Does the commands in one session. */
export async function sftp(
  server: SftpServer,
  commands: readonly string[],
  options: SessionOptions,
): Promise<void> {
  await using session = new SftpSession(server, commands, options);
  await session.done();
}

/** Resolves when the file has as many bytes, or more. */
export async function grown(path: string, bytes: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    stat(path).then(
      ({ size }) => size >= bytes && resolve(),
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && reject(error),
    );
  };
  const watcher: FSWatcher = watch(dirname(path), look);
  look();
  try {
    await promise;
  } finally {
    watcher.close();
  }
}
