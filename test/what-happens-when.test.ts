import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

const ROOT = new URL('../', import.meta.url);

it('Each section of docs/what-happens-when.md names the tests that try it', async () => {
  const page = await readFile(new URL('docs/what-happens-when.md', ROOT), 'utf8');
  const [, ...sections] = page.split(/^## /m);
  assert.ok(sections.length > 0);
  for (const section of sections) {
    const [title = ''] = section.split('\n', 1);
    const [, named] = /<!-- (.+) -->/.exec(section) ?? [];
    assert.ok(named !== undefined, `${title} names no test`);
    for (const file of named.split(', ')) assert.ok(existsSync(new URL(file, ROOT)), `${title}: ${file}`);
  }
});
