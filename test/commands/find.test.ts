import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { runCli } from '../../src/commands/cli.ts';
import { SCHEMA_VERSION } from '../../src/ledger/schema.ts';
import { ledgerFolder } from '../ledger/folder.ts';
import { writeSmallLedger } from '../ledger/small-ledger.ts';
import { fakeShell } from './fake-shell.ts';

async function find(data: string, ...asked: string[]) {
  const env = {
    TRACKDROP_STORE_URL: 'https://a.example',
    TRACKDROP_STORE_BEARER: 'abcdefgh',
    TRACKDROP_DATA: data,
  };
  const { shell, printed } = fakeShell({ argv: ['find', ...asked], env });
  return { exitCode: await runCli(shell), ...printed };
}

describe('trackdrop find', () => {
  it('says which files named an order, what became of each row, and where the files lie now', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const working = join(folder.path, 'working', 'three');
    await mkdir(working, { recursive: true });
    await writeFile(join(working, 'three.csv'), '');
    const { exitCode, stdout } = await find(folder.path, '100');
    assert.equal(exitCode, 0);
    const lines = stdout.split('\n').map((line) => line.replace(/\(\S{10,}\)/, '(WRITE)'));
    assert.deepEqual(lines, [
      '100: 2 rows',
      '  one.csv, taken 1970-01-01 00:00:01 UTC from inbox inbox, settled 1970-01-01 00:00:03 UTC (one)',
      '    its file is not where it was put: it was moved, taken away or removed for its age',
      '    line 2: AB 1 on order 100: tracked: put on shipment 20',
      '      Magento ids: order 10, shipment 20, track 30',
      '      customer: not mailed',
      '      track done, sent 1970-01-01 00:00:02 UTC, answered 1970-01-01 00:00:02 UTC (WRITE)',
      '  three.csv, taken 1970-01-01 00:00:01 UTC from inbox inbox, ready (three)',
      `    ${join(working, 'three.csv')}`,
      '    line 2: AB4 on order 100: tracked: put on shipment 20',
      '      Magento ids: order 10, shipment 20, track 30',
      '      customer: not mailed',
      '      track done, sent 1970-01-01 00:00:02 UTC, answered 1970-01-01 00:00:02 UTC (WRITE)',
      '',
    ]);
  });

  it('says by which line of which file a failed row was done later', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    {
      using db = new DatabaseSync(folder.file);
      db.exec(`UPDATE rows SET done_by_seq = (SELECT seq FROM drops WHERE id = 'three'), done_by_line = 2
        WHERE outcome = 'order-not-found'`);
    }
    const { stdout } = await find(folder.path, '200');
    assert.match(stdout, /done by line 2 of "three\.csv", which came at 1970-01-01 00:00:01 UTC \(three\)/);
  });

  it('leaves with 1 where one of several is not known, and says which', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const { exitCode, stdout } = await find(folder.path, '999', 'ab3');
    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /^999: no file in \S+trackdrop\.db named this order or tracking number\n\nab3: 1 row\n/,
    );
  });

  it('leaves with 1 where there is no ledger yet, and makes none', async () => {
    await using folder = await ledgerFolder();
    assert.equal((await find(folder.path, '999')).exitCode, 1);
    assert.deepEqual(await folder.names(), []);
  });

  it('answers programs in JSON', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const { exitCode, stdout } = await find(folder.path, '--json', '200', '5');
    assert.equal(exitCode, 1);
    assert.partialDeepStrictEqual(JSON.parse(stdout), {
      ledger: folder.file,
      findings: [
        {
          asked: '200',
          rows: [
            { drop: 'one', line: 3, outcome: 'order-not-found', liesAt: null },
            { drop: 'two', outcome: 'tracked', writes: [{ state: 'done' }] },
          ],
        },
        { asked: '5', rows: [] },
      ],
    });
  });

  it('lets nothing that a file held move the cursor of a terminal', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    {
      using db = new DatabaseSync(folder.file);
      db.prepare('UPDATE drops SET name = ?').run('\u001b[31mred.csv');
    }
    assert.ok(!(await find(folder.path, '100', '\u001b[2J')).stdout.includes('\u001b'));
  });

  for (const [version, code] of [
    [SCHEMA_VERSION + 1, /written by a newer Trackdrop.*\nRun the newer version again/],
    [SCHEMA_VERSION - 1, /of an older Trackdrop.*\nStart trackdrop run once/],
  ] as const) {
    it(`leaves with 2, and what to do, where the ledger is of version ${version}`, async () => {
      await using folder = await ledgerFolder();
      writeSmallLedger(folder.file);
      {
        using db = new DatabaseSync(folder.file);
        db.exec(`PRAGMA user_version = ${version}`);
      }
      const { exitCode, stderr } = await find(folder.path, '100');
      assert.equal(exitCode, 2);
      assert.match(stderr, code);
    });
  }
});
