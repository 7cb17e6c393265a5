import { basename, dirname } from 'node:path';
import { built } from './built.ts';
import { plainConfig } from './plain-inbox.ts';
import { tell } from './said.ts';

const { readDrop } = await built<typeof import('../../src/intake/reading/read.ts')>('intake/reading/read');

// A file read to rows, and nobody who keeps them. Argument: the file. Says on one line how many rows there were, how
// long that took from opening the file, and the most memory it held.
const [file = ''] = process.argv.slice(2);
const { config, inbox } = await plainConfig(dirname(file));
const startedAtMs = performance.now();
const options = { ...inbox, name: basename(file), limits: config.limits };
const { records } = await readDrop(file, options, new AbortController().signal);
let rows = 0;
for await (const some of records) {
  for (const { verdict } of some) if (verdict.kind === 'row') rows += verdict.rows.length;
}
tell(rows, startedAtMs);
