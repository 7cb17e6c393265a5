import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { imageCommand, imageEnvironment, instructions } from '../dockerfile.ts';
import { plainFile } from '../running-daemon.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Does in folders what Docker does in layers, with what .dockerignore lets through; returns the last stage's
 * folder, which is its /app. Of the RUN lines those of npm and of Node are done: the others set up users and volumes.
 */
async function buildImage(workshop: string): Promise<string> {
  const ignore = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n').filter(Boolean);
  assert.equal(ignore[0], '*');
  const allowed = new Set(ignore.slice(1).map((line) => line.replace('!', '')));
  const stages = new Map<string, string>();
  let app = '';
  for (const { verb, rest } of await instructions()) {
    if (verb === 'FROM') {
      const [, name = 'last'] = / AS (\w+)$/.exec(rest) ?? [];
      app = join(workshop, name);
      stages.set(name, app);
      await mkdir(app);
    } else if (verb === 'COPY') {
      const [, stage, paths = ''] = /^(?:--from=(\w+) )?(.+)$/.exec(rest) ?? [];
      const sources = paths.split(' ');
      const target = sources.pop() ?? '';
      for (const source of sources) {
        assert.ok(stage || allowed.has(source), `.dockerignore keeps ${source} out`);
        const from = stage ? join(stages.get(stage) ?? '', relative('/app', source)) : join(root, source);
        await cp(from, target === './' ? join(app, source) : join(app, target), { recursive: true });
      }
    } else if (verb === 'RUN' && rest.startsWith('npm ')) {
      const args = rest.split(' ').slice(1);
      const offline = args[0] === 'ci' ? ['--prefer-offline', '--no-audit'] : [];
      await run('npm', [...args, ...offline], { cwd: app });
    } else if (verb === 'RUN' && rest.startsWith('node ')) {
      const env = {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        NODE_COMPILE_CACHE: join(app, 'compiled'),
      };
      await run('sh', ['-c', rest.replaceAll('/app/', `${app}/`)], { cwd: app, env });
    }
  }
  return app;
}

describe('the image', () => {
  let workshop: string;
  let app: string;

  before(async () => {
    workshop = await mkdtemp(join(tmpdir(), 'trackdrop-image-'));
    app = await buildImage(workshop);
  });
  after(() => rm(workshop, { recursive: true }));

  /** What the ENTRYPOINT says, with the Node of this test. */
  async function trackdrop(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const { nodeArgs, script } = await imageCommand();
    const env = { PATH: dirname(process.execPath), ...(await imageEnvironment()), ...variables };
    const { stdout } = await run(
      process.execPath,
      [...nodeArgs, join(app, relative('/app', script)), ...args],
      {
        cwd: workshop,
        env,
      },
    );
    return stdout;
  }

  test('says its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    assert.equal(await trackdrop(['--version']), `${version}\n`);
  });

  test('holds what production needs and nothing of development', async () => {
    assert.deepEqual((await readdir(app)).sort(), [
      'LICENSE',
      'compiled',
      'config',
      'dist',
      'node_modules',
      'package.json',
    ]);
    assert.deepEqual(
      await readdir(join(app, 'config/profiles')),
      await readdir(join(root, 'config/profiles')),
    );
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const inside = new Set(await readdir(join(app, 'node_modules')));
    for (const name of Object.keys(dependencies)) assert.ok(inside.has(name), name);
    for (const name of ['node', 'typescript', 'fast-check', '@biomejs']) {
      assert.ok(devDependencies[name] || devDependencies[`${name}/biome`], name);
      assert.ok(!inside.has(name), name);
    }
  });

  test('keeps what Node made of the sources of the daemon', async () => {
    const kept = await readdir(join(app, 'compiled'), { recursive: true, withFileTypes: true });
    const sources = await readdir(join(app, 'dist'), { recursive: true });
    const steps = sources.filter((name) => name.startsWith('steps/') && name.endsWith('.js'));
    assert.ok(kept.filter((entry) => entry.isFile()).length > steps.length);
  });

  test('makes a first configuration', async () => {
    await trackdrop(['init', 'fresh']);
    assert.deepEqual((await readdir(join(workshop, 'fresh'))).sort(), ['data', 'trackdrop.yaml']);
  });

  test('pushes a dropped file, by the environment alone', async () => {
    await using sandbox = await startSandbox();
    const { incrementId } = sandbox.addOrder({ shipments: [{}] });
    const data = join(workshop, 'data');
    await mkdir(join(data, 'inbox'), { recursive: true });
    await writeFile(join(data, 'inbox', 'today.csv'), plainFile([incrementId, '1Z1']));
    const variables = {
      TRACKDROP_DATA: data,
      TRACKDROP_STORE_URL: sandbox.url,
      TRACKDROP_STORE_BEARER: sandbox.bearer,
    };
    await trackdrop(['run', '--once'], variables);
    assert.deepEqual(
      sandbox.tracks().map(({ order, trackNumber }) => [order, trackNumber]),
      [[incrementId, '1Z1']],
    );
    assert.deepEqual(await readdir(join(data, 'inbox')), []);
  });

  test('does not run as root, keeps its data in one volume and starts without a shell', async () => {
    const lines = (await instructions()).map(({ verb, rest }) => `${verb} ${rest}`);
    assert.ok(lines.includes('USER node'));
    assert.deepEqual(
      lines.filter((line) => line.startsWith('VOLUME')),
      ['VOLUME /data'],
    );
    assert.ok(lines.includes('CMD ["run"]'));
    assert.ok(lines.some((line) => /^HEALTHCHECK .* status --health/.test(line)));
  });
});
