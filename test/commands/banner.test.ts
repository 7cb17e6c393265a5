import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BannerLine, banner } from '../../src/commands/banner.ts';
import { readConfig } from '../../src/config/read.ts';

async function bannerOf(t: TestContext, yaml: string): Promise<readonly BannerLine[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trackdrop-banner-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'two.yaml');
  await writeFile(file, yaml);
  const { config } = await readConfig({ file, env: {}, cwd: folder });
  return banner(config);
}

test('the banner says what is written where, what is shipped, and that nobody gets mail', async (t) => {
  const lines = await bannerOf(
    t,
    `stores: { eu: { url: "https://eu.example", auth: { bearer: abcdefgh }, readOnly: true } }
inboxes:
  - { name: a, folder: /data/a/inbox }
  - { name: b, folder: /data/b/inbox, profile: dhl, shipments: { create: true } }
`,
  );
  assert.deepEqual(new Set(lines.map(({ level }) => level)), new Set(['info']));
  assert.deepEqual(
    lines.map(({ text }) => text),
    [
      'store eu: https://eu.example, READ ONLY',
      'inbox a: /data/a/inbox -> store eu; profile auto; orders without a shipment fail as no-shipment; customers get no mail',
      'inbox b: /data/b/inbox -> store eu; profile dhl; orders without a shipment ARE SHIPPED; customers get no mail',
    ],
  );
});

for (const [url, isWarned] of [
  ['http://shop.example', true],
  ['http://10.0.0.5:8080', true],
  ['https://shop.example', false],
  ['http://localhost:8080', false],
  ['http://127.0.0.53', false],
  ['http://[::1]:8080', false],
] as const) {
  test(`${isWarned ? 'warns that' : 'does not warn that'} what goes to ${url} can be read on its way`, async (t) => {
    const lines = await bannerOf(t, `stores: { eu: { url: "${url}", auth: { bearer: abcdefgh } } }`);
    const warnings = lines.filter(({ text }) => text.includes('without encryption'));
    assert.deepEqual(
      warnings.map(({ level }) => level),
      isWarned ? ['warn'] : [],
    );
  });
}
