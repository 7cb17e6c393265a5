import type { Writes } from '../../domain/write-kind.ts';
import type { Failing } from '../../events/store-events.ts';
import type { EventMap } from '../../events.ts';
import type { LogLevel } from '../log.ts';
import { requests } from './counted.ts';
import type { Tellings } from './telling.ts';

/** How it stands with a store. */
export const STORE_EVENTS: Tellings<'store'> = {
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
    say: ({ store, ...facts }) =>
      `Store ${store} answers, and ${writesFailing(facts)} One is tried after each pause, and no file fails because of it within an hour`,
  },
  'store.writes-working': {
    level: 'info',
    say: ({ store, kind }) => `Store ${store} takes ${writesInWords(kind)} again`,
  },
};

/** What comes through no more, in what words of the shop, and where to look for the cause. */
export function writesFailing({ message, kind }: Omit<EventMap['store.writes-failing'], 'store'>): string {
  return `no ${writesInWords(kind)} come through, whichever order they are of: ${sentence(message)} ${remedyFor(kind)}`;
}

function writesInWords(kind: Writes): string {
  switch (kind.writes) {
    case 'all':
      return 'writes';
    case 'track':
      return 'numbers for shipments that are there';
    case 'ship':
      return kind.source === null ? 'shipments that name no source' : `shipments from source ${kind.source}`;
  }
}

function remedyFor(kind: Writes): string {
  const look = "into the shop's log, for a full disk or a module that is broken.";
  switch (kind.writes) {
    case 'all':
      return `Look ${look}`;
    case 'track':
      return `Other writes go on. Look ${look}`;
    case 'ship':
      return `Other writes go on. ${seeToSource(kind.source)} If it does, look ${look}`;
  }
}

/** A shop answers alike where it does not have a source, where that has too little, and where its disk is full. */
function seeToSource(source: string | null): string {
  return source === null
    ? "See that the shop's default source holds enough of what is shipped; it answers like this, too, where it does not."
    : `See that the shop has a source ${source}, spelled so, and that it holds enough of what is shipped; it answers like this, too, where it does not.`;
}

/**
 * What is said again and again is worth a warning for the first few times, and then each time that there were twice as
 * many: a store that is away for a day is asked 5,800 times.
 */
function everLessOften(times: number): LogLevel {
  return times <= 3 || Number.isInteger(Math.log2(times)) ? 'warn' : 'debug';
}

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

/** With exactly one full stop: Magento's own sentences have theirs. */
function sentence(message: string): string {
  return message.replace(/[.\s]*$/, '.');
}
