import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileRecord } from '../../../src/domain/row.ts';
import { ReportWriter } from '../../../src/intake/report/report.ts';
import { cellsShown, EXCEL, type Program, savedBy } from '../../saved-by-excel.ts';
import { acme, read } from '../reading/contents.ts';

const DROP = '20261122-062233-k3f9q1';

const profile = acme({
  files: ['ACME_*.csv'],
  columns: {
    order: { kind: 'name', names: ['Order'] },
    tracking: { kind: 'name', names: ['Number'] },
    shipment: { kind: 'name', names: ['Beleg'] },
    storeView: { kind: 'name', names: ['Shop'] },
    source: { kind: 'name', names: ['Lager'] },
  },
  sources: [
    { says: ["Müller's Lager 1-2"], code: 'müller' },
    { says: ['0012'], code: '12' },
    { says: ['=Nord'], code: 'nord' },
  ],
  storeViews: [{ says: ['01'], id: 1 }],
});
const profiles = { fixed: null, known: [profile] };

const FILE = [
  'Order,Number,Beleg,Shop,Lager',
  "100000123,1Z1,000000012,01,Müller's Lager 1-2",
  '100000124,1Z2,="000000013",,0012',
  "100000125,1Z3,1-2,'01,=Nord",
  '100000126,1Z4,,,',
  '100000127,1Z5,000000014,Otto,0012',
  '',
].join('\n');

/** What each record asks for, as read from this file. */
async function asked(content: string | Uint8Array, name: string) {
  const { records, layout } = await read(content, { name, profiles });
  assert.ok(layout);
  return { records, layout, rows: records.map(askedBy) };
}

function askedBy({ verdict }: FileRecord): unknown {
  if (verdict.kind !== 'row') return verdict;
  return verdict.rows.map(({ orderNumber, shipmentNumber, storeView, source }) =>
    [orderNumber, shipmentNumber, storeView, source].join(' '),
  );
}

/** The report of a drop of which every row has failed. */
function reportOf({ records, layout }: Awaited<ReturnType<typeof asked>>): string {
  const writer = new ReportWriter(layout, DROP);
  const rest = {
    outcome: 'no-shipment',
    orderId: null,
    shipmentId: null,
    trackId: null,
    mail: null,
  } as const;
  const rows = records.map(({ line, fields }) => writer.row({ line, fields, message: '', ...rest }));
  return writer.start() + rows.join('');
}

describe('What a row says of shipment, store view and source', () => {
  it('comes back by the report as it was', async () => {
    const original = await asked(FILE, 'ACME_1.csv');
    assert.deepEqual(original.rows.slice(0, 4), [
      ['100000123 000000012 1 müller'],
      ['100000124 000000013  12'],
      ['100000125 1-2 1 nord'],
      ['100000126   '],
    ]);
    const again = await asked(reportOf(original), 'ACME_1.csv.report.csv');
    assert.deepEqual(again.rows, original.rows);
    assert.deepEqual((await asked(reportOf(again), 'again.csv')).rows, original.rows);
  });

  for (const program of Object.keys(EXCEL) as Program[]) {
    it(`comes back by a report that ${program} has saved`, async () => {
      const original = await asked(FILE, 'ACME_1.csv');
      const saved = savedBy(program, cellsShown(reportOf(original)));
      assert.deepEqual((await asked(saved, 'fixed.csv')).rows, original.rows);
    });
  }
});
