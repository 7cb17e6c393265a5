import type { Tellings } from './telling.ts';

/** Whether the ledger can be written, and by whom. */
export const LEDGER_EVENTS: Tellings<'ledger' | 'lease'> = {
  'lease.lost': { level: 'error', say: ({ message }) => message },
  'ledger.full': {
    level: 'error',
    say: ({ file, message }) =>
      `Everything waits, since the ledger ${file} cannot be written: ${message}; make room on its disk, or mend it: the work goes on by itself`,
  },
  'ledger.writable-again': {
    level: 'info',
    say: ({ file }) => `The ledger ${file} can be written again; going on`,
  },
};
