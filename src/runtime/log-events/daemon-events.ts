import { files, requests } from './counted.ts';
import type { Tellings } from './telling.ts';

/** How a daemon comes and goes. */
export const DAEMON_EVENTS: Tellings<'daemon'> = {
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
};
