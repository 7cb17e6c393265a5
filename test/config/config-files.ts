import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { readConfig } from '../../src/config/read.ts';
import { ConfigError } from '../../src/domain/failure.ts';

/** One store and nothing else, four lines; what a test writes comes behind it. */
export const STORE = 'stores:\n  main:\n    url: https://shop.example.com\n    auth: { bearer: abcdefgh }\n';

/** A configuration whose store has these lines too. */
export const store = (lines: string) => `${STORE}    ${lines}\n`;

/** A configuration with one inbox that has these lines. */
export const inbox = (lines: string) => `${STORE}inboxes:\n  - ${lines}\n`;

/** What is wrong with a configuration; fails where nothing is. */
export async function problemsOf(reading: Promise<unknown>): Promise<readonly string[]> {
  const error = await reading.then(
    () => assert.fail('expected a ConfigError'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw error;
  return error.problems;
}

/** A folder for the configurations of one file of tests, gone after its last test. */
export function configFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'trackdrop-config-'));
  after(() => rm(folder, { recursive: true }));
  let files = 0;
  /** Writes it as `0.yaml`, `1.yaml` and so on, and reads it. */
  async function written(yaml: string, env: Record<string, string> = {}) {
    const file = join(folder, `${files++}.yaml`);
    await writeFile(file, yaml);
    return readConfig({ file, env, cwd: '/nowhere' });
  }
  const problems = (yaml: string, env?: Record<string, string>) => problemsOf(written(yaml, env));
  return { folder, written, problems };
}
