import { parseArgs } from 'node:util';
import { runRound } from './round.ts';

// Kills a daemon again and again while it works, and looks whether anything was lost or doubled.
//
//     npm run torture -- --kills 500 --seed 1 [--faults]
//
// Exit 1 at the first round with a breach, naming it and the seed; the round's data folder is kept then.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    faults: { type: 'boolean', default: false },
  },
});
/** Each round has a shop and a folder of its own, so that a breach points at few kills. */
const KILLS_A_ROUND = 25;

const wanted = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(seed))
  throw new Error('--kills and --seed take whole numbers');

const total = { kills: 0, restarts: 0, files: 0, rows: 0, lost: 0, doubled: 0 };
const stages: Record<string, number> = {};
console.log(`torture: ${wanted} kills, seed ${seed}, ${values.faults ? 'with faults' : 'no faults'}`);
for (let at = 0; total.kills < wanted; at += 1) {
  const round = await runRound({
    seed: seed + at,
    kills: Math.min(KILLS_A_ROUND, wanted - total.kills),
    withFaults: values.faults,
  });
  for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += round[key];
  for (const [stage, count] of Object.entries(round.stages)) stages[stage] = (stages[stage] ?? 0) + count;
  console.log(inWords(total));
  if (round.breaches.length > 0) {
    for (const breach of round.breaches) console.log(`BREACH (seed ${seed + at}): ${breach}`);
    console.log(
      `again: npm run torture -- --kills ${round.kills} --seed ${seed + at}${values.faults ? ' --faults' : ''}`,
    );
    console.log(`kept: ${round.kept}`);
    process.exitCode = 1;
    break;
  }
}
console.log(`cut off: ${inWords(stages)}`);

function inWords(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
