import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type StatusOptions, statusCommand } from '../../src/commands/status.ts';
import { ledgerUnusable } from '../../src/ledger/database.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { fakeShell } from './fake-shell.ts';

const NOW_MS = 1_000_000;
const ENV = {
  TRACKDROP_STORE_URL: 'https://a.example',
  TRACKDROP_STORE_BEARER: 'abcdefgh',
  TRACKDROP_DATA: '/data',
};

async function status(options: Partial<StatusOptions>, ageMs: number | undefined) {
  const { shell, printed } = fakeShell({ env: ENV });
  const asked: string[] = [];
  const exitCode = await statusCommand(
    { config: undefined, health: false, json: false, ...options },
    shell,
    {
      readHeartbeat(ledger) {
        asked.push(ledger);
        return ageMs === undefined
          ? undefined
          : { pid: 7, host: 'box', atMs: NOW_MS - ageMs, activeDrops: 2 };
      },
      countDrops: () => ({ ready: 2, settled: 40 }),
    },
    { ...systemClock, wallMs: () => NOW_MS },
  );
  assert.deepEqual(asked, ['/data/trackdrop.db']);
  return { exitCode, ...printed };
}

describe('trackdrop status --health', () => {
  test('is silent and 0 while the heartbeat is younger than 30 s', async () => {
    assert.deepEqual(await status({ health: true }, 29_999), { exitCode: 0, stdout: '', stderr: '' });
    assert.deepEqual(await status({ health: true }, -29_999), { exitCode: 0, stdout: '', stderr: '' });
  });

  test('is 1 with one line when the heartbeat is older, far ahead, or not there', async () => {
    for (const ageMs of [30_000, -30_000, undefined]) {
      const { exitCode, stdout, stderr } = await status({ health: true }, ageMs);
      assert.equal(exitCode, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^No daemon [^\n]+\n$/);
    }
  });
});

describe('trackdrop status on a damaged ledger', () => {
  async function damaged(options: Partial<StatusOptions>) {
    const { shell, printed } = fakeShell({ env: ENV });
    const all = { config: undefined, health: false, json: false, ...options };
    const readHeartbeat = () => {
      throw ledgerUnusable('/data/trackdrop.db', new Error('file is not a database'));
    };
    return { exitCode: await statusCommand(all, shell, { readHeartbeat }, systemClock), ...printed };
  }

  test('is 1 with one line when the question is about health', async () => {
    const { exitCode, stdout, stderr } = await damaged({ health: true });
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, /^No daemon [^\n]+trackdrop\.db[^\n]+not a database\n$/);
  });

  test('is wrong use when it was to be read', async () => {
    await assert.rejects(damaged({}), { code: 'ledger-unusable' });
  });
});

describe('trackdrop status', () => {
  test('says who is active and how many drops there are', async () => {
    assert.deepEqual(await status({}, 3000), {
      exitCode: 0,
      stdout:
        'Active: process 7 on box, heard of 3 s ago, working on 2 files\n  ready     2\n  settled   40\n',
      stderr: '',
    });
  });

  test('answers programs in JSON', async () => {
    const { exitCode, stdout } = await status({ json: true }, 60_000);
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(stdout), {
      health: 'stale',
      ageMs: 60_000,
      pid: 7,
      host: 'box',
      atMs: NOW_MS - 60_000,
      activeDrops: 2,
      drops: { ready: 2, settled: 40 },
      ledger: '/data/trackdrop.db',
    });
  });
});
