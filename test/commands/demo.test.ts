import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Expected } from '../../src/commands/demo/fixtures.ts';
import { demoCommand } from '../../src/commands/demo.ts';
import { signalRelay } from '../../src/commands/shell.ts';
import { fakeShell } from './fake-shell.ts';

const FIXTURES = new URL('../../fixtures/demo', import.meta.url).pathname;

let parent = '';
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'demo-test-'));
});
after(() => rm(parent, { recursive: true }));

/** A copy of the fixtures whose expectation is changed. */
async function spoiled(change: (expected: Expected) => Expected): Promise<string> {
  const fixtures = await mkdtemp(join(parent, 'fixtures-'));
  await cp(FIXTURES, fixtures, { recursive: true });
  const file = join(fixtures, 'expected.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
  return fixtures;
}

describe('trackdrop demo', { concurrency: true }, () => {
  test('ends with 0 and shows every row when all is as the fixtures say', async () => {
    const { shell, printed } = fakeShell({});
    assert.equal(await demoCommand({ stay: false, parent }, shell), 0, printed.stdout);
    const expected: Expected = JSON.parse(await readFile(join(FIXTURES, 'expected.json'), 'utf8'));
    const lines = printed.stdout.split('\n');
    for (const [file, { rows }] of Object.entries(expected.files)) {
      const from = lines.indexOf(file) + 1;
      for (const [at, [line, outcome]] of Object.entries(rows).entries()) {
        assert.match(lines[from + at] ?? '', new RegExp(`^ *${line} .* ${outcome}  `), file);
      }
    }
    assert.match(printed.stdout, /the upload pauses after "100000243,1Z999AA101"/);
    assert.match(printed.stdout, /The shop is back after \d/);
    assert.match(printed.stdout, /JD014600003000000260: (the answer was lost|lost as well)/);
    const doubted = [...printed.stdout.matchAll(/the check digit of (\S+) does not fit/g)];
    assert.deepEqual(
      doubted.map(([, number]) => number),
      ['1Z999AA10123456121'],
    );
    assert.match(printed.stdout, /All 57 rows of 11 files ended as expected; each of 31 numbers/);
    assert.ok(!printed.stdout.includes('\u001b'), 'no colours where nobody looks');
    assert.equal(printed.stderr, '');
  });

  test('ends with 1 and names what differs from the fixtures', async () => {
    const { shell, printed } = fakeShell({});
    const fixtures = await spoiled(({ files, shop, titles }) => ({
      files: { ...files, 'warehouse/nothing.csv': { folder: 'failed', rows: { 2: 'tracked' } } },
      shop: { ...shop, 100000201: [['1Z']], 100000222: [[]] },
      titles: { ...titles, '1Z999AA10123451029': 'Post' },
    }));
    assert.equal(await demoCommand({ stay: false, fixtures, parent }, shell), 1);
    const [, differences = ''] = printed.stdout.split('did not end as expected:\n');
    assert.match(differences, /^ {2}warehouse\/nothing\.csv: expected in failed, lies in .+processed/);
    assert.match(differences, /warehouse\/nothing\.csv, line 2: expected tracked, found no such row/);
    assert.match(differences, /order 100000201: expected .+ 1Z, the shop has .+ 1Z999AA10123451010/);
    assert.match(differences, /order 100000222: expected a shipment with no number, the shop has no ship/);
    assert.match(differences, /number 1Z999AA10123451029: expected the title Post, the shop has UPS/);
    assert.match(printed.stdout, /\n5 things did not end as expected:/);
  });

  test('stops at the first signal and keeps the folder', async () => {
    const folder = join(parent, 'interrupted');
    await mkdir(folder);
    const { shell, printed } = fakeShell({});
    const relay = signalRelay(() => assert.fail('the first signal must not end the process'));
    const stdout = {
      isTTY: false,
      write(text: string) {
        printed.stdout += text;
        if (text.includes('slowly')) relay.deliver('SIGINT');
      },
    };
    const exitCode = await demoCommand(
      { stay: true, parent: folder },
      { ...shell, stdout, onSignal: relay.onSignal },
    );
    assert.equal(exitCode, 1);
    assert.match(printed.stdout, /Stopped before the end\. Everything lies in .+trackdrop-demo-/);
    const [demo = ''] = await readdir(folder);
    assert.ok((await readdir(join(folder, demo))).includes('trackdrop.yaml'));
  });

  test('stays when asked to, and takes the files of a visitor', async () => {
    const folder = join(parent, 'visited');
    await mkdir(folder);
    const { shell, printed } = fakeShell({});
    const relay = signalRelay(() => assert.fail('the first signal must not end the process'));
    const visit = async (order: string) => {
      const [demo = ''] = await readdir(folder);
      const text = `order_number,tracking_number\n${order},1Z999AA10123450002\n`;
      await writeFile(join(folder, demo, 'warehouse', 'inbox', 'mine.csv'), text);
    };
    const stdout = {
      isTTY: false,
      write(text: string) {
        printed.stdout += text;
        const free = /with a shipment +(\d+)/.exec(text)?.[1];
        if (free) void visit(free);
        if (/^warehouse\/mine\.csv\n.*tracked/m.test(text)) relay.deliver('SIGTERM');
      },
    };
    const exitCode = await demoCommand(
      { stay: true, parent: folder },
      { ...shell, stdout, onSignal: relay.onSignal },
    );
    assert.equal(exitCode, 0, printed.stdout);
    assert.match(printed.stdout, /✓ warehouse\/mine\.csv: 1 tracked/);
    assert.match(printed.stdout, /\nStopped\. Everything lies in /);
  });

  test('says plainly that its files are missing, as in an installed package', async () => {
    const { shell } = fakeShell({});
    await assert.rejects(demoCommand({ stay: false, fixtures: join(parent, 'none'), parent }, shell), {
      code: 'no-fixtures',
      message: /the files that the demo drops are not here/,
    });
  });
});
