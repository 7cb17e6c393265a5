import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own, gone when it is disposed of. */
export async function ledgerFolder() {
  const path = await mkdtemp(join(tmpdir(), 'trackdrop-ledger-'));
  return {
    path,
    file: join(path, 'trackdrop.db'),
    /** Names in the folder, sorted, without those that SQLite makes while a ledger is open. */
    names: async () => (await readdir(path)).filter((name) => !/^trackdrop\.db-(wal|shm)$/.test(name)).sort(),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
