import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import { secretsOf } from '../config/decide.ts';
import { runDaemon } from '../daemon.ts';
import { StoppedError } from '../domain/failure.ts';
import { type EventMap, Events } from '../events.ts';
import { bootOf } from '../runtime/boot.ts';
import { systemClock as clock } from '../runtime/clock.ts';
import { openLog } from '../runtime/log.ts';
import { logEvents } from '../runtime/log-events.ts';
import { Secrets } from '../runtime/secrets.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { differences } from './demo/compare.ts';
import { type Fixtures, readFixtures } from './demo/fixtures.ts';
import { Progress } from './demo/progress.ts';
import { play, type Stage } from './demo/scenes.ts';
import { layOut } from './demo/settings.ts';
import { readSettled } from './demo/settled.ts';
import { filesTable, rowsTable, type TableLook } from './demo/tables.ts';
import { inboxInWords, invitation, summary, verdict } from './demo/words.ts';
import { EXIT } from './exit-codes.ts';
import { type Shell, STOP_SIGNALS } from './shell.ts';
import { terminalOf } from './terminal.ts';

/** What is played, and how long it stays. */
interface DemoOptions {
  /** Keeps shop and daemon running after the tables, until a signal. */
  readonly stay: boolean;
  /** What is played and how it must end; default: `fixtures/demo` of the repository. */
  readonly fixtures?: string;
  /** Where the data folder is made; default: a temporary folder. */
  readonly parent?: string;
}

type DemoShell = Pick<Shell, 'env' | 'pid' | 'stdout' | 'onSignal'>;

/** Two folders up from here in `src/` and in `dist/`. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
/** A shop far away: slow enough that there is something to watch. */
const READ_MS = 80;
const WRITE_MS = 200;
/** Something is wrong when the play takes longer; what is missing is named then. */
const PLAY_TAKES_AT_MOST_MS = 45_000;

/**
 * Plays a morning of a warehouse: a sandbox shop, a fresh data folder, files of every kind, and the real daemon
 * between them. Exit code 0 only if every row, every file and every number in the shop ended as the fixtures say,
 * else 1. Nothing in the data folder is removed.
 * @throws UsageError when the fixtures are not there.
 */
export async function demoCommand(options: DemoOptions, shell: DemoShell): Promise<number> {
  const { stdout: out, pid } = shell;
  const fixtures = await readFixtures(options.fixtures ?? FIXTURES);
  await using open = new AsyncDisposableStack();
  const scenery = await setUp(fixtures, options.parent ?? tmpdir(), open);
  const { folder, sandbox, inboxes, config, events } = scenery;
  const files = Object.keys(fixtures.expected.files).length;
  const progress = new Progress({ out, clock, isColoured: terminalOf(shell).isColoured, files });
  const print = (...lines: readonly string[]) => out.write(`${lines.join('\n')}\n`);
  const look: TableLook = {
    get width() {
      return out.columns;
    },
    colour: (colour, text) => progress.colour(colour, text),
  };
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) open.defer(shell.onSignal(name, () => stop.abort(new StoppedError())));
  const settled: EventMap['drop.settled'][] = [];
  events.on('drop.settled', (facts) => settled.push(facts));
  progress.follow(events);

  print(
    `A shop with ${fixtures.orders.length} orders runs at ${sandbox.url}; each answer takes it ${READ_MS} to ${WRITE_MS} ms.`,
    `The daemon watches ${inboxes.map((inbox) => `${inbox}/inbox`).join(' and ')} in ${folder}`,
    ...inboxes.map((inbox) => `  ${inboxInWords(inbox, config)}`),
    '',
  );
  const daemon = runUntilStopped(config, events, pid, stop.signal);
  open.defer(async () => {
    stop.abort(new StoppedError());
    // Where it failed, that is thrown where the demo itself waits for it.
    await Promise.allSettled([daemon]);
  });
  const stage = { ...scenery, clock, say: (text: string) => progress.say(text) };
  const ending = await progress.during(Promise.race([daemon, playInTime(fixtures, stage, stop.signal)]));
  if (ending === 'stopped') {
    print('', `Stopped before the end. Everything lies in ${folder}`);
    return EXIT.someRowsFailed;
  }

  if (ending === 'late') progress.say('Something is wrong: it should have been over by now.', 'red');
  const found = await Promise.all(settled.map(readSettled));
  const differ = differences(fixtures.expected, found, sandbox);
  print('', ...rowsTable(found, look), '', ...filesTable(found, folder, look), '');
  print(...summary(found, sandbox.counts(), progress.lostAnswers), ...verdict(differ, found, sandbox, look));
  print('', `Reports, retry files, trackdrop.yaml, trackdrop.log: ${folder}`);
  if (options.stay) {
    print(...invitation(folder, inboxes, sandbox));
    events.on('drop.settled', (facts) => {
      void readSettled(facts).then((file) => print(...rowsTable([file], look)));
    });
    await daemon;
    print('', `Stopped. Everything lies in ${folder}`);
  }
  stop.abort(new StoppedError());
  await daemon;
  return differ.length === 0 ? EXIT.done : EXIT.someRowsFailed;
}

/** A shop with its orders and faults, a data folder with its configuration and log. */
async function setUp(fixtures: Fixtures, parent: string, open: AsyncDisposableStack) {
  const sandbox = open.use(await startSandbox({ readMs: READ_MS, writeMs: WRITE_MS }));
  sandbox.addOrders(fixtures.orders);
  for (const rule of fixtures.scenes.lostAnswers) sandbox.inject(rule);
  const folder = await mkdtemp(join(parent, 'trackdrop-demo-'));
  const inboxes = [...new Set(fixtures.drops.map(({ inbox }) => inbox))];
  const config = await layOut(folder, inboxes, sandbox);
  const events = new Events();
  open.use(writeLog(join(folder, 'trackdrop.log'), config, events));
  return { folder, sandbox, inboxes, config, events };
}

/** The log of the daemon, whole, for whoever wants to look; on the screen it would stand between the lines. */
function writeLog(file: string, config: Config, events: Events): AsyncDisposable {
  const stream = createWriteStream(file);
  const { level, format } = config.log;
  const log = openLog(
    { level, format, colour: false, secrets: new Secrets(secretsOf(config)), clock },
    (chunk) => stream.write(chunk),
  );
  logEvents(events, log);
  return {
    async [Symbol.asyncDispose]() {
      await log.close();
      stream.end();
      await finished(stream);
    },
  };
}

async function runUntilStopped(
  config: Config,
  events: Events,
  pid: number,
  signal: AbortSignal,
): Promise<'stopped'> {
  try {
    await runDaemon(config, { clock, events, pid, host: hostname(), boot: bootOf(), once: false, signal });
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  }
  return 'stopped';
}

/** 'late' when the play is not over in time: what is missing then is told with the other differences. */
async function playInTime(
  fixtures: Fixtures,
  stage: Omit<Stage, 'signal'>,
  stopped: AbortSignal,
): Promise<'over' | 'late' | 'stopped'> {
  const over = new AbortController();
  const signal = AbortSignal.any([stopped, over.signal]);
  try {
    return await Promise.race([
      play(fixtures, { ...stage, signal }).then(() => 'over' as const),
      clock.sleep(PLAY_TAKES_AT_MOST_MS, signal).then(() => 'late' as const),
    ]);
  } catch (error) {
    if (error instanceof StoppedError) return 'stopped';
    throw error;
  } finally {
    over.abort(new StoppedError());
  }
}
