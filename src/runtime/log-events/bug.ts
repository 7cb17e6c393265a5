import { inspect } from 'node:util';
import type { EventMap } from '../../events.ts';
import type { Telling } from './telling.ts';

/** An error that nobody expects. */
export const BUG: Telling<EventMap['bug']> = {
  level: 'error',
  say: ({ where, error }) => `A bug in Trackdrop, in ${where}: ${nameOf(error)}`,
  carry: ({ where, error }) => ({ where, stack: stackOf(error) }),
};

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, { depth: 1 });
}

/**
 * The stack with those of the causes. Never `inspect` of an error: axios hangs the whole request on its
 * errors, headers and all.
 */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error && stacks.length < 5; each = each.cause) {
    stacks.push(each.stack ?? nameOf(each));
  }
  return stacks.length > 0 ? stacks.join('\ncaused by ') : nameOf(error);
}
