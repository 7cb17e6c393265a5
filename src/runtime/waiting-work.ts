import { StoppedError } from '../domain/failure.ts';

/** Ends the wait of one piece of work. */
type Reject = (reason: Error) => void;

/** Work that has not started, by the signal that takes it out: an AbortSignal gets dear with each listener more. */
export class WaitingWork {
  readonly #bySignal = new Map<AbortSignal, { readonly work: Set<Reject>; readonly forget: () => void }>();

  /** The signal calls `reject` with StoppedError from now on, until the work is taken. */
  add(reject: Reject, signal: AbortSignal): void {
    let waiting = this.#bySignal.get(signal);
    if (!waiting) {
      const work = new Set<Reject>();
      const stop = () => this.#stop(signal);
      signal.addEventListener('abort', stop, { once: true });
      waiting = { work, forget: () => signal.removeEventListener('abort', stop) };
      this.#bySignal.set(signal, waiting);
    }
    waiting.work.add(reject);
  }

  /** It starts now. False where it was taken out before. */
  take(reject: Reject, signal: AbortSignal): boolean {
    const waiting = this.#bySignal.get(signal);
    if (!waiting?.work.delete(reject)) return false;
    if (waiting.work.size === 0) {
      this.#bySignal.delete(signal);
      waiting.forget();
    }
    return true;
  }

  /** Takes all of it out. */
  stop(): void {
    for (const signal of [...this.#bySignal.keys()]) this.#stop(signal);
  }

  #stop(signal: AbortSignal): void {
    const waiting = this.#bySignal.get(signal);
    if (!waiting) return;
    this.#bySignal.delete(signal);
    waiting.forget();
    for (const reject of waiting.work) reject(new StoppedError());
  }
}
