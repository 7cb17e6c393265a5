import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { killedAt } from '../failpoints/killed-at.ts';
import { ACROSS_MOUNTS, KILLS, inWords as killInWords } from '../failpoints/scenes.ts';
import { type Round, runRound } from './round.ts';

// Kills a daemon again and again while it works, and looks whether anything was lost or doubled: at each named step
// first, then at moments by chance, with a store that works in every other round and one that does not in the rest.
//
//     npm run torture -- --kills 500 --seed 1 --minutes 15 [--faults none|some|all] [--steps no]
//
// Exit 1 when a breach was found, naming it and the seed; the data folder is kept then. No round begins after
// `--minutes`.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    minutes: { type: 'string', default: '15' },
    faults: { type: 'string', default: 'some' },
    steps: { type: 'string', default: 'yes' },
  },
});
/** Each round has a shop and a folder of its own, so that a breach points at few kills. */
const KILLS_A_ROUND = 25;
/** Most of a round is waiting: for a file to lie still, for a write to be looked for. */
const ROUNDS_AT_ONCE = availableParallelism();

const wanted = Number(values.kills);
const seed = Number(values.seed);
const minutes = Number(values.minutes);
if (![wanted, seed, minutes].every(Number.isInteger) || wanted < 1)
  throw new Error('--kills, --seed and --minutes take whole numbers');
if (!['none', 'some', 'all'].includes(values.faults)) throw new Error('--faults takes none, some or all');

const startedMs = performance.now();
const endMs = startedMs + minutes * 60_000;
const total = {
  kills: 0,
  restarts: 0,
  files: 0,
  rows: 0,
  waited: 0,
  grown: 0,
  redone: 0,
  lost: 0,
  doubled: 0,
};
const stages: Record<string, number> = {};
let isBroken = false;
console.log(`torture: ${wanted} kills, seed ${seed}, faults in ${values.faults} of the rounds`);

if (values.steps === 'yes') {
  await severalAtOnce(KILLS, async (kill) => {
    const breaches = await killedAt([kill], ACROSS_MOUNTS.has(kill.step) ? ['working'] : []);
    total.kills += 1;
    total.restarts += 1;
    tell(`killed at ${killInWords(kill)}`, breaches);
  });
  console.log(`${KILLS.length} kills at named steps`);
}
const left = Math.max(wanted - total.kills, 0);
const rounds = Array.from({ length: Math.ceil(left / KILLS_A_ROUND) }, (_, at) => ({
  seed: seed + at,
  kills: Math.min(KILLS_A_ROUND, left - at * KILLS_A_ROUND),
  withFaults: values.faults === 'all' || (values.faults === 'some' && at % 2 === 1),
}));
await severalAtOnce(rounds, async (options) => {
  const round = await runRound(options);
  add(round);
  console.log(inWords(total));
  const again = `npm run torture -- --steps no --kills ${options.kills} --seed ${options.seed} --faults ${options.withFaults ? 'all' : 'none'}`;
  tell(again, round.breaches.length > 0 ? [...round.breaches, `kept: ${round.kept}`] : []);
});
console.log(`cut off: ${inWords(stages)}`);
const tookSeconds = Math.round((performance.now() - startedMs) / 1_000);
console.log(`${isBroken ? 'BROKEN' : 'whole'} after ${inWords(total)}, in ${tookSeconds} s`);
if (!isBroken && total.kills < wanted) console.log(`the time was over before ${wanted} kills`);
process.exitCode = isBroken ? 1 : 0;

/** Begins no further piece of work after a breach, or when the time is over. */
async function severalAtOnce<Piece>(pieces: readonly Piece[], work: (piece: Piece) => Promise<void>) {
  const queue = pieces.values();
  await Promise.all(
    Array.from({ length: ROUNDS_AT_ONCE }, async () => {
      for (const piece of queue) {
        if (isBroken || performance.now() > endMs) return;
        await work(piece);
      }
    }),
  );
}

function tell(what: string, breaches: readonly string[]): void {
  if (breaches.length === 0) return;
  isBroken = true;
  for (const breach of breaches) console.log(`BREACH: ${breach}`);
  console.log(`again: ${what}`);
}

function add(round: Round): void {
  for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += round[key];
  for (const [stage, count] of Object.entries(round.stages)) stages[stage] = (stages[stage] ?? 0) + count;
}

function inWords(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
