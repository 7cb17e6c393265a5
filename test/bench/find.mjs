import { rmSync } from 'node:fs';

// Fills a ledger with ended rows whose numbers are in no order, then looks for some of them, each by a process's first look
// as `trackdrop find` does. Arguments: the file, how many rows. Prints a line of JSON; made of the built program.

const built = (path) => import(new URL(`../../dist/${path}.js`, import.meta.url).href);
const { openLedger } = await built('ledger/ledger');
const { findRows } = await built('ledger/search');

const ROWS_A_DROP = 10_000;
const ROWS_AT_A_TIME = 500;
const LOOKS = 200;

/** Numbers in no order, none twice: a step that has no divisor in common with their count. */
const orderOf = (at, rows) => String(100_000_000 + ((at * 611_953) % rows));
const trackingOf = (at, rows) => `1Z999AA1${String((at * 796_337) % rows).padStart(10, '0')}`;

function recordOf(line, orderNumber, trackingNumber) {
  const row = { line, part: 0, orderNumber, trackingNumber, carrierCode: 'ups', title: 'UPS' };
  const fields = [orderNumber, trackingNumber, 'ups', 'UPS'];
  return {
    line,
    startByte: line * 40,
    endByte: line * 40 + 40,
    fields,
    verdict: { kind: 'row', rows: [{ ...row, item: null, note: null }] },
  };
}

async function fill(file, rows) {
  using ledger = openLedger(file);
  let [enteredMs, keyedMs] = [0, 0];
  for (let from = 0; from < rows; from += ROWS_A_DROP) {
    const id = `d${from}`;
    const claimed = { id, inbox: 'main', store: 'main', name: `${id}.csv`, bytes: 1, claimedAtMs: 1 };
    const drop = ledger.drops.begin(claimed);
    const startedAtMs = performance.now();
    for (let at = from; at < from + ROWS_A_DROP; at += ROWS_AT_A_TIME) {
      const records = Array.from({ length: ROWS_AT_A_TIME }, (_, nth) =>
        recordOf(at + nth - from + 2, orderOf(at + nth, rows), trackingOf(at + nth, rows)),
      );
      ledger.rows.add(drop, records);
      await ledger.together(() =>
        ledger.rows.end(
          drop,
          records.map(({ line }) => ({
            line,
            part: 0,
            outcome: 'tracked',
            message: 'added to shipment 000000012',
            orderId: at,
            shipmentId: at,
            trackId: at,
          })),
        ),
      );
    }
    ledger.drops.markSettled(drop, 2);
    const endedAtMs = performance.now();
    for (let place = { line: 0, part: 0 }; place; ) {
      const after = place;
      place = await ledger.together(() => ledger.rowKeys.enterAfter(drop.seq, after));
    }
    enteredMs += endedAtMs - startedAtMs;
    keyedMs += performance.now() - endedAtMs;
  }
  return { enteredMs, keyedMs };
}

const [file, rowsText] = process.argv.slice(2);
const rows = Number(rowsText);
for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
const { keyedMs } = await fill(file, rows);
const tookMs = [];
for (let look = 0; look < LOOKS; look += 1) {
  const at = (look * 7_919) % rows;
  const asked = look % 2 === 0 ? orderOf(at, rows) : trackingOf(at, rows);
  const startedAtMs = performance.now();
  const found = findRows(file, asked);
  tookMs.push(performance.now() - startedAtMs);
  if (found?.length !== 1) throw new Error(`${asked} was found ${found?.length} times`);
}
process.stdout.write(`${JSON.stringify({ tookMs, keyedMs })}\n`);
