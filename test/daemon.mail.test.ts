import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import type { EventMap } from '../src/events.ts';
import type { Fault } from '../src/sandbox/faults.ts';
import { numberEach } from './number-each.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const ORDER = '200000001';
const SHIPPED = { incrementId: ORDER, shipments: [{}] };
const UNSHIPPED = { incrementId: ORDER, items: [{ qty: 2 }] };

const start = (notify: InboxConfig['notify'], more: Choices = {}) =>
  RunningDaemon.start({ ...more, inbox: { notify, createShipments: true, ...more.inbox } });

/** A column of a report, row by row. */
function column(report: string, name: string): string[] {
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf(name)] ?? '');
}

const mailsOf = (report: string) => column(report, 'trackdrop_mail');
const messagesOf = (report: string) => column(report, 'trackdrop_message');

/** How often the customer was mailed about each shipment of the order, and the calls for mails alone. */
const mailed = ({ sandbox }: RunningDaemon) => ({
  mails: sandbox.shipments().map(({ mails }) => mails),
  calls: sandbox.counts().emails,
});

/** The kinds of the writes that were sent, in their order. */
const sentBy = ({ seen }: RunningDaemon) =>
  seen
    .filter(({ name }) => name === 'write.sent')
    .map(({ facts }) => (facts as EventMap['write.sent']).action.kind);

const emails = { path: '/emails$' };

describe('With notify: never', { concurrency: true }, () => {
  it('no customer is mailed, whether numbers come onto a new shipment or onto one that stands', async () => {
    await using daemon = await start('never');
    daemon.sandbox.addOrders([UNSHIPPED, { incrementId: '300', shipments: [{}] }]);
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], ['300', '1Z2']));
    assert.deepEqual(mailsOf(text), ['not mailed', 'not mailed']);
    assert.deepEqual(mailed(daemon), { mails: [0, 0], calls: 0 });
  });
});

describe('With notify: shipment', { concurrency: true }, () => {
  it('the shop mails as it ships, with the numbers, and for no number that is added later', async () => {
    await using daemon = await start('shipment');
    daemon.sandbox.addOrder(UNSHIPPED);
    const first = await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2'], [ORDER, '1Z1']));
    assert.deepEqual(first.lines, ['2: shipped', '3: shipped', '4: already-tracked']);
    assert.deepEqual(mailsOf(first.text), ['mailed', 'mailed', 'mailed']);
    const second = await daemon.settle('b.csv', plainFile([ORDER, '1Z3']));
    assert.deepEqual(mailsOf(second.text), ['not mailed']);
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 0 });
  });

  it('a shipment whose answer was lost was mailed where it shows that', async () => {
    await using daemon = await start('shipment');
    daemon.sandbox.addOrder(UNSHIPPED);
    daemon.sandbox.inject({ match: { path: '/ship$' }, times: 1, fault: { kind: 'resetAfter' } });
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(mailsOf(text), ['mailed']);
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 0 });
  });

  it('a shipment that shows no mail may have none: the shop answers alike whether it mails or not', async () => {
    await using daemon = await start('shipment', { sandbox: { mailsByCron: true } });
    daemon.sandbox.addOrder(UNSHIPPED);
    const { text, lines } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: shipped']);
    assert.deepEqual(mailsOf(text), ['mail unknown']);
    assert.match(messagesOf(text)[0] ?? '', /is not known: the shipment shows no mail/);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 0 });
  });

  it('a call that may have landed is repeated without a mail, and its rows say that nobody knows', async () => {
    await using daemon = await start('shipment');
    daemon.sandbox.addOrder(UNSHIPPED);
    daemon.sandbox.inject({ match: { path: '/ship$' }, times: 1, fault: { kind: 'resetBefore' } });
    const { text, lines } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: shipped']);
    assert.deepEqual(mailsOf(text), ['mail unknown']);
    assert.match(messagesOf(text)[0] ?? '', /whether the customer was mailed is not known: /);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 0 });
  });

  it('a call that certainly did nothing is repeated with its mail', async () => {
    await using daemon = await start('shipment');
    daemon.sandbox.addOrder(UNSHIPPED);
    daemon.sandbox.inject({ match: { path: '/ship$' }, times: 1, fault: { kind: 'status', status: 429 } });
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(mailsOf(text), ['mailed']);
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 0 });
  });
});

