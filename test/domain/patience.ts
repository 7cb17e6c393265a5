import type { Patience } from '../../src/domain/situation.ts';

/** As configured by default. */
export const PATIENCE: Patience = {
  looksMs: [2_000, 5_000, 15_000, 30_000],
  repeatTrackAfterMs: 30_000,
  repeatShipAfterMs: 120_000,
  verifyAfterMs: 60_000,
  attempts: 6,
};
