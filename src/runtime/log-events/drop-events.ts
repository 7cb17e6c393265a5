import { type OutcomeCounts, outcomeClass } from '../../domain/outcome.ts';
import { utc } from '../utc.ts';
import type { Tellings } from './telling.ts';

/** Drops and their rows. */
export const DROP_EVENTS: Tellings<'drop' | 'row'> = {
  'drop.claimed': { level: 'info', say: ({ name, bytes }) => `${name} taken, ${bytes} bytes` },
  'drop.resumed': { level: 'info', say: ({ name }) => `${name} was interrupted; going on with it` },
  'drop.doubtful': {
    level: 'warn',
    say: ({ name }) =>
      `${name}: the record of the last writes may be missing, as after a power cut; its numbers are looked for before any is sent again`,
  },
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
  'drop.outdated': {
    level: 'info',
    say: ({ name }) =>
      `${name} was read by an older Trackdrop, which knew fewer columns; reading it again before any more of it is written`,
  },
  'drop.grown': {
    level: 'info',
    say: ({ name }) => `${name} changed after it was put away; its writer went on, and it is read again`,
  },
  'drop.same-content': {
    level: 'info',
    say: ({ name, earlierName, earlierAtMs }) =>
      `${name} has the same content as ${earlierName} of ${utc(earlierAtMs)}; what that one did is found standing`,
  },
  'drop.unreadable': {
    level: 'warn',
    say: ({ name, line, message }) => `${name} cannot be read, line ${line}: ${withoutLine(message, line)}`,
  },
  'drop.vanished': {
    level: ({ putAway }) => (putAway === null ? 'error' : 'warn'),
    say: ({ name, folder, putAway, counts }) =>
      putAway !== null
        ? `${name} was put away after the copy was made from which this ledger was put back; what became of its rows stands in ${putAway}`
        : `${name} is gone from ${folder}: somebody took it away, and nothing more is done about it${counts === null ? '' : `; what was done stays on record: ${inWords(counts)}`}`,
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
  'drop.redone': {
    level: 'info',
    say: ({ name, folder, file, isThere, by }) =>
      `${name} needs nobody any more: its failed rows are done by ${by.join(', ')}; ${isThere ? `now ${file} in ${folder}` : 'the file itself was taken out of failed before'}`,
  },
  'drop.waiting': {
    level: 'info',
    say: ({ name, rows, folder, nextLookAtMs }) =>
      `${rowsOf(rows)} of ${name} in ${folder} ${rows === 1 ? 'waits' : 'wait'}; looked at again at ${utc(nextLookAtMs)}`,
  },
  'drop.wait-ended': {
    level: ({ why }) => (why === 'read-again' ? 'info' : 'warn'),
    say: ({ name, rows, folder, why }) => {
      if (why === 'read-again')
        return `${name} waits no more: the file that its rows came from was read again, and they with it`;
      if (why === 'put-away')
        return `${name} was put away from ${folder} after the copy was made from which this ledger was put back: ${rowsOf(rows)} ${rows === 1 ? 'waits' : 'wait'} no more`;
      return `${name} was taken out of ${folder}: ${rowsOf(rows)} ${rows === 1 ? 'waits' : 'wait'} no more, and nothing is written for ${rows === 1 ? 'it' : 'them'}`;
    },
  },
  'drop.report-kept': {
    level: 'warn',
    say: ({ name, message }) => `The report of ${name} in the folder waiting stays as it is: ${message}`,
  },
  'drop.stuck': {
    level: 'warn',
    say: ({ name, message }) => `${name} waits, and is tried again: ${message}`,
  },

  'drop.unstuck': { level: 'info', say: ({ name }) => `${name} goes on` },

  'row.settled': {
    level: 'debug',
    say: ({ name, line, outcome, message, note }) =>
      `${name} line ${line}: ${outcome}: ${withoutLine(message, line)}${note ? `; ${note}` : ''}`,
  },
};

/** What is wrong with a record begins with its line, for the report; here the line stands before it already. */
function withoutLine(message: string, line: number): string {
  const start = `Line ${line}: `;
  return message.startsWith(start) ? message.slice(start.length) : message;
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

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}
