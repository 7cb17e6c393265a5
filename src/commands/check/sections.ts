import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config, InboxConfig, StoreConfig } from '../../config/config.ts';
import { StoreError, UsageError } from '../../domain/failure.ts';
import { checkFolder, checkFolders, type FoldersChecked } from '../../intake/folder-check.ts';
import { type Lying, lyingIn } from '../../intake/unreadable.ts';
import { refusalsIn } from '../../ledger/refusals.ts';
import { examine } from '../../magento/examine.ts';
import type { Access } from '../../runtime/access.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { inboxLine, storeLine } from '../banner.ts';
import { policyDoubts } from '../policy-doubts.ts';
import type { User } from '../shell.ts';
import type { Finding, Section } from './finding.ts';
import { filesFindings, folderFindings, groupFindings } from './folder-findings.ts';
import { FOLDERS_WITHIN_MS, inTime } from './in-time.ts';
import { diskFinding, ledgerFindings } from './ledger-findings.ts';
import type { AskedLine } from './progress.ts';
import { unlessUnusable } from './sign-in-memory.ts';
import { storeFindings } from './store-findings.ts';

/** What a check has at hand, besides the configuration. */
interface CheckParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly user: User | undefined;
  /** Or why there is none: the group that was configured. */
  readonly access: Access | UsageError;
}

/**
 * What is found of a store; nothing is written to it.
 * @throws StoppedError when the signal fires
 */
export async function storeSection(
  store: StoreConfig,
  { inboxes, ledger }: Config,
  { clock, signal, asked, secrets }: CheckParts & { readonly asked: AskedLine; readonly secrets: Secrets },
): Promise<Section> {
  const { name } = store;
  const creates = inboxes.some((inbox) => inbox.store === name && inbox.createShipments);
  const head = { about: 'store', name, title: storeLine(store) } as const;
  try {
    const found = await examine(store, {
      clock,
      signal,
      keepSecret: secrets.keep,
      signInMemory: unlessUnusable(refusalsIn(ledger).of(name), () => inTime(() => answers(ledger), clock)),
      onAsked: (done, of) => asked.show(name, done, of),
    });
    return { ...head, findings: storeFindings(store, found, creates) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { message, hint } = error;
    return { ...head, findings: [{ result: 'problem', subject: 'sign-in', message, hint }] };
  }
}

/** Whether its folder is there, and its disk answers. */
async function answers(ledger: string): Promise<boolean> {
  return stat(dirname(ledger)).then(
    () => true,
    () => false,
  );
}

/**
 * What is found of the inboxes and of the ledger, one after the other: folders that one probe made would look to the next
 * as if they had been there.
 * @throws StoppedError when the signal fires
 */
export async function sectionsHere(
  { inboxes, ledger }: Config,
  parts: CheckParts,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const inbox of inboxes) sections.push(await inboxSection(inbox, parts));
  sections.push(await ledgerSection(ledger, parts));
  return sections;
}

async function inboxSection(
  inbox: InboxConfig,
  { clock, signal, user, access }: CheckParts,
): Promise<Section> {
  const head = { about: 'inbox', name: inbox.name, title: inboxLine(inbox) } as const;
  const look = async (late: AbortSignal) => {
    const stopped = AbortSignal.any([signal, late]);
    const folders = await checkFolders(inbox, access instanceof UsageError ? null : access, stopped);
    const isListed = folders.folders.some(({ purpose, trouble }) => purpose === 'inbox' && trouble === null);
    const files = isListed ? await lyingIn(inbox.folder, inbox.files, stopped) : NOTHING;
    return [...folderFindings(folders, user), ...groupFindings(access), ...filesFindings(files, user)];
  };
  const doubts = policyDoubts(inbox).map(
    (doubt) => ({ result: 'warning', subject: 'shipments', ...doubt }) as const,
  );
  const found = (await inTime(look, clock)) ?? [hangs('folders', inbox.folder)];
  return { ...head, findings: [...doubts, ...found] };
}

async function ledgerSection(ledger: string, { clock, signal, user }: CheckParts): Promise<Section> {
  const head = { about: 'ledger', name: ledger, title: `ledger: ${ledger}` } as const;
  const look = async (late: AbortSignal) =>
    [await diskFinding(ledger), await checkFolder(dirname(ledger), AbortSignal.any([signal, late]))] as const;
  const looked = await inTime(look, clock);
  if (!looked) return { ...head, findings: [hangs('disk', ledger)] };
  const [disk, folder] = looked;
  // SQLite keeps the whole process waiting, signals too: it is only let where the folder has answered.
  const files = isWell(folder) ? ledgerFindings(ledger, clock) : [];
  return { ...head, findings: [disk, ...folderFindings(folder, user), ...files] };
}

const NOTHING: Lying = { files: 0, unreadable: [] };

function isWell({ folders }: FoldersChecked): boolean {
  return folders.every(({ trouble }) => trouble === null);
}

function hangs(subject: string, path: string): Finding {
  return {
    result: 'problem',
    subject,
    message: `no answer about ${path} within ${FOLDERS_WITHIN_MS / 1000} s`,
    hint: 'It lies on a mount whose server may be gone: look whether ls answers there.',
  };
}
