import { parseArgs } from 'node:util';
import { type Found, runInputs } from './run.ts';

// Reads files that are broken in every way, and looks whether the reading keeps what it promises.
//
//     npm run fuzz -- --inputs 60000 --seed 1 [--seconds 600] [--from 0]
//
// Exit 1 after the first thousand inputs with a breach among them. An input is a number: --from NUMBER --inputs 1
// reads that one again.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '60000' },
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    from: { type: 'string', default: '0' },
  },
});
const AT_A_TIME = 1_000;

const [inputs, seconds, seed, from] = [values.inputs, values.seconds, values.seed, values.from].map(Number);
if (inputs === undefined || seconds === undefined || seed === undefined || from === undefined)
  throw new Error('nothing is missing');
if (![inputs, seconds, seed, from].every(Number.isInteger))
  throw new Error('--inputs, --seconds, --seed and --from take whole numbers');

const total: Record<keyof Found, number> = { unreadable: 0, rows: 0, bad: 0, skipped: 0 };
const endMs = performance.now() + seconds * 1000;
console.log(`fuzz: ${inputs} inputs, seed ${seed}`);
for (let done = 0; done < inputs && performance.now() < endMs; ) {
  const count = Math.min(AT_A_TIME, inputs - done);
  const { found, breaches } = await runInputs({ seed, from: from + done, to: from + done + count });
  done += count;
  for (const key of Object.keys(total) as (keyof Found)[]) total[key] += found?.[key] ?? 0;
  const words = Object.entries(total).map(([name, number]) => `${name} ${number}`);
  console.log(`inputs ${done}, ${words.join(', ')}`);
  if (breaches.length === 0) continue;
  for (const breach of breaches) console.log(`BREACH (seed ${seed}) ${breach}`);
  process.exitCode = 1;
  break;
}
