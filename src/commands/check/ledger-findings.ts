import { TrackdropError } from '../../domain/failure.ts';
import { type Disk, diskOf } from '../../ledger/disk.ts';
import { readHeartbeat } from '../../ledger/heartbeat.ts';
import { tryToWrite } from '../../ledger/write-trial.ts';
import type { Clock } from '../../runtime/clock.ts';
import { healthInWords, healthOf } from '../status.ts';
import type { Finding, Result } from './finding.ts';

/** What the ledger lies on. */
export async function diskFinding(ledger: string): Promise<Finding> {
  const subject = 'disk';
  try {
    const disk = await diskOf(ledger);
    return { subject, facts: { ...disk }, ...JUDGED[disk.kind](disk.name) };
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { result: 'skipped', subject, message: `the system does not tell: ${error.message}` };
  }
}

type Judged = Pick<Finding, 'message' | 'hint'> & { readonly result: Result };

const ELSEWHERE =
  'Set ledger to a path on a disk of this machine; the folders of the drops may stay where they are.';

const JUDGED: Readonly<Record<Disk['kind'], (name: string) => Judged>> = {
  local: (name) => ({ result: 'ok', message: `local (${name})` }),
  network: (name) => ({
    result: 'problem',
    message: `${name} is a network file system: SQLite can be damaged there, and two daemons may not see each other`,
    hint: ELSEWHERE,
  }),
  fuse: (name) => ({
    result: 'warning',
    message: `${name}: a program stands behind it, and if that keeps its files on another machine, SQLite can be damaged`,
    hint: ELSEWHERE,
  }),
  memory: (name) => ({
    result: 'warning',
    message: `${name} is in memory: the history is gone with the next start of the machine`,
    hint: ELSEWHERE,
  }),
  container: (name) => ({
    result: 'warning',
    message: `${name} is the container's own layer: the history is gone with the container`,
    hint: 'Mount a volume at the data folder (/data in the image).',
  }),
  unknown: (name) => ({ result: 'skipped', message: `this system (${name}) does not tell what it is` }),
};

/** Whether the ledger itself can be written, and whether a daemon is at work with it. */
export function ledgerFindings(ledger: string, clock: Clock): Finding[] {
  return [
    orProblem('ledger', () => writeFinding(ledger)),
    orProblem('daemon', () => daemonFinding(ledger, clock)),
  ];
}

function writeFinding(ledger: string): Finding {
  const words = {
    none: `${ledger} is not there yet; run makes it`,
    writable: `${ledger} can be written`,
    busy: `${ledger} is being written at this moment`,
  };
  return { result: 'ok', subject: 'ledger', message: words[tryToWrite(ledger)] };
}

function daemonFinding(ledger: string, clock: Clock): Finding {
  const beat = readHeartbeat(ledger);
  const found = healthOf(beat, clock);
  const message = healthInWords(found, beat, ledger);
  const facts = { health: found.health, ageMs: found.ageMs };
  if (found.health !== 'stale') return { result: 'ok', subject: 'daemon', message, facts };
  const hint =
    'It did not end in order, or hangs: look whether the process is there, and start trackdrop run.';
  return { result: 'warning', subject: 'daemon', message, hint, facts };
}

function orProblem(subject: string, look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof TrackdropError)) throw error;
    return { result: 'problem', subject, message: error.message, hint: error.hint };
  }
}
