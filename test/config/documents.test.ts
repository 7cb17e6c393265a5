import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { generatedFiles } from '../../src/config/documents.ts';
import { starterFile } from '../../src/config/example.ts';
import { Refusal } from '../../src/config/kind.ts';
import { OPTION_LIST } from '../../src/config/options.ts';
import { readConfig } from '../../src/config/read.ts';
import { nearest } from '../../src/config/suggest.ts';

const root = new URL('../../', import.meta.url);

describe('the generated documents', () => {
  for (const [path, text] of generatedFiles()) {
    test(`${path} is what the option table says (else: npm run generate)`, async () => {
      assert.equal(await readFile(new URL(path, root), 'utf8'), text);
    });
  }

  test('the example is a configuration that works, and shows the defaults', async () => {
    const file = fileURLToPath(new URL('config/trackdrop.example.yaml', root));
    const { config } = await readConfig({ file, env: {}, cwd: '/' });
    const bare = await readConfig({
      env: { TRACKDROP_STORE_URL: 'https://shop.example.com', TRACKDROP_STORE_BEARER: 'abcdefgh' },
      cwd: fileURLToPath(new URL('config/', root)),
    });
    const [store] = config.stores;
    const [bareStore] = bare.config.stores;
    assert.ok(store && bareStore);
    assert.deepEqual(config, {
      ...bare.config,
      stores: [{ ...bareStore, auth: store.auth }],
      inboxes: bare.config.inboxes.map((inbox) => ({ ...inbox, name: 'main' })),
    });
  });

  test('the reference has every key and every variable', async () => {
    const page = generatedFiles().get('config/REFERENCE.md') ?? '';
    for (const [path, { env }] of OPTION_LIST) {
      assert.ok(page.includes(`\`${path}\``), path);
      if (env) assert.ok(page.includes(`\`${env}\``), env);
    }
  });

  test('the schema refuses unknown keys at every level', () => {
    const closed = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if ('properties' in schema)
        assert.equal('additionalProperties' in schema && schema.additionalProperties, false);
      for (const each of Object.values(schema)) closed(each);
    };
    closed(JSON.parse(generatedFiles().get('config/trackdrop.schema.json') ?? ''));
  });

  test('the starter asks for what is missing before anything can run', () => {
    assert.match(starterFile(), /url: ""/);
    assert.match(starterFile(), /accessTokenSecret: ""/);
  });
});

describe('the option table', () => {
  test('has defaults that its own kinds take', () => {
    for (const [path, { kind, need, written }] of OPTION_LIST) {
      if (need === 'default') assert.ok(!(kind.read(written) instanceof Refusal), path);
    }
  });

  test('has no kind that throws, whatever was written', () => {
    const kinds = OPTION_LIST.map(([, { kind }]) => kind);
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.anything(), (kind, written) => {
        kind.read(written);
      }),
    );
  });

  test('reads a duration as its number times its unit', () => {
    const timeout = OPTION_LIST.find(([path]) => path === 'stores.*.retry.firstDelay')?.[1].kind;
    const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom(...Object.entries(units)), (count, [unit, unitMs]) => {
        assert.equal(timeout?.read(`${count}${unit}`), count * unitMs);
      }),
    );
  });
});

describe('a near miss', () => {
  test('is found for a slip or a different spelling, and not for another word', () => {
    const known = ['stableFor', 'unfinishedFor', 'files', 'url'];
    assert.equal(nearest('stablefor', known), 'stableFor');
    assert.equal(nearest('stable-for', known), 'stableFor');
    assert.equal(nearest('file', known), 'files');
    assert.equal(nearest('uri', known), 'url');
    assert.equal(nearest('password', known), undefined);
    assert.equal(nearest('x', known), undefined);
  });
});
