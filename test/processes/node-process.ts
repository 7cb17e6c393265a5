import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Numbers, as the system knows them. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
}

export interface NodeProcessOptions {
  /** Script and its arguments, with Node's own before it. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whom it runs as, where this one may choose; else as this one. */
  readonly user?: ProcessUser;
  /** Name of the user it runs as, with all the groups of that one, where this one is root. */
  readonly login?: string;
  /** Called for each line of stdout. */
  readonly onLine: (line: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of its own on the same Node as this one. */
export interface NodeProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when it has ended and everything that it wrote was read. */
  readonly exit: Promise<Exit>;
  /** What it wrote to stderr so far. */
  stderr(): string;
  /** Sends the signal and waits for the end; a process that ended already is left alone. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Of the caller's environment only this goes along: a stray TRACKDROP_... would change what is measured. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const;

/**
 * Environment for processes that are started again and again: Node keeps there what it made of the sources, checks
 * it against them, and starts in half the time; `npm test` sets it for each of its files. Not for those whose start is
 * measured.
 */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'trackdrop-compile-cache') } as const;

/** Starts a process. It is killed when it is disposed of, and not outlived by this one's normal end. */
export function startNode({ args, env = {}, cwd, user, login, onLine }: NodeProcessOptions): NodeProcess {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const [command = '', ...first] = [...asLogin(login), process.execPath];
  const child = spawn(command, [...first, ...args], {
    cwd,
    ...user,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`the process could not be started: ${args.join(' ')}`);
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);

  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  // A write to a process that has just ended is no news: `exit` tells of its end.
  child.stdin.on('error', () => {});

  const exit = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', killWithUs);
      resolve({ code, signal });
    });
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return exit;
  };
  return {
    child,
    pid,
    exit,
    stderr: () => errors,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}

/** Node's own options name a user and one group only. */
function asLogin(login: string | undefined): readonly string[] {
  return login === undefined
    ? []
    : ['setpriv', `--reuid=${login}`, `--regid=${login}`, '--init-groups', '--no-new-privs', '--'];
}
