import type { InboxConfig, LimitsConfig } from '../config/config.ts';
import type { FoundFile } from '../intake/listing.ts';
import type { Steps } from '../pipeline.ts';
import { claimSteps } from './claim-steps.ts';
import { Inboxes, type IntakeParts } from './inboxes.ts';
import { readStep } from './read-step.ts';
import { Returning } from './returning.ts';
import { settleStep } from './settle-step.ts';

export interface IntakeOptions {
  readonly limits: LimitsConfig;
  readonly timezone: string;
  readonly once: boolean;
}

/** The steps that have to do with files, for the inboxes of one store. */
export function intakeSteps(
  configs: readonly InboxConfig[],
  { limits, timezone, once }: IntakeOptions,
  parts: IntakeParts,
): Pick<
  Steps<FoundFile, never>,
  'inboxes' | 'leftovers' | 'watch' | 'returning' | 'claim' | 'read' | 'settle'
> {
  const inboxes = new Inboxes(configs, once, parts);
  const { settle, keepNames } = settleStep(inboxes, timezone, parts);
  const returning = new Returning();
  if (once) returning.close();
  return {
    returning: () => returning.drops(parts.signal),
    ...claimSteps(inboxes, { once, onLeftover: keepNames }, parts),
    ...readStep(inboxes, limits, parts),
    settle,
  };
}
