import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './documents.ts';

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    await writeFile(new URL(`../../${path}`, import.meta.url), text);
  }
}
