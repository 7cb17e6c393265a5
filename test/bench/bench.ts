import { mkdtemp, readdir } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boundary } from './boundary.ts';
import { type Figure, holds, table } from './figures.ts';
import { find } from './find.ts';
import { fullFolder } from './full-folder.ts';
import { idle } from './idle.ts';
import { ledgerOverhead } from './ledger-overhead.ts';
import { leftovers } from './leftovers.ts';
import { manyFiles } from './many-files.ts';
import { Progress } from './progress.ts';
import { longReading, reading } from './reading.ts';
import type { Measure } from './scene.ts';
import { start } from './start.ts';
import { fullInbox, largeFile, millionRows, oneFile, tenFiles } from './throughput.ts';

const MEASURES: readonly Measure[] = [
  oneFile,
  tenFiles,
  manyFiles,
  fullFolder,
  idle,
  start,
  largeFile,
  boundary,
  reading,
  ledgerOverhead,
  leftovers,
  find,
];
/** They take minutes, and are measured only when they are named. */
const LONG_MEASURES: readonly Measure[] = [longReading, fullInbox, millionRows];
const ALL_MEASURES = [...MEASURES, ...LONG_MEASURES];

const USAGE = `npm run bench -- [--json] [--profile NAME] [NAME...]

${ALL_MEASURES.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')}

  --profile NAME   measures NAME alone, and writes a CPU profile of the daemon
  --json           the figures for programs

Exit code 0 when every bound holds, 1 when one is missed, 2 for a wrong name.
`;

// Ended by an exit and not by the signal itself: only then are the processes that were started ended too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await bench();

async function bench(): Promise<number> {
  const asked = chosen();
  if (!asked) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { json, profile, measures } = asked;
  const profiles = profile ? await mkdtemp(join(tmpdir(), `trackdrop-profile-${profile}-`)) : undefined;
  const nodeArgs = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    load: loadavg()[0] ?? 0,
  };
  const { node, cpu, cores, load } = machine;
  if (!json) print(`Node ${node}, ${cores} cores (${cpu}), load ${load.toFixed(2)} before the start`);

  const figures: (Figure & { readonly measure: string })[] = [];
  for (const { name: measure, about, run } of measures) {
    const progress = new Progress(measure);
    const found = await run({ progress, nodeArgs });
    progress.end();
    if (!json) print(`\n${measure}: ${about}\n${table(found).replace(/^/gm, '  ')}`);
    figures.push(...found.map((figure) => ({ measure, ...figure })));
  }
  const missed = figures.filter((figure) => !holds(figure)).length;
  if (json) {
    print(
      JSON.stringify({ machine, figures: figures.map((each) => ({ ...each, ok: holds(each) })) }, null, 2),
    );
  } else {
    for (const file of profiles ? await readdir(profiles) : [])
      print(`\nProfile: ${join(profiles ?? '', file)}`);
    print(missed === 0 ? '\nEvery bound holds.' : `\n${missed} of the bounds missed.`);
  }
  return missed === 0 ? 0 : 1;
}

function chosen() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, profile: { type: 'string' } },
    });
    const names = values.profile === undefined ? positionals : [values.profile];
    const known = names.every((wanted) => ALL_MEASURES.some(({ name }) => name === wanted));
    const measures = names.length === 0 ? MEASURES : ALL_MEASURES.filter(({ name }) => names.includes(name));
    return known ? { ...values, measures } : undefined;
  } catch (error) {
    // An option that it does not know; anything else is a bug.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
