import { writeFile } from 'node:fs/promises';
import { CHAPTERS } from './chapters.ts';
import { pageOf } from './page.ts';

/** The page that is written from the cases. */
export const PAGE = new URL('../../docs/kinds-of-orders.md', import.meta.url);

if (import.meta.main) await writeFile(PAGE, await pageOf(CHAPTERS));
