import { StoppedError } from '../domain/failure.ts';

/** Settles as `promise` does, or rejects with StoppedError as soon as the signal fires. */
export function orStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: settled, resolve, reject } = Promise.withResolvers<T>();
  const stop = () => reject(new StoppedError());
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return settled;
}

/** For `catch`: lets StoppedError pass as the ordinary end of what was waited for. Throws everything else again. */
export function unlessStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
}
