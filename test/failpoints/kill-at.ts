import { subscribe } from 'node:diagnostics_channel';
import { STEP_CHANNEL, STEPS } from '../../src/runtime/step.ts';

// Preloaded by `node --import`: kills this process by SIGKILL when it passes a step, named and counted by the
// environment as KILL_AT=write.intended#2. The kernel ends it before the call returns: nothing comes after the step.
const [step, nth = '1'] = (process.env.KILL_AT ?? '').split('#');
if (!STEPS.some((known) => known === step)) throw new RangeError(`KILL_AT names no step: ${step}`);

let left = Number(nth);
subscribe(STEP_CHANNEL, (passed) => {
  if (passed !== step) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
