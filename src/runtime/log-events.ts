import { inspect } from 'node:util';
import { type OutcomeCounts, outcomeClass } from '../domain/outcome.ts';
import type { Action } from '../domain/write.ts';
import type { EventMap, EventName, Events, Failing } from '../events.ts';
import type { Log, LogLevel } from './log.ts';

interface Telling<Facts> {
  readonly level: LogLevel | ((facts: Facts) => LogLevel);
  readonly say: (facts: Facts) => string;
  /** What the line carries besides the sentence; the event's own facts where this is absent. */
  readonly carry?: (facts: Facts) => Readonly<Record<string, unknown>>;
}

/** How each event is told. An event without an entry fails the type check. */
const TELLINGS: { readonly [Name in EventName]: Telling<EventMap[Name]> } = {
  'daemon.active': { level: 'info', say: ({ pid }) => `This process (${pid}) works on the data folder` },
  'daemon.standby': {
    level: 'warn',
    say: ({ holder }) => `Standing by: ${holder} works on the data folder`,
  },
  'daemon.stopping': { level: 'info', say: ({ reason }) => `Stopping: ${reason}` },
  'daemon.stopped': {
    level: 'info',
    say: ({ openDrops, openRequests }) =>
      openDrops === 0
        ? 'Stopped; no file is open'
        : `Stopped; ${files(openDrops)} and ${requests(openRequests)} left for the next start`,
  },

  'inbox.watching': { level: 'info', say: ({ inbox, folder }) => `Watching inbox ${inbox}: ${folder}` },
  'inbox.unavailable': {
    level: 'error',
    say: ({ inbox, folder, message }) => `Inbox ${inbox} cannot be read: ${folder}: ${message}`,
  },
  'inbox.available': { level: 'info', say: ({ inbox, folder }) => `Inbox ${inbox} is back: ${folder}` },
  'file.awaited': {
    level: 'info',
    say: ({ name, doubt, waitMs }) =>
      `${name} ${DOUBTS[doubt]} and may still be written; it is taken in ${Math.ceil(waitMs / 1000)} s if nothing changes`,
  },
  'file.left': {
    level: 'warn',
    say: ({ name }) =>
      `${name} is empty and may still be written; it stays in the inbox for the next run, or take it away`,
  },
  'file.stuck': { level: 'warn', say: ({ name, message }) => `${name} cannot be taken: ${message}` },

  'drop.claimed': { level: 'info', say: ({ name, bytes }) => `${name} taken, ${bytes} bytes` },
  'drop.resumed': { level: 'info', say: ({ name }) => `${name} was interrupted; going on with it` },
  'drop.read': {
    level: 'info',
    say: ({ name, rows, bad, skipped, profile }) =>
      `${name} read${profile ? ` as ${profile.name} (${profile.why})` : ''}: ${rows === 1 ? '1 row' : `${rows} rows`}, ${bad} bad, ${skipped} skipped`,
    carry: ({ profile, ...rest }) => ({ ...rest, profile: profile?.name, why: profile?.why }),
  },
  'drop.damaged': {
    level: 'warn',
    say: ({ name }) =>
      `${name} has long numbers that all end in zeros, as a spreadsheet leaves them; reading it again to refuse them`,
  },
  'drop.changed': {
    level: 'info',
    say: ({ name }) => `${name} changed after it was taken; reading it again`,
  },
  'drop.unreadable': {
    level: 'warn',
    say: ({ name, line, message }) => `${name} cannot be read, line ${line}: ${withoutLine(message, line)}`,
  },
  'drop.vanished': {
    level: 'error',
    say: ({ name, folder }) =>
      `${name} is gone from ${folder}: somebody took it away, nothing more is done about it`,
  },
  'drop.orphaned': {
    level: 'warn',
    say: ({ name, inbox, drop }) =>
      `${name} is left as it is: its inbox ${inbox} is not configured any more, and the file of ${drop} is in no working folder`,
  },
  'drop.settled': {
    level: 'info',
    say: ({ name, counts, folder, file }) => `${name} done: ${inWords(counts)}; now ${file} in ${folder}`,
    carry: ({ counts, ...rest }) => ({ ...rest, counts, failed: failedIn(counts) }),
  },
  'drop.stuck': {
    level: 'warn',
    say: ({ name, message }) => `${name} waits, and is tried again: ${message}`,
  },

  'row.settled': {
    level: 'debug',
    say: ({ name, line, outcome, message, note }) =>
      `${name} line ${line}: ${outcome}: ${withoutLine(message, line)}${note ? `; ${note}` : ''}`,
  },

  'orders.looked-up': {
    level: 'debug',
    say: ({ store, orders, tookMs }) => `${orders} orders looked up in ${store} in ${Math.round(tookMs)} ms`,
  },
  'write.sent': {
    level: 'debug',
    say: ({ action }) => `Sending: ${actionInWords(action)}`,
    carry: ({ action, ...rest }) => ({ ...rest, ...factsOf(action) }),
  },
  'write.answered': {
    level: 'debug',
    say: ({ action, answer, tookMs }) => {
      const message = 'message' in answer ? `: ${answer.message}` : '';
      return `${actionInWords(action)}: ${answer.kind}${message}, after ${Math.round(tookMs)} ms`;
    },
    carry: ({ action, answer: { kind, ...answer }, ...rest }) => ({
      ...rest,
      ...factsOf(action),
      answer: kind,
      ...answer,
    }),
  },

  'store.retry': {
    level: 'info',
    say: ({ store, message, attempt, delayMs }) =>
      `Store ${store}: attempt ${attempt} failed (${message}); again in ${Math.round(delayMs)} ms`,
  },
  'store.slower': {
    level: 'info',
    say: ({ store, workers, message }) =>
      `Store ${store} has too much to do (${message}); ${requests(workers)} at once from now on`,
  },
  'store.faster': {
    level: 'debug',
    say: ({ store, workers }) => `Store ${store} keeps up; ${requests(workers)} at once from now on`,
  },
  'store.probing': {
    level: 'debug',
    say: ({ store, message }) => `Store ${store}: a request failed (${message}); asking whether it is up`,
  },
  'store.well': { level: 'debug', say: ({ store }) => `Store ${store} is up` },
  'store.down': {
    level: 'error',
    say: ({ store, message, failing }) =>
      `Store ${store} ${DOWN[failing]}: ${sentence(message)} No file fails because of it; should it last, ${LASTING[failing]}`,
  },
  'store.still-down': {
    level: ({ times }) => everLessOften(times),
    say: ({ store, message, failing, nextProbeMs }) =>
      `Store ${store} still ${DOWN[failing]}: ${message}; asking again in ${Math.round(nextProbeMs)} ms`,
  },
  'store.up': {
    level: 'info',
    say: ({ store, downForMs }) => `Store ${store} is back after ${Math.round(downForMs / 1000)} s`,
  },
  'store.sign-in-refused': {
    level: 'error',
    say: ({ store, message }) =>
      `Store ${store} refuses the credentials: ${sentence(message)} Its rows wait; correct its auth and start Trackdrop again`,
  },
  'store.left-out': {
    level: 'error',
    say: ({ store, message }) =>
      `Store ${store} is left out of this run: ${sentence(message)} Its files wait for the next one`,
  },
  'store.code-awaited': {
    level: 'info',
    say: ({ store, delayMs }) =>
      `Store ${store}: waiting ${Math.ceil(delayMs / 1000)} s for the next one-time code, since none is used twice`,
  },
  'store.right-doubted': {
    level: 'debug',
    say: ({ store, right, message }) =>
      `Store ${store}: a request was refused (${message}); asking whether ${right} is there`,
  },
  'store.right-there': { level: 'debug', say: ({ store, right }) => `Store ${store} allows ${right}` },
  'store.right-missing': {
    level: 'error',
    say: ({ store, right, message }) =>
      `Store ${store}: ${sentence(message)} Rows that need ${right} wait; no file fails because of it`,
  },
  'store.right-still-missing': {
    level: ({ times }) => everLessOften(times),
    say: ({ store, right, message, nextAskMs }) =>
      `Store ${store} still refuses what needs ${right}: ${message}; asking again in ${Math.round(nextAskMs)} ms`,
  },
  'store.right-granted': { level: 'info', say: ({ store, right }) => `Store ${store} allows ${right} again` },
  'store.writes-failing': {
    level: 'error',
    say: ({ store, message }) =>
      `Store ${store} answers, and no write comes through, whichever order it is to: ${sentence(message)} ${WRITES_FAIL}`,
  },
  'store.writes-working': { level: 'info', say: ({ store }) => `Store ${store} takes writes again` },

  bug: {
    level: 'error',
    say: ({ where, error }) => `A bug in Trackdrop, in ${where}: ${nameOf(error)}`,
    carry: ({ where, error }) => ({ where, stack: stackOf(error) }),
  },
};

