import { readFile, writeFile } from 'node:fs/promises';
import { withViews } from './page.ts';

if (import.meta.main) {
  const page = new URL('../../../docs/ledger.md', import.meta.url);
  await writeFile(page, withViews(await readFile(page, 'utf8')));
}
