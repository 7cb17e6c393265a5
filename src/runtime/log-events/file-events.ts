import type { BystanderKind } from '../../events/file-events.ts';
import { utc } from '../utc.ts';
import type { Tellings } from './telling.ts';

/** Inboxes, and files that are no drop yet. */
export const FILE_EVENTS: Tellings<'inbox' | 'file'> = {
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
    say: ({ name, doubt }) =>
      `${name} ${DOUBTS[doubt]} and may still be written; it stays in the inbox for the next run, or take it away`,
  },
  'file.stuck': {
    level: 'warn',
    say: ({ name, message, hint }) => `${name} cannot be taken: ${message}. ${hint}`,
  },
  'file.untaken': {
    level: 'warn',
    say: ({ inbox, name, kind, sinceMs }) =>
      `${name} has been in inbox ${inbox} since ${utc(sinceMs)} and is not taken: it ${BYSTANDERS[kind]}`,
  },
  'file.cleared': { level: 'debug', say: ({ name }) => `${name} lies in the inbox no more as it did` },
};

/** What a file does that may not be all there. */
export const DOUBTS = {
  empty: 'is empty',
  unfinished: 'ends in the middle of a line',
  'not-done': 'has no done-file',
} as const;

/** Why something is not taken that lies in an inbox, and what helps. */
export const BYSTANDERS: Readonly<Record<BystanderKind, string>> = {
  unmatched: 'bears a name that files does not list; give it another name or take it away',
  folder: 'is a folder; move the files in it into the inbox itself',
  link: 'is a symbolic link; put the file itself into the inbox',
  pipe: 'is a named pipe; put a file into the inbox',
  socket: 'is a socket; take it away',
  device: 'is a device; take it away',
  'not-done': 'has no done-file; make it, or take the file away',
  'done-early': 'is newer than its done-file, which counts for an earlier file; make the done-file again',
  'done-alone': 'is a done-file, and the file that it speaks for is not there; take it away',
  claimed: 'bears a name that only files have that are being taken; give it another name or take it away',
  'not-waiting':
    'lies where rows wait, and bears no name that their files have (day.waiting.csv); give it such a name, or put it into the inbox',
  old: 'is older than ignoreOlderThan; touch it to have it taken, or take it away',
};
