import type { Config } from '../config/config.ts';
import { secretsOf } from '../config/decide.ts';
import { readConfig } from '../config/read.ts';
import { ConfigError, StoppedError, UsageError } from '../domain/failure.ts';
import { openAccess } from '../runtime/access.ts';
import type { Clock } from '../runtime/clock.ts';
import { printableJson } from '../runtime/printable.ts';
import { Secrets } from '../runtime/secrets.ts';
import { count, type Finding, type Section } from './check/finding.ts';
import { linesOf, reportOf } from './check/print.ts';
import { AskedLine } from './check/progress.ts';
import { sectionsHere, storeSection } from './check/sections.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeAfter, type Shell, STOP_SIGNALS, type StopSignal } from './shell.ts';
import { terminalOf } from './terminal.ts';

/** What the command line asks for. */
export interface CheckOptions {
  /** The file; undefined where it is to be found. */
  readonly config: string | undefined;
  readonly json: boolean;
}

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
    const text = options.json
      ? printableJson(reportOf(sections))
      : linesOf(sections, terminalOf(shell)).join('\n');
    shell.stdout.write(`${text}\n`);
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
