import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { banner } from '../../src/commands/banner.ts';
import { readConfig } from '../../src/config/read.ts';

test('the banner says what is written where, what is shipped, and that nobody gets mail', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'trackdrop-banner-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'two.yaml');
  await writeFile(
    file,
    `stores: { eu: { url: "https://eu.example", auth: { bearer: abcdefgh } } }
inboxes:
  - { name: a, folder: /data/a/inbox }
  - { name: b, folder: /data/b/inbox, shipments: { create: true } }
`,
  );
  const { config } = await readConfig({ file, env: {}, cwd: folder });
  assert.deepEqual(banner(config), [
    'store eu: https://eu.example, WRITING',
    'inbox a: /data/a/inbox -> store eu; orders without a shipment fail as no-shipment; customers get no mail',
    'inbox b: /data/b/inbox -> store eu; orders without a shipment ARE SHIPPED; customers get no mail',
  ]);
});
