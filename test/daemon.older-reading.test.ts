import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { OUTDATED } from '../src/ledger/schema/row-steps.ts';
import { SCHEMA_STEPS } from '../src/ledger/schema.ts';
import { type Choices, RunningDaemon } from './running-daemon.ts';

const ORDER = '900';
const waitFor = { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 60 };
const HEADER = 'order_number,tracking_number,magento_shipment_number\n';
/** Without the name of the order's first shipment the number would go onto the latest. */
const NAMED = `${ORDER},1Z1,000000001\n`;
const TWO_SHIPMENTS = {
  incrementId: ORDER,
  items: [{ sku: 'MUG', qty: 2 }],
  shipments: [{ items: [{ index: 0, qty: 1 }] }, { items: [{ index: 0, qty: 1 }] }],
};

/** Makes of the ledger what a program left of it that did not know the column of the shipment, nor what came after. */
function forgetColumn(daemon: RunningDaemon): void {
  using db = new DatabaseSync(daemon.config().ledger);
  db.exec(`UPDATE rows SET shipment_number = NULL; DROP INDEX rows_waiting_by_order;
    PRAGMA user_version = ${SCHEMA_STEPS.indexOf(OUTDATED)}`);
}

/** By shipment, the oldest first. */
const numbers = ({ sandbox }: RunningDaemon) => sandbox.shipments().map(({ trackNumbers }) => trackNumbers);

const prepared = async (choices: Choices = {}) => RunningDaemon.prepare({ inbox: { waitFor }, ...choices });

describe('What an older program read, which knew fewer columns', { concurrency: true }, () => {
  it('is read again where it waits, and the number goes onto the shipment that its row names', async () => {
    await using daemon = await prepared();
    await daemon.start();
    const rests = daemon.next('drop.waiting');
    await daemon.settle('day.csv', `${HEADER}${NAMED}`);
    await rests;
    await daemon.stop();
    forgetColumn(daemon);
    daemon.sandbox.addOrder(TWO_SHIPMENTS);
    const settled = daemon.next('drop.settled', ({ name }) => name === 'day.waiting.csv');
    await daemon.start();
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked']);
    assert.deepEqual(numbers(daemon), [['1Z1'], []]);
    assert.equal(daemon.count('drop.outdated'), 1);
    assert.equal(daemon.count('drop.changed'), 0);
  });

  it('is read again where it was being pushed, and what was done stays done', async () => {
    await using daemon = await prepared({ store: { workers: 1 } });
    daemon.sandbox.addOrder(TWO_SHIPMENTS);
    daemon.sandbox.addOrder({ incrementId: '901', shipments: [{}] });
    daemon.events.on('write.answered', ({ order }) => {
      if (order !== '901') return;
      daemon.sandbox.inject({ match: { path: '/track$' }, fault: { kind: 'status', status: 503 } });
    });
    const down = daemon.next('store.down');
    await daemon.start();
    await daemon.drop('day.csv', `${HEADER}901,1Z0,\n${NAMED}`);
    await down;
    await daemon.stop();
    assert.deepEqual(numbers(daemon), [[], [], ['1Z0']]);
    forgetColumn(daemon);
    daemon.sandbox.clearFaults();
    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked', '3: tracked']);
    assert.deepEqual(numbers(daemon), [['1Z1'], [], ['1Z0']]);
    assert.equal(daemon.count('drop.outdated'), 1);
  });
});
