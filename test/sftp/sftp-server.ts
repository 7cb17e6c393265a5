import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { appendForAll, type Machine } from './machine.ts';
import { run } from './run.ts';

/** Where sshd keeps the part of itself that talks to strangers; Debian's unit makes it at each start. */
const SEPARATION_FOLDER = '/run/sshd';

/** OpenSSH's server on the loopback, with keys of its own and the `Match` block of docs/sftp.md. */
export class SftpServer implements AsyncDisposable {
  readonly port: number;
  /** Private key that it lets in. */
  readonly userKey: string;
  readonly login: string;
  readonly #process: ChildProcess;

  private constructor(port: number, userKey: string, login: string, child: ChildProcess) {
    this.port = port;
    this.userKey = userKey;
    this.login = login;
    this.#process = child;
  }

  /** Resolves when it listens; `umask` and `login` are others than those of the page. */
  static async start(
    machine: Machine,
    { umask = '0027', login = machine.logins.uploader }: { umask?: string; login?: string } = {},
  ): Promise<SftpServer> {
    const port = await freePort();
    const at = (name: string) => join(machine.keys, `${name}-${port}`);
    for (const name of ['host', 'user'])
      await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', at(name));
    const key = await run('ssh-keygen', '-y', '-f', at('user'));
    await appendForAll(join(machine.keys, login), key);
    const block = machine.block('sshd_config').replace(`User ${machine.logins.uploader}`, `User ${login}`);
    const config = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'Subsystem sftp internal-sftp',
      block.replace('-u 0027', `-u ${umask}`),
    ];
    await writeFile(at('config'), config.join('\n'));
    await mkdir(SEPARATION_FOLDER, { recursive: true, mode: 0o755 });
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const server = new SftpServer(port, at('user'), login, child);
    await server.#listening();
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }

  async #listening(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const said: string[] = [];
    createInterface({ input: this.#process.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Server listening')) resolve();
    });
    this.#process.once('error', reject);
    this.#process.once('exit', () => reject(new Error(`sshd ended: ${said.join('\n')}`)));
    await promise;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
