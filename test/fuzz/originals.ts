import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReadingConfig } from '../../src/config/reading-config.ts';
import type { Profile } from '../../src/domain/profile.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const IS_DROP = /\.(csv|txt)$/;

/** A file that inputs are made from. */
export interface Original {
  readonly name: string;
  readonly bytes: Buffer;
  /** What it is read by where nothing else is tried; null where its name or its header decides. */
  readonly profile: Profile | null;
}

export interface Originals {
  readonly files: readonly Original[];
  /** The presets, and what the fixtures' merchants have made of them. */
  readonly profiles: readonly Profile[];
}

/** Every drop among the fixtures, and every profile. */
export async function readOriginals(): Promise<Originals> {
  const entries = (await readdir(FIXTURES, { recursive: true })).sort();
  const { profiles: presets } = await readReadingConfig({ env: {}, cwd: FIXTURES });
  const profiles = new Map(presets.map((profile) => [profile.name, profile]));
  const byFolder = new Map<string, Profile>();
  for (const entry of entries.filter((name) => /^profiles\/.*\.yaml$/.test(name))) {
    const config = await readReadingConfig({ env: {}, cwd: FIXTURES }, join(FIXTURES, entry));
    const [own] = config.profiles.filter(({ origin }) => origin === 'own');
    if (own === undefined) throw new Error(`${entry} is no profile`);
    profiles.set(own.name, own);
    byFolder.set(dirname(entry), own);
  }
  const drops = entries.filter((entry) => IS_DROP.test(entry) && /^(drops|profiles)\//.test(entry));
  const files = drops.map(async (entry) => {
    const folder = dirname(entry);
    const profile = byFolder.get(folder) ?? profiles.get(basename(folder)) ?? null;
    return { name: basename(entry), bytes: await readFile(join(FIXTURES, entry)), profile };
  });
  return { files: await Promise.all(files), profiles: [...profiles.values()] };
}
