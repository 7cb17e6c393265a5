import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config, InboxConfig, StoreConfig } from '../config/config.ts';
import { secretsOf } from '../config/decide.ts';
import { readConfig } from '../config/read.ts';
import { ConfigError, StoppedError, StoreError, UsageError } from '../domain/failure.ts';
import { checkFolder, checkFolders, type FoldersChecked } from '../intake/folder-check.ts';
import { type Lying, lyingIn } from '../intake/unreadable.ts';
import { refusalsIn } from '../ledger/refusals.ts';
import { examine } from '../magento/examine.ts';
import { type Access, openAccess } from '../runtime/access.ts';
import type { Clock } from '../runtime/clock.ts';
import { printableJson } from '../runtime/printable.ts';
import { Secrets } from '../runtime/secrets.ts';
import { inboxLine, storeLine } from './banner.ts';
import { count, type Finding, type Section } from './check/finding.ts';
import { filesFindings, folderFindings, groupFindings } from './check/folder-findings.ts';
import { diskFinding, ledgerFindings } from './check/ledger-findings.ts';
import { linesOf, reportOf } from './check/print.ts';
import { AskedLine } from './check/progress.ts';
import { unlessUnusable } from './check/sign-in-memory.ts';
import { storeFindings } from './check/store-findings.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeAfter, type Shell, STOP_SIGNALS, type StopSignal, type User } from './shell.ts';

export interface CheckOptions {
  readonly config: string | undefined;
  readonly json: boolean;
}

interface CheckParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly user: User | undefined;
  /** Or why there is none: the group that was configured. */
  readonly access: Access | UsageError;
}

/** A folder on a mount whose server is gone does not answer at all; a disk that is well takes milliseconds. */
const FOLDERS_WITHIN_MS = 10_000;

/**
 * Looks whether `run` could do its work: at the stores, all at once and without writing anything to them, at the
 * folders of the inboxes, by putting probe files through them, and at the ledger. Exit code 0 when there is no
 * problem, 2 when one is here, in the folders or the ledger, 3 when all are with stores, 128 + its number after a signal.
 * Where there is a ledger, credentials that were refused within the hour are not tried again, and a refusal is kept there.
 *
 * @throws ConfigError as `readConfig` does; with `json` its problems are on stdout before, as findings.
 */
export async function checkCommand(options: CheckOptions, shell: Shell, clock: Clock): Promise<number> {
  const config = await configFor(options, shell);
  const stop = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const offSignals = STOP_SIGNALS.map((name) =>
    shell.onSignal(name, () => {
      stoppedBy = name;
      stop.abort();
    }),
  );
  const secrets = new Secrets(secretsOf(config));
  const asked = new AskedLine(shell.stderr, !options.json);
  try {
    const user = shell.user();
    const access = await openAccess(config.permissions, user).catch(onlyUsageError);
    const parts = { clock, signal: stop.signal, user, access };
    const work = [
      Promise.all(config.stores.map((store) => storeSection(store, config, { ...parts, asked, secrets }))),
      sectionsHere(config, parts),
    ];
    const sections = (await allOrStop(work, stop)).flat().map((section) => redacted(section, secrets));
    asked.clear();
    const { stdout, env } = shell;
    const isColoured = stdout.isTTY && !env.NO_COLOR;
    const text = options.json
      ? printableJson(reportOf(sections))
      : linesOf(sections, { columns: stdout.columns, isColoured }).join('\n');
    stdout.write(`${text}\n`);
    return exitCodeOf(sections);
  } catch (error) {
    asked.clear();
    if (!(error instanceof StoppedError) || stoppedBy === undefined) throw error;
    shell.stderr.write('trackdrop: stopped before everything was looked at\n');
    return exitCodeAfter(stoppedBy);
  } finally {
    for (const off of offSignals) off();
  }
}

async function configFor({ config: file, json }: CheckOptions, { stdout, env, cwd }: Shell): Promise<Config> {
  try {
    return (await readConfig({ file, env, cwd })).config;
  } catch (error) {
    // Otherwise a program that reads stdout would have nothing to parse.
    if (json && error instanceof ConfigError)
      stdout.write(`${printableJson(reportOf([configSection(error)]))}\n`);
    throw error;
  }
}

function configSection({ problems, hint }: ConfigError): Section {
  const findings = problems.map((message): Finding => {
    const finding = { result: 'problem', subject: 'configuration', message } as const;
    return hint === '' ? finding : { ...finding, hint };
  });
  return { about: 'configuration', name: 'configuration', title: 'configuration', findings };
}

function onlyUsageError(error: unknown): UsageError {
  if (!(error instanceof UsageError)) throw error;
  return error;
}

/** Where one fails the others are stopped and awaited, so that no probe is left in a folder. */
async function allOrStop<T>(work: readonly Promise<T>[], stop: AbortController): Promise<readonly T[]> {
  try {
    return await Promise.all(work);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(work);
    throw error;
  }
}

/** What a store said stands in messages: should it ever quote what it was sent, nobody is to read it. */
function redacted(section: Section, { redact }: Secrets): Section {
  const findings = section.findings.map((finding) => ({ ...finding, message: redact(finding.message) }));
  return { ...section, findings };
}

function exitCodeOf(sections: readonly Section[]): number {
  const isOf = (about: Section['about']) => sections.filter((section) => section.about === about);
  if (count([...isOf('inbox'), ...isOf('ledger')], 'problem') > 0) return EXIT.wrongUsage;
  return count(isOf('store'), 'problem') > 0 ? EXIT.storeUnreachable : EXIT.done;
}

async function storeSection(
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

/** One after the other: folders that one probe made would look to the next as if they had been there. */
async function sectionsHere({ inboxes, ledger }: Config, parts: CheckParts): Promise<readonly Section[]> {
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
  return { ...head, findings: (await inTime(look, clock)) ?? [hangs('folders', inbox.folder)] };
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

/** Whether its folder is there, and its disk answers. */
async function answers(ledger: string): Promise<boolean> {
  return stat(dirname(ledger)).then(
    () => true,
    () => false,
  );
}

function hangs(subject: string, path: string): Finding {
  return {
    result: 'problem',
    subject,
    message: `no answer about ${path} within ${FOLDERS_WITHIN_MS / 1000} s`,
    hint: 'It lies on a mount whose server may be gone: look whether ls answers there.',
  };
}

/** Undefined when the time was over; `late` fires then, so that work which goes on after all cleans up. */
async function inTime<T>(work: (late: AbortSignal) => Promise<T>, clock: Clock): Promise<T | undefined> {
  const [late, done] = [new AbortController(), new AbortController()];
  const timer = clock.sleep(FOLDERS_WITHIN_MS, done.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await Promise.race([work(late.signal), timer.then(() => undefined)]);
  } finally {
    done.abort();
  }
}
