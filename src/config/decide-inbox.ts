import { basename, dirname, join, resolve } from 'node:path';
import type { Checked } from './check.ts';
import type { InboxConfig } from './config.ts';
import { decidePolicy } from './decide-policy.ts';
import { decideChoice, type KnownProfiles } from './profiles.ts';
import type { Written } from './written.ts';

/** The inbox at this place of the list; what is missing or names nothing becomes a problem of `checked`. */
export function decideInbox(
  checked: Checked,
  { folder: base, data }: Written,
  at: number,
  profiles: KnownProfiles,
): InboxConfig {
  const { value } = checked;
  const folder = resolve(base, value('inboxes[].folder', at) ?? join(data ?? 'data', 'inbox'));
  const beside = (name: 'working' | 'waiting' | 'processed' | 'failed') =>
    resolve(base, value(`inboxes[].${name}`, at) ?? join(dirname(folder), name));
  return {
    name: value('inboxes[].name', at) ?? basename(folder),
    folder,
    working: beside('working'),
    waiting: beside('waiting'),
    processed: beside('processed'),
    failed: beside('failed'),
    store: decideStoreOfInbox(checked, at),
    profiles: decideChoice(checked, at, profiles),
    files: value('inboxes[].files', at),
    stableForMs: value('inboxes[].stableFor', at),
    unfinishedForMs: value('inboxes[].unfinishedFor', at),
    rescanEveryMs: value('inboxes[].rescanEvery', at),
    doneFile: value('inboxes[].doneFile', at) ?? null,
    ignoreOlderThanMs: value('inboxes[].ignoreOlderThan', at),
    ...decidePolicy(checked, at),
    waitFor: {
      orderNotFoundMs: value('inboxes[].waitFor.orderNotFound', at),
      orderHeldMs: value('inboxes[].waitFor.orderHeld', at),
      unpaidMs: value('inboxes[].waitFor.unpaid', at),
      everyMs: value('inboxes[].waitFor.every', at),
    },
    carriers: {
      default: value('inboxes[].carriers.default', at),
      defaultTitle: value('inboxes[].carriers.defaultTitle', at),
    },
  };
}

function decideStoreOfInbox(checked: Checked, at: number): string {
  const { storeNames } = checked;
  const store = checked.value('inboxes[].store', at);
  const one = `expected ${storeNames.join(' or ')}`;
  if (store === undefined && storeNames.length > 1 && !checked.has('inboxes[].store', at)) {
    checked.problem('inboxes[].store', at, `missing, and there are ${storeNames.length} stores; ${one}`);
  }
  if (store !== undefined && storeNames.length > 0 && !storeNames.includes(store)) {
    checked.problem('inboxes[].store', at, `found "${store}", which is not under stores; ${one}`);
  }
  return store ?? storeNames[0] ?? '';
}

/** Logs and reports tell inboxes by their names. */
export function refuseSharedNames(checked: Checked, inboxes: readonly InboxConfig[]): void {
  for (const [at, { name }] of inboxes.entries()) {
    const first = inboxes.findIndex((other) => other.name === name);
    if (inboxes.length > 1 && !checked.has('inboxes[].name', at)) {
      checked.problem(
        'inboxes[].name',
        at,
        `missing, and there are ${inboxes.length} inboxes; expected a name`,
      );
    } else if (first < at) {
      checked.problem(
        'inboxes[].name',
        at,
        `found "${name}", which inboxes[${first}] has too; expected another`,
      );
    }
  }
}

/** Two inboxes, or two purposes, in one folder would take each other's files. */
export function refuseSharedFolders(checked: Checked, inboxes: readonly InboxConfig[]): void {
  const taken = new Map<string, string>();
  for (const [at, inbox] of inboxes.entries()) {
    for (const purpose of ['folder', 'working', 'waiting', 'processed', 'failed'] as const) {
      const owner = taken.get(inbox[purpose]);
      if (owner) {
        const words = `found ${inbox[purpose]}, which is ${owner} too; expected a folder of its own`;
        checked.problem(`inboxes[].${purpose}`, at, words);
      } else taken.set(inbox[purpose], `inboxes[${at}].${purpose}`);
    }
  }
}
