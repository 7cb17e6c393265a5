import { parseArgs } from 'node:util';
import { checkModel } from './check.ts';
import { isMountable } from './world.ts';

// Random lists of what people, stores and machines do, done to a real daemon.
//
//     npm run model -- --runs 200 --seed 1 [--length 12] [--minutes 10] [--path 3:0:1]
//
// Exit 1 with the shortest list that breaks a promise.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    length: { type: 'string', default: '12' },
    minutes: { type: 'string', default: '10' },
    path: { type: 'string' },
  },
});
const { path } = values;
const [runs, seed, length, minutes] = [values.runs, values.seed, values.length, values.minutes].map(Number);
if (runs === undefined || seed === undefined || length === undefined || minutes === undefined)
  throw new Error('unreachable');
console.log(`model: ${runs} lists of up to ${length} actions, seed ${seed}`);
if (!isMountable) console.log('nothing can be mounted here: no disk is ever full');
const startedMs = performance.now();
const found = await checkModel({
  runs,
  seed,
  length,
  withinMs: minutes * 60_000,
  ...(path === undefined ? {} : { path }),
});
const tookSeconds = Math.round((performance.now() - startedMs) / 1_000);
console.log(found ?? `every list ended as it must, in ${tookSeconds} s`);
process.exitCode = found === undefined ? 0 : 1;
