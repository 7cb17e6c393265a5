/** Runs something after a while: at once where that is 0. */
export function later(delayMs: number, run: () => void): void {
  // A shop without latency must not pay for a timer; one that is disposed must not keep the process alive.
  if (delayMs <= 0) run();
  else setTimeout(run, delayMs).unref();
}
