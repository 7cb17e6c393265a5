import { TrackdropError } from '../../domain/failure.ts';
import type { SignInMemory } from '../../domain/sign-in-memory.ts';

/**
 * A memory that knows nothing and keeps nothing where its ledger cannot be used, which `check` tells as a problem of
 * the ledger, and nobody's sign-in. It is let near the ledger only where `answers` says that its disk does: SQLite keeps
 * the whole process waiting, signals too.
 */
export function unlessUnusable(
  memory: SignInMemory,
  answers: () => Promise<boolean | undefined>,
): SignInMemory {
  const ask = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (!(await answers())) return otherwise;
    try {
      return await work();
    } catch (error) {
      if (error instanceof TrackdropError && error.code === 'ledger-unusable') return otherwise;
      throw error;
    }
  };
  return {
    lastRefusal: (credentials) => ask(() => memory.lastRefusal(credentials), undefined),
    keep: (credentials, refusal) => ask(() => memory.keep(credentials, refusal), false),
    worked: () => ask(() => memory.worked(), undefined),
  };
}
