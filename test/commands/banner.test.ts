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

for (const [shipments, words] of [
  [
    'notify: always',
    'orders without a shipment fail as no-shipment; customers ARE MAILED once for each shipment that a file puts numbers on',
  ],
  [
    'create: true, notify: shipment',
    'orders without a shipment ARE SHIPPED; customers ARE MAILED with each new shipment',
  ],
  [
    'storeView: 3',
    'only orders of store view 3; orders without a shipment fail as no-shipment; customers get no mail',
  ],
  [
    'create: true, onPartlyShipped: ship',
    'orders without a shipment, and what is open of partly shipped ones, ARE SHIPPED; customers get no mail',
  ],
  [
    'create: true, source: berlin, requirePaid: true',
    'orders without a shipment ARE SHIPPED from source berlin once they are paid; customers get no mail',
  ],
  [
    'onExisting: replace, attach: refuse',
    'orders without a shipment fail as no-shipment; other numbers on a shipment ARE TAKEN AWAY once the new one stands; rows for which nothing tells one of several shipments FAIL; customers get no mail',
  ],
  [
    'onExisting: fill',
    'orders without a shipment fail as no-shipment; shipments with another number get none; customers get no mail',
  ],
  [
    'onExisting: skip, attach: first',
    'orders without a shipment fail as no-shipment; shipments with another number are left as they are; customers get no mail',
  ],
  [
    'create: true, comment: "{number}"',
    'orders without a shipment ARE SHIPPED; new shipments have a comment that customers do not see; customers get no mail',
  ],
  [
    'create: true, comment: "{number}", commentVisible: true',
    'orders without a shipment ARE SHIPPED; new shipments have a comment that customers SEE; customers get no mail',
  ],
] as const) {
  test(`the banner says of shipments with ${shipments} what becomes of orders and customers`, async (t) => {
    const lines = await bannerOf(
      t,
      `stores: { eu: { url: "https://eu.example", auth: { bearer: abcdefgh } } }
inboxes: [{ name: a, folder: /in, shipments: { ${shipments} } }]
`,
    );
    assert.equal(lines.at(-1)?.text, `inbox a: /in -> store eu; profile auto; ${words}`);
  });
}

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

const DHL = `profiles:
  ours: { extends: dhl, carriers: { map: [{ says: [DHL], code: dhl, link: "https://dhl.example/{number}" }] } }
`;
for (const [shipments, profile, ...warned] of [
  ['requirePaid: true', 'auto', /^inbox a: requirePaid: true keeps nothing waiting, since create: false/],
  ['create: true, requirePaid: true', 'auto'],
  [
    'create: true, notify: always, comment: sent, commentVisible: true',
    'auto',
    /^inbox a: customers see the comment in their account only/,
  ],
  ['create: true, notify: shipment, comment: sent, commentVisible: true', 'auto'],
  ['create: true, notify: always, comment: sent', 'auto'],
  ['create: true, comment: "{link}"', 'plain', /^inbox a: \{link\} in the comment stays empty/],
  ['create: true, comment: "{link}"', 'ours'],
] as const) {
  test(`${warned.length > 0 ? 'warns' : 'does not warn'} of shipments with ${shipments} and the profile ${profile}`, async (t) => {
    const lines = await bannerOf(
      t,
      `stores: { eu: { url: "https://eu.example", auth: { bearer: abcdefgh } } }
inboxes: [{ name: a, folder: /in, profile: ${profile}, shipments: { ${shipments} } }]
${DHL}`,
    );
    const warnings = lines.filter(({ level }) => level === 'warn').map(({ text }) => text);
    assert.equal(warnings.length, warned.length, warnings.join());
    for (const words of warned) assert.match(warnings.join(), words);
  });
}