const WRITES_FAIL =
  "No file fails because of it within an hour; look into the shop's log, for a full disk or a module that is broken";

/**
 * What is said again and again is worth a warning for the first few times, and then each time that there were twice as
 * many: a store that is away for a day is asked 5,800 times.
 */
function everLessOften(times: number): LogLevel {
  return times <= 3 || Number.isInteger(Math.log2(times)) ? 'warn' : 'debug';
}

const DOUBTS = { empty: 'is empty', unfinished: 'ends in the middle of a line' } as const;

/** What such a store does, or does not. */
export const DOWN: Readonly<Record<Failing, string>> = {
  everything: 'is down',
  shipments: 'tells of orders and not of shipments',
  writes: 'answers questions and takes no writes',
};

const LASTING: Readonly<Record<Failing, string>> = {
  everything: 'trackdrop check says what helps',
  shipments: "look into the shop's log",
  writes: "look into the shop's log and at what stands before it: a firewall may let no POST through",
};

/** Writes every event to the log; returns the function that ends that. Nothing is built for a level that is off. */
export function logEvents(events: Events, log: Log): () => void {
  return events.onAny((name, facts) => tell(log, name, facts));
}

function tell<Name extends EventName>(log: Log, name: Name, facts: EventMap[Name]): void {
  const { level: given, say, carry }: Telling<EventMap[Name]> = TELLINGS[name];
  const level = typeof given === 'string' ? given : given(facts);
  if (!log.isOn(level)) return;
  log.write(level, { event: name, msg: say(facts), facts: carry ? carry(facts) : { ...facts } });
}