describe('With notify: always', { concurrency: true }, () => {
  it('a shipment is mailed about once for each file that put numbers on it, after all of them stand', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(UNSHIPPED);
    const first = await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
    assert.deepEqual(first.lines, ['2: shipped', '3: shipped']);
    assert.deepEqual(mailsOf(first.text), ['mailed', 'mailed']);
    const second = await daemon.settle('b.csv', plainFile([ORDER, '1Z3'], [ORDER, '1Z1'], [ORDER, '1Z4']));
    assert.deepEqual(second.lines, ['2: tracked', '3: already-tracked', '4: tracked']);
    assert.deepEqual(mailsOf(second.text), ['mailed', 'not mailed', 'mailed']);
    assert.deepEqual(sentBy(daemon), ['ship', 'mail', 'track', 'track', 'mail']);
    assert.deepEqual(mailed(daemon), { mails: [2], calls: 2 });
  });

  it('a file that comes again mails nobody', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(SHIPPED);
    await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    const { lines, text } = await daemon.settle('again.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: already-tracked']);
    assert.deepEqual(mailsOf(text), ['not mailed']);
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 1 });
  });

  it('each of several shipments is mailed about for itself, and rows that fail are about none', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder({
      incrementId: ORDER,
      items: [{ sku: 'MUG' }, { sku: 'CUP' }],
      shipments: [{ items: [{ index: 0, qty: 1 }] }, { items: [{ index: 1, qty: 1 }] }],
    });
    const file = `order_number,tracking_number,sku,quantity\n${ORDER},1Z1,MUG,1\n${ORDER},1Z2,CUP,1\n${ORDER},1Z3,HAT,1\n`;
    const { lines, text } = await daemon.settle('a.csv', file);
    assert.deepEqual(lines, ['2: tracked', '3: tracked', '4: item-mismatch']);
    assert.deepEqual(mailsOf(text), ['mailed', 'mailed', '']);
    assert.deepEqual(mailed(daemon), { mails: [1, 1], calls: 2 });
  });

  const LOST: readonly (readonly [what: string, fault: Fault, mails: number])[] = [
    ['is cut off before its effect', { kind: 'resetBefore' }, 0],
    ['is cut off after its effect', { kind: 'resetAfter' }, 1],
    ['times out after its effect', { kind: 'lateEffect', answer: 'silence', afterMs: 0 }, 1],
    ['is answered 503', { kind: 'status', status: 503 }, 0],
    ['is answered with half a page', { kind: 'cut' }, 1],
  ];
  for (const [what, fault, mails] of LOST) {
    it(`a mail that ${what} is not asked for again, and its rows say that nobody knows`, async () => {
      await using daemon = await start('always', { store: { timeoutMs: 1_000 } });
      daemon.sandbox.addOrder(SHIPPED);
      daemon.sandbox.inject({ match: emails, times: 1, fault });
      const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
      assert.deepEqual(lines, ['2: tracked']);
      assert.deepEqual(mailsOf(text), ['mail unknown']);
      assert.match(messagesOf(text)[0] ?? '', /whether the customer was mailed is not known: \S/);
      assert.deepEqual(mailed(daemon), { mails: [mails], calls: 1 });
    });
  }

  it('a mail that certainly was not sent is asked for again', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(SHIPPED);
    daemon.sandbox.inject({ match: emails, times: 2, fault: { kind: 'status', status: 429 } });
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(mailsOf(text), ['mailed']);
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 3 });
  });

  it('a mail that is answered 401 while the right is there stays unsent after as many attempts as others', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(SHIPPED);
    const message = 'The signature is invalid. Verify and try again.';
    daemon.sandbox.inject({ match: emails, fault: { kind: 'status', status: 401, message } });
    const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual([lines, mailsOf(text)], [['2: tracked'], ['not mailed']]);
    assert.match(messagesOf(text)[0] ?? '', /; the customer was not mailed: tried 4 times; last of all: /);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 4 });
    assert.equal(daemon.count('store.right-missing') + daemon.count('store.down'), 0);
  });

  it('a mail that is refused stays unsent, and its rows say in whose words', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(SHIPPED);
    const message = "The entity that was requested doesn't exist. Verify the entity and try again.";
    daemon.sandbox.inject({ match: emails, fault: { kind: 'status', status: 404, message } });
    const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: tracked']);
    assert.deepEqual(mailsOf(text), ['not mailed']);
    assert.match(messagesOf(text)[0] ?? '', /; the customer was not mailed: The entity that was requested/);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 1 });
  });

  it('a shop that has turned its mails off is asked once, and nobody is said to have been mailed', async () => {
    await using daemon = await start('always', { sandbox: { mailsEnabled: false } });
    daemon.sandbox.addOrder(SHIPPED);
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(mailsOf(text), ['mail unknown']);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 1 });
  });

  it('a mail that the shop leaves to its cron is asked for once, and its rows say that nobody knows', async () => {
    await using daemon = await start('always', { sandbox: { mailsByCron: true } });
    daemon.sandbox.addOrder(SHIPPED);
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(mailsOf(text), ['mail unknown']);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 1 });
  });

  it('mails of which nobody knows are no sign that numbers do not come through', async () => {
    await using daemon = await start('always', { sandbox: { mailsByCron: true } });
    const orders = daemon.sandbox.generate(8, { shipped: true });
    const { text } = await daemon.settle('a.csv', numberEach(orders));
    assert.deepEqual(new Set(mailsOf(text)), new Set(['mail unknown']));
    assert.equal(daemon.count('store.writes-failing'), 0);
  });

  it('a number that had to be sent again is mailed about once it stands once', async () => {
    await using daemon = await start('always');
    daemon.sandbox.addOrder(SHIPPED);
    daemon.sandbox.inject({
      match: { path: '/track$', body: '1Z1' },
      times: 1,
      fault: { kind: 'resetBefore' },
    });
    const { text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
    assert.deepEqual(mailsOf(text), ['mailed', 'mailed']);
    assert.deepEqual(sentBy(daemon).at(-1), 'mail');
    assert.deepEqual(mailed(daemon), { mails: [1], calls: 1 });
  });

  it('a number that takes the place of another is mailed about once that is gone', async () => {
    await using daemon = await start('always', { inbox: { onExisting: 'replace' } });
    const tracks = [{ number: 'OLD', createdAt: '2026-01-02 03:04:05' }];
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: replaced']);
    assert.deepEqual(mailsOf(text), ['mailed']);
    assert.deepEqual(sentBy(daemon), ['track', 'untrack', 'mail']);
  });

  it('a store that is read only has nobody mailed', async () => {
    await using daemon = await start('always', { store: { readOnly: true } });
    daemon.sandbox.addOrder(SHIPPED);
    const { lines, text } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual(lines, ['2: store-refused']);
    assert.deepEqual(mailsOf(text), ['']);
    assert.deepEqual(mailed(daemon), { mails: [0], calls: 0 });
  });
});

describe('The comment on a new shipment', { concurrency: true }, () => {
  it('tells of each parcel, and leaves out what is left empty', async () => {
    const comment = { text: '{carrier} {number} from {drop}\n{link}', isVisible: true };
    await using daemon = await start('shipment', { inbox: { comment } });
    daemon.sandbox.addOrder(UNSHIPPED);
    await daemon.settle('day.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
    const [{ comments } = { comments: [] }] = daemon.sandbox.shipments();
    assert.deepEqual(comments, ['UPS 1Z1 from day.csv\nUPS 1Z2 from day.csv']);
  });
});
