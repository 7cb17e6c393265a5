import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { call, ship } from './caller.ts';

describe('mails', () => {
  it('tell the numbers that stand when they are sent, and the comment that is to be told', async () => {
    await using sandbox = await startSandbox();
    const tracks = [{ track_number: '1Z1', carrier_code: 'ups' }];
    const comment = { comment: 'on its way', is_visible_on_front: 1 };
    await ship(sandbox, sandbox.addOrder(), { notify: true, appendComment: true, comment, tracks });
    await ship(sandbox, sandbox.addOrder(), { notify: true, comment });
    assert.deepEqual(
      sandbox
        .mails()
        .map(({ shipmentId, trackNumbers, comment: told }) => ({ shipmentId, trackNumbers, told })),
      [
        { shipmentId: 1, trackNumbers: ['1Z1'], told: 'on its way' },
        { shipmentId: 2, trackNumbers: [], told: null },
      ],
    );
    assert.deepEqual(sandbox.shipments()[1]?.visibleComments, ['on its way']);
  });

  it('wait for the cron, once each, where the shop leaves them to it, and show only then', async () => {
    await using sandbox = await startSandbox({ mailsByCron: true });
    await ship(sandbox, sandbox.addOrder(), { notify: true });
    assert.equal((await call(sandbox, 'POST', 'shipment/1/emails')).text, 'false');
    const emailSent = async () => JSON.parse((await call(sandbox, 'GET', 'shipment/1')).text).email_sent;
    assert.equal(await emailSent(), undefined);
    assert.equal(sandbox.runCron(), 1);
    assert.equal(await emailSent(), 1);
    assert.equal(sandbox.runCron(), 0);
    assert.equal(sandbox.mails().length, 1);
  });

  it('tell the comment again whenever they are sent later, where the ship was to notify with it', async () => {
    await using sandbox = await startSandbox({ mailsByCron: true });
    const comment = { comment: 'on its way', is_visible_on_front: 1 };
    await ship(sandbox, sandbox.addOrder(), { notify: true, appendComment: true, comment });
    sandbox.runCron();
    await call(sandbox, 'POST', 'shipment/1/emails');
    sandbox.runCron();
    await ship(sandbox, sandbox.addOrder(), { appendComment: true, comment });
    await call(sandbox, 'POST', 'shipment/2/emails');
    sandbox.runCron();
    const told = sandbox.mails().map((mail) => mail.comment);
    assert.deepEqual(told, ['on its way', 'on its way', null]);
  });

  it('are none where the shop has turned them off, and it ships all the same', async () => {
    await using sandbox = await startSandbox();
    await ship(sandbox, sandbox.addOrder(), { notify: true });
    sandbox.set({ mailsEnabled: false });
    await ship(sandbox, sandbox.addOrder(), { notify: true });
    const answers = [1, 2].map(async (id) => (await call(sandbox, 'POST', `shipment/${id}/emails`)).text);
    assert.deepEqual(await Promise.all(answers), ['true', 'false'], 'the first was mailed before');
    assert.deepEqual(
      sandbox.shipments().map(({ mails }) => mails),
      [1, 0],
    );
  });
});

describe('a comment without text', () => {
  it('makes the whole shipment fail', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder();
    for (const text of ['', '0', null]) {
      const { status } = await ship(sandbox, order, { comment: { comment: text } });
      assert.equal(status, 400);
    }
    assert.deepEqual(sandbox.shipments(), []);
  });
});
