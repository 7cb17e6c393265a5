import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type StatusOptions, statusCommand } from '../../src/commands/status.ts';
import type { StoreStanding } from '../../src/domain/store-standing.ts';
import { ledgerUnusable } from '../../src/ledger/database.ts';
import type { NoticesOfKind } from '../../src/ledger/notices.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { fakeShell } from './fake-shell.ts';

const NOW_MS = 1_000_000;
const ENV = {
  TRACKDROP_STORE_URL: 'https://a.example',
  TRACKDROP_STORE_BEARER: 'abcdefgh',
  TRACKDROP_DATA: '/data',
};

const UP: StoreStanding = {
  store: 'main',
  state: 'up',
  sinceMs: null,
  why: '',
  missingRights: [],
  failingWrites: [],
};

async function status(
  options: Partial<StatusOptions>,
  ageMs: number | undefined,
  stores: readonly StoreStanding[] = [UP],
  notices: readonly NoticesOfKind[] = [],
  isLockHeld = false,
) {
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
          : {
              pid: 7,
              host: 'box',
              instance: 'a',
              boot: 'b',
              atMs: NOW_MS - ageMs,
              activeDrops: 2,
              stores,
            };
      },
      isWriterLockHeld: () => isLockHeld,
      countDrops: () => ({ ready: 2, settled: 40 }),
      readNotices: () => notices,
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

describe('trackdrop status of a daemon that gives no sign of life', () => {
  test('says that it is there all the same, where it has the lock of a writer', async () => {
    for (const ageMs of [40_000, undefined]) {
      const { exitCode, stderr } = await status({ health: true }, ageMs, [], [], true);
      assert.equal(exitCode, 1);
      assert.match(
        stderr,
        ageMs ? /no sign of life for 40 s: it cannot write/ : /no sign of life: it cannot/,
      );
      const { stdout } = await status({}, ageMs, [], [], true);
      assert.match(stdout, /^A daemon is there, /);
      assert.equal(JSON.parse((await status({ json: true }, ageMs, [], [], true)).stdout).isSilent, true);
    }
    assert.match((await status({}, 3000, [], [], true)).stdout, /^Active: /);
  });

  test('tells of the ledger alone without naming columns that have nothing', async () => {
    const newest = [
      { kind: 'ledger-full', inbox: '', name: '', message: 'the disk is full', sinceMs: NOW_MS },
    ] as const;
    const { stdout } = await status({}, 3000, [], [{ kind: 'ledger-full', count: 1, newest }]);
    assert.doesNotMatch(stdout, /inbox|since/);
    assert.match(stdout, /everything waits: 1\n.*1970.*\n +the disk is full/);
  });
});

describe('trackdrop status of stores', () => {
  const right = 'Magento_Sales::ship';
  const stores: readonly StoreStanding[] = [
    {
      ...UP,
      failingWrites: [
        { kind: { writes: 'all' }, sinceMs: NOW_MS, why: 'no writes come through.' },
        { kind: { writes: 'track' }, sinceMs: NOW_MS, why: 'no numbers come through.' },
      ],
      missingRights: [{ right, sinceMs: NOW_MS, why: 'Grant Ship.' }],
    },
    { ...UP, store: 'outlet', state: 'down', sinceMs: NOW_MS - 60_000, why: 'ECONN\u001b[31m' },
    { ...UP, store: 'attic', state: 'refused', sinceMs: NOW_MS, why: 'Check username and password.' },
  ];

  test('says a line each: up, down, refused, or which right is missing, since when and why', async () => {
    const { exitCode, stdout } = await status({}, 3000, stores);
    assert.equal(exitCode, 0);
    assert.deepEqual(stdout.trimEnd().split('\n').slice(3), [
      'store main: up',
      'store main: Magento_Sales::ship is missing since 1970-01-01 00:16:40 UTC: Grant Ship.',
      'store main: since 1970-01-01 00:16:40 UTC no writes come through.',
      'store main: since 1970-01-01 00:16:40 UTC no numbers come through.',
      'store outlet: down since 1970-01-01 00:15:40 UTC: ECONN\\u001b[31m',
      'store attic: refuses the credentials since 1970-01-01 00:16:40 UTC: Check username and password.',
    ]);
  });

  test('says nothing of them once the daemon is gone', async () => {
    const { stdout } = await status({}, 60_000, stores);
    assert.doesNotMatch(stdout, /store/);
  });

  test('is no matter of health, since a restart mends no store', async () => {
    assert.deepEqual(await status({ health: true }, 3000, stores), { exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('trackdrop status of the folders', () => {
  const notice = { kind: 'file-stuck', inbox: 'main', message: 'chmod g+r', sinceMs: NOW_MS } as const;
  const notices: readonly NoticesOfKind[] = [
    {
      kind: 'file-stuck',
      count: 12,
      newest: [
        { ...notice, name: 'orders.csv' },
        { ...notice, inbox: 'returns', name: 'x\n\u001b[31m.csv', sinceMs: NOW_MS - 60_000 },
      ],
    },
    { kind: 'file-ignored', count: 1, newest: [{ ...notice, kind: 'file-ignored', name: 'old.csv' }] },
  ];

  test('says by kind which file, since when and what to do, and how many more there are', async () => {
    const { stdout } = await status({}, 3000, [UP], notices);
    assert.deepEqual(stdout.trimEnd().split('\n').slice(4), [
      '',
      '  inbox    file                   since',
      'files that cannot be taken: 12',
      '  main     orders.csv             1970-01-01 00:16:40 UTC',
      '    chmod g+r',
      '  returns  x\\u000a\\u001b[31m.csv  1970-01-01 00:15:40 UTC',
      '    chmod g+r',
      '  and 10 more',
      'old files, left alone since the first start: 1',
      '  main     old.csv                1970-01-01 00:16:40 UTC',
      '    chmod g+r',
    ]);
  });

  test('tells them also after the daemon is gone, and programs as they are', async () => {
    const { stdout } = await status({ json: true }, 60_000, [UP], notices);
    assert.deepEqual(JSON.parse(stdout).notices, notices);
  });

  test('is no matter of health', async () => {
    assert.deepEqual(await status({ health: true }, 3000, [UP], notices), {
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
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
        'Active: process 7 on box, heard of 3 s ago, working on 2 files\n  ready     2\n  settled   40\nstore main: up\n',
      stderr: '',
    });
  });

  test('answers programs in JSON', async () => {
    const { exitCode, stdout } = await status({ json: true }, 60_000);
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(stdout), {
      health: 'stale',
      ageMs: 60_000,
      isSilent: false,
      pid: 7,
      host: 'box',
      atMs: NOW_MS - 60_000,
      activeDrops: 2,
      stores: [UP],
      drops: { ready: 2, settled: 40 },
      notices: [],
      ledger: '/data/trackdrop.db',
    });
  });
});
