import { openLedger } from '../../src/ledger/ledger.ts';
import { NO_AIMS } from '../domain/orders.ts';

// Writes to the ledger that its argument names, a drop and a row a transaction, until stdin ends; says `writing` after the
// first.
const [file = ''] = process.argv.slice(2);
const ledger = openLedger(file);
process.stdin.resume().once('close', () => process.exit(0));
for (let at = 0; ; at += 1) {
  const drop = ledger.drops.begin({
    id: `busy-${process.pid}-${at}`,
    inbox: 'main',
    store: 'main',
    name: 'busy.csv',
    bytes: 1,
    claimedAtMs: at,
  });
  const row = {
    line: 2,
    part: 0,
    orderNumber: `${at}`,
    trackingNumber: `B${at}`,
    carrierCode: 'custom',
    title: 'Parcel',
    item: null,
    ...NO_AIMS,
    note: null,
  };
  await ledger.together(() => ledger.rows.end(drop, []));
  ledger.rows.add(drop, [
    { line: 2, startByte: 0, endByte: 1, fields: ['a'], verdict: { kind: 'row', rows: [row] } },
  ]);
  if (at === 0) process.stdout.write('writing\n');
}
