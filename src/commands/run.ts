import { hostname } from 'node:os';
import { secretsOf } from '../config/decide.ts';
import { readConfig } from '../config/read.ts';
import { runDaemon } from '../daemon.ts';
import { StoppedError } from '../domain/failure.ts';
import { anyFailed } from '../domain/outcome.ts';
import { Events } from '../events.ts';
import { bootOf } from '../runtime/boot.ts';
import { systemClock } from '../runtime/clock.ts';
import { collectGarbage, collectWhenIdle } from '../runtime/idle-memory.ts';
import { openLog } from '../runtime/log.ts';
import { logEvents } from '../runtime/log-events.ts';
import { Secrets } from '../runtime/secrets.ts';
import { banner } from './banner.ts';
import { EXIT } from './exit-codes.ts';
import { type Shell, STOP_SIGNALS } from './shell.ts';

/** What `run` was asked for. */
export interface RunOptions {
  readonly config?: string;
  readonly once: boolean;
}

/**
 * The daemon, until a signal: then 0, since what was left is taken up at the next start. With `once` until the
 * inboxes are empty: then 3 where a store was left out since it is away or refuses us, 1 where a row failed, 4 where a
 * row waits or a file was left.
 * @throws ConfigError, UsageError and StoreError before anything was touched.
 */
export async function runCommand(options: RunOptions, shell: Shell): Promise<number> {
  const { config } = await readConfig({
    file: options.config,
    env: shell.env,
    cwd: shell.cwd,
    logFormat: shell.stdout.isTTY ? 'pretty' : 'json',
  });
  const events = new Events();
  const { level, format } = config.log;
  const secrets = new Secrets(secretsOf(config));
  const logOptions = {
    level,
    format,
    colour: shell.stdout.isTTY,
    secrets,
    clock: systemClock,
  };
  const log = openLog(logOptions, (chunk) => shell.stdout.write(chunk));
  logEvents(events, log);
  using _memory = collectWhenIdle(events, { clock: systemClock, collect: collectGarbage });
  for (const { level, text } of banner(config)) log.write(level, { event: 'banner', msg: text, facts: {} });

  const stop = new AbortController();
  const endWith = (reason: string) => {
    events.emit('daemon.stopping', { reason });
    stop.abort();
  };
  const offSignals = STOP_SIGNALS.map((name) => shell.onSignal(name, () => endWith(name)));
  const tally = new Tally(events);
  try {
    await runDaemon(config, {
      clock: systemClock,
      events,
      pid: shell.pid,
      host: hostname(),
      boot: bootOf(),
      user: shell.user(),
      once: options.once,
      signal: stop.signal,
      keepSecret: secrets.keep,
    });
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  } finally {
    for (const off of offSignals) off();
    await log.close();
  }
  return tally.exitCode(options.once);
}

/** What the exit code tells of the drops that were settled, and of those that were not. */
class Tally {
  #anyLeftOut = false;
  #anyFailed = false;
  #anyLeft = false;

  constructor(events: Events) {
    events.on('drop.settled', ({ counts }) => {
      this.#anyFailed ||= anyFailed(counts);
    });
    events.on('store.left-out', () => {
      this.#anyLeftOut = true;
    });
    // What cannot be taken stays in the inbox, and what waits in its own folder.
    for (const name of ['file.stuck', 'file.left', 'drop.waiting'] as const) {
      events.on(name, () => {
        this.#anyLeft = true;
      });
    }
    events.on('daemon.stopped', ({ openDrops }) => {
      this.#anyLeft ||= openDrops > 0;
    });
  }

  /** A daemon that was asked to stop did what it was asked, whatever its files ended as. */
  exitCode(once: boolean): number {
    if (!once) return EXIT.done;
    if (this.#anyLeftOut) return EXIT.storeUnreachable;
    if (this.#anyFailed) return EXIT.someRowsFailed;
    return this.#anyLeft ? EXIT.someRowsWait : EXIT.done;
  }
}
