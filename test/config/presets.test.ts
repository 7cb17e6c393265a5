import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readPresets } from '../../src/config/profiles.ts';
import { readConfig } from '../../src/config/read.ts';
import { UnreadableDropError } from '../../src/domain/failure.ts';
import type { ProfileChoice } from '../../src/domain/profile.ts';
import type { Row } from '../../src/domain/row.ts';
import { readDrop } from '../../src/intake/reading/read.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const PRESETS = join(root, 'config/profiles');
/** A folder a preset: files as its description has them, and the profiles that a merchant would add. */
const FIXTURES = join(root, 'fixtures/profiles');

interface Expected {
  /** The profile that is taken; null for a file that needs none. */
  readonly chosen: string | null;
  /** Line, order number, tracking number, carrier and title, by blanks, then the item. */
  readonly rows: readonly string[];
  readonly skipped: readonly string[];
  readonly bad: readonly string[];
}

/** `profile` is what the inbox names, `auto` where it is missing. */
type Written = Partial<Expected> & { readonly profile?: string };

/** Read before the first test is known: a test that is added while others run may miss what they share. */
const fixtures = await Promise.all(
  (await readdir(FIXTURES)).map(async (preset) => {
    const text = await readFile(join(FIXTURES, preset, 'expected.json'), 'utf8');
    const expected: Readonly<Record<string, Written>> = JSON.parse(text);
    return { preset, folder: join(FIXTURES, preset), expected };
  }),
);

let scratch: string;
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'trackdrop-presets-'));
});
after(() => rm(scratch, { recursive: true }));

/** The choice of an inbox that names `profile`, where the configuration's profiles are those of a folder. */
async function choiceOf(profile: string, profilesFolder: string): Promise<ProfileChoice> {
  const file = join(scratch, 'trackdrop.yaml');
  const stores = { main: { url: 'https://shop.example.com', auth: { bearer: 'abcdefgh' } } };
  await writeFile(file, JSON.stringify({ stores, profilesFolder, inboxes: [{ profile }] }));
  const { config } = await readConfig({ file, env: {}, cwd: scratch });
  const [inbox] = config.inboxes;
  assert.ok(inbox);
  return inbox.profiles;
}

/** What a refusal shows as the lines to add: YAML on one line, with words in the place of what nobody can know. */
async function shownLines(folder: string, name: string): Promise<string> {
  const error = await outcomeOf(folder, name, { fixed: null, known: readPresets([]) }).catch(
    (reason) => reason,
  );
  assert.ok(error instanceof UnreadableDropError, name);
  const [, lines = ''] = /(profiles: \{.*\}), and profile: acme for the inbox/.exec(error.hint) ?? [];
  return lines.replace('its position', '3').replace('its name in the file', 'ParcelCode');
}

async function outcomeOf(folder: string, name: string, profiles: ProfileChoice): Promise<Expected> {
  const limits = { fileBytes: 1e6, rows: 1000, recordBytes: 4096, fieldBytes: 1024 };
  const carriers = { default: 'custom', defaultTitle: 'Parcel' };
  const options = { name, limits, carriers, profiles };
  const { layout, records } = await readDrop(join(folder, name), options, new AbortController().signal);
  const found = { rows: [] as string[], skipped: [] as string[], bad: [] as string[] };
  for await (const some of records) {
    for (const { verdict } of some) {
      if (verdict.kind === 'row') found.rows.push(...verdict.rows.map(shown));
      else if (verdict.kind === 'bad') found.bad.push(verdict.message);
      else found.skipped.push(verdict.reason);
    }
  }
  return { chosen: layout?.profile.name ?? null, ...found };
}

function shown({ item, part: _, note: __, ...plain }: Row): string {
  const said = Object.values(plain).filter((value) => value !== null);
  return [...said, ...(item === null ? [] : [item.quantity, 'x', item.sku])].join(' ');
}

test('every preset has files that are expected to be read by it', async () => {
  const presets = (await readdir(PRESETS)).map((file) => file.replace('.yaml', ''));
  assert.deepEqual(
    fixtures.map(({ preset }) => preset),
    presets,
  );
});

for (const { preset, folder, expected } of fixtures) {
  describe(`the preset ${preset}`, () => {
    test('has no file of which nothing is expected', async () => {
      const files = (await readdir(folder)).filter((name) => !/\.(json|yaml)$/.test(name));
      assert.deepEqual(files.sort(), Object.keys(expected).sort());
    });

    for (const [name, { profile = 'auto', ...outcome }] of Object.entries(expected)) {
      test(`reads ${name} as expected.json says`, async () => {
        const wanted = { chosen: null, rows: [], skipped: [], bad: [], ...outcome };
        assert.deepEqual(await outcomeOf(folder, name, await choiceOf(profile, folder)), wanted);
      });
    }
  });
}

describe('a file that no profile can read alone', () => {
  const files = [
    ['gls', 'GLS_20261120_0730.txt', 'gls'],
    ['orderlogix', 'OLX_Ship_Confirmations_20261120.csv', 'orderlogix'],
    ['metapack', 'events.csv', 'metapack'],
    ['dpd', 'return.csv', undefined],
  ] as const;

  for (const [preset, name, base] of files) {
    test(`is refused with the lines to add to the configuration, as ${name}`, async () => {
      const lines = await shownLines(join(FIXTURES, preset), name);
      assert.equal(parse(lines).profiles.acme.extends, base);
      const file = join(scratch, 'added.yaml');
      const stores = 'stores: { main: { url: "https://shop.example.com", auth: { bearer: abcdefgh } } }';
      await writeFile(file, `${stores}\n${lines}\ninboxes: [{ profile: acme }]\n`);
      const { config } = await readConfig({ file, env: {}, cwd: scratch });
      const outcome = await outcomeOf(
        join(FIXTURES, preset),
        name,
        config.inboxes[0]?.profiles ?? assert.fail(),
      );
      assert.equal(outcome.chosen, 'acme');
    });
  }
});
