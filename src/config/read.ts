import type { Config } from './config.ts';
import { decide, type Preferences } from './decide.ts';
import { readWritten, type Surroundings } from './written.ts';

/**
 * Reads what was written and decides what it means. `source` is the file's path, or `the environment`.
 *
 * @throws ConfigError with every problem at once; secrets appear in none of them.
 */
export async function readConfig(
  around: Surroundings & Partial<Preferences>,
): Promise<{ config: Config; source: string }> {
  const written = await readWritten(around);
  return { config: decide(written, { logFormat: around.logFormat ?? 'json' }), source: written.source };
}
