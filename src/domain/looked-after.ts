import type { PlannedAction } from './plan.ts';

/**
 * The writes of one step, so that a look ends their rows where the answers alone cannot. Magento answers a ship with no
 * more than an id, also where somebody has shipped part of it since our look and it cut the items down (recording
 * ship-qty-more-than-remaining), and where the mail that it was asked for was never sent: the look shows both. The step's
 * other numbers tell what is still open, and wait for the same look.
 */
export function lookedAfter(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  const isDue = actions.some(
    ({ action }) => action.kind === 'ship' && (action.items.length > 0 || action.mails),
  );
  return isDue ? actions.map((each) => ({ ...each, isLookedAfter: true })) : actions;
}
