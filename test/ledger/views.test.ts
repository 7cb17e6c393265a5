import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withViews } from '../../src/commands/ledger/page.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { SCHEMA_STEPS } from '../../src/ledger/schema.ts';
import { VIEWS } from '../../src/ledger/views.ts';
import { startNode } from '../processes/node-process.ts';
import { ledgerFolder } from './folder.ts';
import { writeSmallLedger } from './small-ledger.ts';

const page = await readFile(new URL('../../docs/ledger.md', import.meta.url), 'utf8');
const run = promisify(execFile);

function ask(file: string, sql: string) {
  using db = new DatabaseSync(file, { readOnly: true });
  return db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}

describe('The views for other programs', () => {
  it('have the columns of docs/ledger.md, in its order (else: npm run generate)', async () => {
    assert.equal(page, withViews(page));
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    for (const { name, columns } of VIEWS) {
      const found = ask(folder.file, `SELECT name FROM pragma_table_info('${name}')`);
      assert.deepEqual(
        found.map((column) => column.name),
        columns.map((column) => column.name),
      );
      const table = page.slice(page.indexOf(`### \`${name}\``));
      for (const column of columns) assert.match(table, new RegExp(`^\\| \`${column.name}\` \\|`, 'm'));
    }
  });

  it('count the rows of each file, and say times in UTC and by which profile it was read', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const [one] = ask(folder.file, 'SELECT * FROM trackdrop_drops');
    assert.partialDeepStrictEqual(one, {
      number: 1,
      drop_id: 'one',
      inbox: 'inbox',
      store: 'main',
      name: 'one.csv',
      state: 'settled',
      profile: 'plain',
      claimed_at: '1970-01-01T00:00:01.000Z',
      settled_at: '1970-01-01T00:00:03.000Z',
      folder: '/data/processed/2026-11-22',
      file: 'one.csv',
      failure: null,
      rows: 2,
      open: 0,
      done: 1,
      waiting: 0,
      failed: 1,
    });
    assert.partialDeepStrictEqual(ask(folder.file, 'SELECT * FROM trackdrop_drops')[2], {
      settled_at: null,
      rows: 2,
      open: 1,
    });
  });

  it('lead from a key to the row, its file and its writes', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    assert.partialDeepStrictEqual(
      ask(
        folder.file,
        `SELECT * FROM trackdrop_keys k
         JOIN trackdrop_rows r ON r.drop_number = k.drop_number AND r.line = k.line AND r.part = k.part
         JOIN trackdrop_writes w ON w.drop_id = r.drop_id AND w.order_id = r.order_id WHERE k.key = 'ab1'`,
      ),
      [
        {
          line: 2,
          order_number: '100',
          tracking_number: 'AB 1',
          outcome: 'tracked',
          track_id: 30,
          mail: 'not mailed',
          mails: 0,
          kind: 'track',
          state: 'done',
          tracking_numbers: '["AB 1"]',
          sent_at: '1970-01-01T00:00:02.000Z',
          answered_at: '1970-01-01T00:00:02.500Z',
        },
      ],
    );
  });

  it('are asked by another process, which may only read, while a daemon writes', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    const busy = fileURLToPath(new URL('./busy-writer.ts', import.meta.url));
    const { promise: writing, resolve } = Promise.withResolvers<string>();
    await using _writer = startNode({ args: [busy, folder.file], onLine: resolve });
    assert.equal(await writing, 'writing');
    const program = `const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1], { readOnly: true });
      const ask = () => db.prepare("SELECT count(*) AS n FROM trackdrop_rows WHERE drop_id LIKE 'busy%'").get().n;
      const first = ask();
      for (let now = ask(); now === first; now = ask());
      console.log('it went on');`;
    const { stdout } = await run(process.execPath, ['-e', program, folder.file], { timeout: 20_000 });
    assert.equal(stdout, 'it went on\n');
  });

  it('are as this program has them, whatever made them before', async () => {
    await using folder = await ledgerFolder();
    writeSmallLedger(folder.file);
    {
      using db = new DatabaseSync(folder.file);
      db.exec(
        'DROP VIEW trackdrop_rows; CREATE VIEW trackdrop_rows AS SELECT 1 AS odd; DROP VIEW trackdrop_writes',
      );
    }
    openLedger(folder.file)[Symbol.dispose]();
    assert.equal(ask(folder.file, 'SELECT count(*) AS n FROM trackdrop_rows')[0]?.n, 5);
    assert.equal(ask(folder.file, 'SELECT count(*) AS n FROM trackdrop_writes')[0]?.n, 3);
  });

  it("are in no migration's way that makes a table anew", async () => {
    await using folder = await ledgerFolder();
    const steps = SCHEMA_STEPS.slice(0, 5);
    {
      using db = new DatabaseSync(folder.file);
      db.exec(`${steps.join(';')}; PRAGMA user_version = ${steps.length};
               CREATE VIEW trackdrop_rows AS SELECT r.line FROM rows r JOIN drops d ON d.seq = r.drop_seq`);
    }
    openLedger(folder.file)[Symbol.dispose]();
    assert.deepEqual(ask(folder.file, 'SELECT * FROM trackdrop_rows'), []);
  });
});