/** What is wrong with a record begins with its line, for the report; here the line stands before it already. */
function withoutLine(message: string, line: number): string {
  const start = `Line ${line}: `;
  return message.startsWith(start) ? message.slice(start.length) : message;
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

function inWords(counts: OutcomeCounts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'no rows' : parts.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

function failedIn(counts: OutcomeCounts): number {
  let failed = 0;
  for (const [outcome, count] of Object.entries(counts) as [keyof OutcomeCounts, number][]) {
    if (outcomeClass(outcome) === 'failed') failed += count;
  }
  return failed;
}

function actionInWords(action: Action): string {
  switch (action.kind) {
    case 'track':
      return `track ${action.trackingNumber} on shipment ${action.shipmentId}`;
    case 'ship':
      return `shipment of order ${action.orderId} with ${numbersOf(action)}`;
    case 'untrack':
      return `take back track ${action.trackId} (${action.trackingNumber})`;
    default:
      return action satisfies never;
  }
}

function numbersOf(action: Action): string {
  if (action.kind !== 'ship') return action.trackingNumber;
  return action.parcels.map(({ trackingNumber }) => trackingNumber).join(', ');
}

function factsOf(action: Action): Readonly<Record<string, unknown>> {
  const shipmentId = action.kind === 'ship' ? undefined : action.shipmentId;
  return { action: action.kind, orderId: action.orderId, shipmentId, trackingNumber: numbersOf(action) };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, { depth: 1 });
}

/**
 * The stack with those of the causes. Never `inspect` of an error: axios hangs the whole request on its
 * errors, headers and all.
 */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error && stacks.length < 5; each = each.cause) {
    stacks.push(each.stack ?? nameOf(each));
  }
  return stacks.length > 0 ? stacks.join('\ncaused by ') : nameOf(error);
}

/** With exactly one full stop: Magento's own sentences have theirs. */
function sentence(message: string): string {
  return message.replace(/[.\s]*$/, '.');
}
