import { fileURLToPath } from 'node:url';
import { LogLines } from './log-lines.ts';
import { COMPILE_CACHE, type NodeProcess, type ProcessUser, startNode } from './node-process.ts';

export interface DaemonProcessOptions {
  /** The configuration file; where it is absent the environment alone must do. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The sources, compiled once for all of them, or what `npm run build` made of them. Default `src`. */
  readonly entry?: 'src' | 'dist';
  /** After `run`. */
  readonly args?: readonly string[];
  /** Node's own, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
  /** How long a line of its log is waited for; default two minutes. */
  readonly lineWithinMs?: number;
  /** Whom it runs as; as this process where nobody is named. */
  readonly user?: ProcessUser;
  readonly login?: string;
}

export interface DaemonProcess extends NodeProcess {
  /** Its log: rejects every wait when the process ends. Log in JSON is what it does away from a terminal. */
  readonly log: LogLines;
  readonly waitFor: LogLines['waitFor'];
  readonly waitForMany: LogLines['waitForMany'];
}

const MAIN = {
  src: fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
  dist: fileURLToPath(new URL('../../dist/main.js', import.meta.url)),
} as const;

/** Starts `trackdrop run`. Returns at once: wait for `inbox.watching` to know that it is at work. */
export function startDaemonProcess(options: DaemonProcessOptions): DaemonProcess {
  const {
    config,
    env = {},
    entry = 'src',
    args = [],
    nodeArgs = [],
    cwd,
    user,
    login,
    lineWithinMs,
  } = options;
  const log = new LogLines(lineWithinMs);
  const file = config === undefined ? [] : ['--config', config];
  const started = startNode({
    args: [...nodeArgs, MAIN[entry], 'run', ...file, ...args],
    env: { ...(entry === 'src' ? COMPILE_CACHE : {}), ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(user === undefined ? {} : { user }),
    ...(login === undefined ? {} : { login }),
    onLine: (line) => log.add(line),
  });
  void started.exit.then(({ code, signal }) => {
    log.end(new Error(`the daemon ended (code ${code}, signal ${signal})\n${started.stderr()}`));
  });
  return {
    ...started,
    log,
    waitFor: (event, matches) => log.waitFor(event, matches),
    waitForMany: (event, count, matches) => log.waitForMany(event, count, matches),
  };
}
