import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Refusal } from '../../src/config/kind.ts';
import { PROFILE_OPTION_LIST } from '../../src/config/profile-options.ts';
import { readPresets } from '../../src/config/profiles.ts';
import { runs } from '../runs.ts';
import { exampleProfile, profileFiles, schemaOf } from './profile-files.ts';

const { profile } = profileFiles();

describe('the presets', () => {
  test('have nothing wrong with them, and say whose files they read', () => {
    const found: string[] = [];
    for (const { about, name } of readPresets(found)) assert.notEqual(about, '', name);
    assert.deepEqual(found, []);
  });

  test('let auto pick no file without a header by anything but a telling name', () => {
    for (const { name, header, headers, files } of readPresets([])) {
      if (header === 'auto') continue;
      assert.deepEqual(headers, [], name);
      for (const pattern of files) assert.match(pattern, /^[A-Za-z]{3}/, name);
    }
  });

  test('tell editors where their schema is', async () => {
    const presets = new URL('../../config/profiles/', import.meta.url);
    for (const { name } of readPresets([])) {
      const text = await readFile(new URL(`${name}.yaml`, presets), 'utf8');
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      assert.equal(new URL(schema, presets).pathname, new URL('../profile.schema.json', presets).pathname);
    }
  });
});

describe('the schemas', () => {
  test('take every preset, the example and what the README shows', async () => {
    const isProfile = await schemaOf('profile.schema.json');
    const presets = new URL('../../config/profiles/', import.meta.url);
    for (const { name } of readPresets([])) {
      const text = await readFile(new URL(`${name}.yaml`, presets), 'utf8');
      assert.ok(isProfile(parse(text)), `${name}: ${JSON.stringify(isProfile.errors)}`);
    }
    const isConfiguration = await schemaOf('trackdrop.schema.json');
    const example = await readFile(new URL('../trackdrop.example.yaml', presets), 'utf8');
    const { profiles } = parse(await exampleProfile());
    assert.ok(isConfiguration({ ...parse(example), profiles }), JSON.stringify(isConfiguration.errors));
    assert.equal(isConfiguration({ ...parse(example), profiles: { acme: { colums: {} } } }), false);
  });
});

describe('the table of a profile’s options', () => {
  test('has defaults that its own kinds take', () => {
    for (const [path, { kind, need, written }] of PROFILE_OPTION_LIST) {
      if (need === 'default') assert.ok(!(kind.read(written) instanceof Refusal), path);
    }
  });

  test('has no kind that throws, whatever was written', () => {
    const kinds = PROFILE_OPTION_LIST.map(([, { kind }]) => kind);
    const written = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'()[]{}*+?\\|^$.ax9,:=<!') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), written, (kind, value) => {
        kind.read(value);
      }),
      runs(500),
    );
  });

  test('is shown in the README by a profile that works', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, text = ''] = /```yaml\n(profiles:\n[\s\S]*?)```/.exec(readme) ?? [];
    assert.deepEqual((await profile('acme', text)).rows[0]?.skip, ['Storniert', 'Retoure*']);
  });

  test('shows in the example a profile that works when its # are taken away', async () => {
    const text = await exampleProfile();
    assert.equal(Object.keys(parse(text).profiles.acme).length > 10, true);
    await profile('acme', text);
  });
});
