import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';

const SRC = new URL('../src', import.meta.url).pathname;

/** What each room may import besides itself; a file at the top of src is a room of its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['commands'],
  commands: ['config', 'daemon', 'intake', 'magento', 'events', 'domain', 'ledger', 'runtime', 'sandbox'],
  daemon: ['config', 'pipeline', 'steps', 'magento', 'ledger', 'runtime', 'events', 'domain'],
  steps: ['config', 'pipeline', 'intake', 'magento', 'ledger', 'runtime', 'events', 'domain'],
  pipeline: ['runtime', 'domain'],
  intake: ['runtime', 'events', 'domain'],
  magento: ['runtime', 'events', 'domain'],
  ledger: ['runtime', 'domain'],
  runtime: ['events', 'domain'],
  config: ['domain'],
  events: ['domain'],
  domain: [],
  sandbox: [],
};

/** What the pure room may not even ask of the platform. */
const IMPURE =
  /\b(Date\.now|Math\.random|setTimeout|setInterval|performance\.|process\.|globalThis)|new Date\(\)|from 'node:/;

interface Source {
  readonly file: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const roomOf = (path: string): string => relative(SRC, path).split('/')[0]?.replace(/\.ts$/, '') ?? '';

async function sources(): Promise<Source[]> {
  const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith('.ts'));
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(SRC, file), 'utf8');
      const imports = Array.from(text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g), ([, target = '']) =>
        roomOf(join(SRC, file, '..', target)),
      );
      return { file, room: roomOf(join(SRC, file)), text, imports };
    }),
  );
}

describe('The rooms', () => {
  it('import each other along the arrows only', async () => {
    const wrong = (await sources()).flatMap(({ file, room, imports }) =>
      imports
        .filter((target) => target !== room && !MAY_IMPORT[room]?.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('are all known here', async () => {
    const rooms = new Set((await sources()).map(({ room }) => room));
    assert.deepEqual([...rooms].sort(), Object.keys(MAY_IMPORT).sort());
  });

  it('leave the process to main', async () => {
    const wrong = (await sources()).filter(({ room, text }) => room !== 'main' && /\bprocess\.\w/.test(text));
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    );
  });

  it('ask no clock, no chance and no platform in the domain', async () => {
    const wrong = (await sources()).filter(({ room, text }) => room === 'domain' && IMPURE.test(text));
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    );
  });

  it('hold no file that is named for nothing', async () => {
    const wrong = (await sources()).filter(({ file }) =>
      /(^|\/)(utils?|types|helpers?|common|misc)\.ts$/.test(file),
    );
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    );
  });
});
