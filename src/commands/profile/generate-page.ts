import { readFile, writeFile } from 'node:fs/promises';
import { withGenerated } from './page.ts';

if (import.meta.main) {
  const page = new URL('../../../docs/profiles.md', import.meta.url);
  await writeFile(page, withGenerated(await readFile(page, 'utf8')));
}
