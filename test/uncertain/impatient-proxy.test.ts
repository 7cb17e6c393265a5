import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunningDaemon } from '../running-daemon.ts';
import { TIMES } from './faults.ts';
import { ImpatientProxy, type ProxyAnswer } from './impatient-proxy.ts';
import { KINDS, NUMBER } from './kinds.ts';

const PAGE = '<html><body>One moment please</body></html>';
const HTML = { 'content-type': 'text/html' };

/** What proxies say of a write that the shop has, or is about to get. */
const ANSWERS: readonly (readonly [name: string, answer: ProxyAnswer])[] = [
  [
    'a redirect to a page of excuses',
    { status: 302, headers: { ...HTML, location: 'https://shop.example/sorry' }, body: PAGE },
  ],
  ['a password question of its own', { status: 401, headers: HTML, body: PAGE }],
  [
    'a refusal in words that are not of Magento',
    { status: 401, headers: { 'content-type': 'application/json' }, body: '{"message":"Unauthorized"}' },
  ],
  [
    // As in the recording oauth-nonce-reused: the second answer to a request that was sent on twice.
    'the word that its nonce was used before',
    {
      status: 401,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        message: 'The nonce is already being used by the consumer with ID %1',
        parameters: ['1'],
      }),
    },
  ],
  [
    'a refusal with a status that Magento has no use for',
    { status: 409, headers: { 'content-type': 'application/json' }, body: '{"message":"Conflict"}' },
  ],
];

/** A repeat is far from the look that finds it, however slow the machine. */
const PATIENT = { ...TIMES.uncertain, repeatTrackAfterMs: 10_000, repeatShipAfterMs: 10_000 };

describe('A write that lands after a proxy has answered it with', { concurrency: true }, () => {
  for (const [name, answer] of ANSWERS) {
    for (const kind of KINDS) {
      it(`${name} is not sent again, and is known as ours: a ${kind.name}`, async () => {
        await using proxy = await ImpatientProxy.listen(answer);
        await using daemon = await RunningDaemon.prepare({
          store: { uncertain: PATIENT, url: proxy.url },
          inbox: { createShipments: true },
        });
        const { sandbox } = daemon;
        proxy.shop = sandbox;
        const order = sandbox.addOrder(kind.order(4));
        const before = order.shipmentIds.length;
        await daemon.start();
        const ended = daemon.next('row.settled');
        const dropped = daemon.settle('day.csv', kind.file(order.incrementId));
        await daemon.next('write.answered');
        // It lands when somebody has looked for it, and has not found it.
        await daemon.next('orders.looked-up');
        proxy.release();
        await dropped;

        const { outcome, message } = await ended;
        assert.equal(outcome, kind.name === 'track' ? 'tracked' : 'shipped');
        assert.match(message, /the store's answer was lost, the number was found there/);
        assert.equal(daemon.count('write.sent'), 1);
        assert.equal(daemon.standing(order.incrementId).filter((number) => number === NUMBER).length, 1);
        assert.equal(sandbox.shipments().length - before, kind.name === 'track' ? 0 : 1);
      });
    }
  }
});
