import { files } from './counted.ts';
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
  'ledger.set-aside': {
    level: 'error',
    say: ({ file, aside, message }) =>
      `The ledger ${file} is damaged (${message}) and lies at ${aside} now; a new one is begun: what stands in Magento is looked up there, only history is lost`,
  },
  'ledger.begun': {
    level: ({ leftFiles }) => (leftFiles === 0 ? 'info' : 'warn'),
    say: ({ file, leftFiles }) =>
      leftFiles === 0
        ? `Beginning a new ledger: ${file}`
        : `Beginning a new ledger, though ${files(leftFiles)} of earlier runs lie in working and waiting: ${file}; they are read again, and what stands in Magento already is not written twice`,
  },
  'ledger.migrated': {
    level: 'info',
    say: ({ file, fromVersion, toVersion, copy }) =>
      `The ledger ${file} was brought from schema ${fromVersion} to ${toVersion}; as it was it lies at ${copy}`,
  },
  'ledger.pruned': {
    level: 'info',
    say: ({ files: removed, drops, rows }) =>
      `Older than is kept: ${files(removed)} removed; the ledger forgot ${drops} drops with ${rows} rows`,
  },
  'ledger.unpruned': {
    level: 'warn',
    say: ({ folder, message }) =>
      `Old files in ${folder} cannot be removed: ${message}; tried again in a day`,
  },
};
