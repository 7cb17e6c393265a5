import type { UnwritableCause } from '../../domain/unwritable-cause.ts';
import { utc } from '../utc.ts';
import { files } from './counted.ts';
import type { Tellings } from './telling.ts';

/** Whether the ledger can be written, and by whom. */
export const LEDGER_EVENTS: Tellings<'ledger' | 'lease'> = {
  'lease.lost': { level: 'error', say: ({ message }) => message },
  'ledger.unwritable': {
    level: 'error',
    say: ({ file, cause, message }) =>
      `Everything waits, since the ledger ${file} cannot be written: ${message}; ${REMEDIES[cause]}`,
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
  'ledger.clock-doubted': { level: 'warn', say: ({ knownMs, nowMs }) => inDoubt(knownMs, nowMs) },
  'ledger.clock-believed': {
    level: 'info',
    say: () => 'The clock is believed again; what is older than is kept is removed',
  },
  'ledger.unpruned': {
    level: 'warn',
    say: ({ folder, message }) =>
      `Old files in ${folder} cannot be removed: ${message}; tried again in a day`,
  },
};

/** What a person can do about it; nobody needs to start anything again but where it says so. */
const REMEDIES: Readonly<Record<UnwritableCause, string>> = {
  disk: 'make room on its disk, or mend it: the work goes on by itself',
  locked:
    'another program has it open and is writing, such as a database browser, sqlite3 or a VACUUM: have it commit, or close it (`fuser FILE` tells which it is); the work goes on by itself',
  away: 'put the file back, with its -wal and -shm: the work goes on by itself; where it is gone for good start the daemon again, which begins a new one',
};

/** What to tell of a clock by which nothing is removed; `time` says when. */
export function inDoubt(knownMs: number, nowMs: number, time: (atMs: number) => string = utc): string {
  return `Nothing that is old is removed: the clock shows ${time(nowMs)}, and when this was last looked at it was ${time(knownMs)}; set it right. Where it is right nothing is to be done: it is believed after a day`;
}
