import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runCli } from '../../src/commands/cli.ts';
import { readConfig } from '../../src/config/read.ts';
import { ConfigError } from '../../src/domain/failure.ts';
import { fakeShell } from './fake-shell.ts';

describe('trackdrop init', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'trackdrop-init-'));
  });
  after(() => rm(home, { recursive: true }));

  test('writes a configuration and the folders that it speaks of, and says what is next', async () => {
    const { shell, printed } = fakeShell({ argv: ['init', 'shop'], cwd: home });
    assert.equal(await runCli(shell), 0);
    assert.deepEqual((await readdir(join(home, 'shop'))).sort(), ['data', 'trackdrop.yaml']);
    const folders = await readdir(join(home, 'shop/data'));
    assert.deepEqual(folders.sort(), ['failed', 'inbox', 'processed', 'working']);
    assert.equal((await stat(join(home, 'shop/trackdrop.yaml'))).mode & 0o777, 0o600);
    assert.match(printed.stdout, /shop\/trackdrop\.yaml.*data\/inbox.*trackdrop run/s);
  });

  test('leaves nothing to guess: what is empty is asked for, and filled in it works', async () => {
    const file = join(home, 'shop/trackdrop.yaml');
    const error = await readConfig({ file, env: {}, cwd: home }).catch((reason: unknown) => reason);
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(
      error.problems.map((problem) => problem.split(' ')[0]),
      [
        'stores.main.url',
        'stores.main.auth.oauth.consumerKey',
        'stores.main.auth.oauth.consumerSecret',
        'stores.main.auth.oauth.accessToken',
        'stores.main.auth.oauth.accessTokenSecret',
      ],
    );
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, yaml.replace('url: ""', 'url: https://a.example').replaceAll('""', '"abcdefgh"'));
    const { config } = await readConfig({ file, env: {}, cwd: home });
    assert.equal(config.inboxes[0]?.folder, join(home, 'shop/data/inbox'));
  });

  test('overwrites nothing: it leaves with 2 and changes no byte', async () => {
    const file = join(home, 'trackdrop.yaml');
    await writeFile(file, 'mine');
    const { shell, printed } = fakeShell({ argv: ['init'], cwd: home });
    assert.equal(await runCli(shell), 2);
    assert.equal(await readFile(file, 'utf8'), 'mine');
    assert.ok(!(await readdir(home)).includes('data'));
    assert.match(printed.stderr, /there already; nothing was changed/);
  });
});
