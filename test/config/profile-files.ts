import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { InboxConfig } from '../../src/config/config.ts';
import type { Profile } from '../../src/domain/profile.ts';
import { configFiles } from './config-files.ts';

/** One line, so that what a test writes begins on the second. */
const STORE = 'stores: { main: { url: "https://shop.example.com", auth: { bearer: abcdefgh } } }\n';

/** A configuration whose profile acme has these lines, the first of them on line 4 of the file. */
export const acme = (...lines: string[]) =>
  ['profiles:', '  acme:', ...lines.map((line) => `    ${line}`), ''].join('\n');

/** Configurations that are about profiles, in a folder of one file of tests. */
export function profileFiles() {
  const { folder, written, problems } = configFiles();

  async function read(yaml: string): Promise<InboxConfig> {
    const [inbox] = (await written(STORE + yaml)).config.inboxes;
    assert.ok(inbox);
    return inbox;
  }

  async function profile(name: string, yaml: string): Promise<Profile> {
    const { profiles } = await read(yaml);
    const found = profiles.known.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  }

  /** Writes profiles into a folder of their own, a file each; returns what names it in the configuration. */
  async function profilesFolder(name: string, texts: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(join(folder, name));
    for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, name, file), text);
    return `profilesFolder: ${name}\n`;
  }

  return { folder, read, profile, problems: (yaml: string) => problems(STORE + yaml), profilesFolder };
}

/** One of the generated schemas, ready to say whether a value is valid. */
export async function schemaOf(file: string) {
  const text = await readFile(new URL(`../../config/${file}`, import.meta.url), 'utf8');
  return new Ajv2020().compile(JSON.parse(text));
}

/** The profile that the example shows, without the # before each line. */
export async function exampleProfile(): Promise<string> {
  const file = fileURLToPath(new URL('../../config/trackdrop.example.yaml', import.meta.url));
  const [, block = ''] = /^# (profiles:\n(?:# .*\n)*)/m.exec(await readFile(file, 'utf8')) ?? [];
  return block.replace(/^# /gm, '');
}
