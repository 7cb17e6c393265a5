/** Words of a configuration with which what takes minutes in a shop takes half a second. */
export const SHORT_TIMES = {
  store: {
    timeout: '2s',
    retry: { attempts: 6, firstDelay: '50ms', maxDelay: '400ms' },
    uncertain: {
      looks: ['50ms', '150ms'],
      repeatTrackAfter: '300ms',
      repeatShipAfter: '400ms',
      verifyAfter: '300ms',
    },
  },
  inbox: {
    stableFor: '50ms',
    unfinishedFor: '150ms',
    rescanEvery: '200ms',
    waitFor: { orderNotFound: '0s', orderHeld: '0s', unpaid: '0s' },
    shipments: { create: true },
  },
  root: { log: { level: 'debug' } },
} as const;
