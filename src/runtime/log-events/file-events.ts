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
    say: ({ name }) =>
      `${name} is empty and may still be written; it stays in the inbox for the next run, or take it away`,
  },
  'file.stuck': { level: 'warn', say: ({ name, message }) => `${name} cannot be taken: ${message}` },
};

const DOUBTS = { empty: 'is empty', unfinished: 'ends in the middle of a line' } as const;
