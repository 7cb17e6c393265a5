import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { addTrack, call, ship, until } from './caller.ts';

/** Whatever it is, a wrong shape fails the assertion that looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape differs with each command
type Value = any;

async function control(sandbox: Sandbox, method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, value: (await response.json()) as Value };
}

describe('another process', () => {
  it('puts orders into the shop and sees what stands there', async () => {
    await using sandbox = await startSandbox();
    const seeds = [
      { incrementId: 'A-1', shipments: [{ tracks: [{ number: 'T1' }] }] },
      { incrementId: 'A-2' },
    ];
    const { value } = await control(sandbox, 'POST', 'orders', seeds);
    assert.deepEqual(
      value.map((order: { incrementId: string }) => order.incrementId),
      ['A-1', 'A-2'],
    );
    await addTrack(sandbox, value[0], 'T2');
    assert.deepEqual((await control(sandbox, 'GET', 'tracks')).value, sandbox.tracks());
    assert.deepEqual((await control(sandbox, 'GET', 'shipments')).value, sandbox.shipments());
    assert.deepEqual((await control(sandbox, 'GET', 'orders/a-1')).value, sandbox.order('A-1'));
    assert.equal((await control(sandbox, 'GET', 'counts')).value.track, 1);
  });

  it('sees an empty shop as an empty list', async () => {
    await using sandbox = await startSandbox();
    assert.deepEqual((await control(sandbox, 'GET', 'tracks')).value, []);
  });

  it('sees every one of many thousand tracks', async () => {
    await using sandbox = await startSandbox();
    const count = 12_345;
    await control(sandbox, 'POST', 'generate', { count, shipped: true });
    const { value } = await control(sandbox, 'GET', 'shipments');
    assert.equal(new Set(value.map((shipment: { entityId: number }) => shipment.entityId)).size, count);
  });

  it('makes faults and ends them', async () => {
    await using sandbox = await startSandbox();
    const rule = { match: { path: '/orders' }, fault: { kind: 'status', status: 503 } };
    await control(sandbox, 'POST', 'faults', rule);
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 503);
    await control(sandbox, 'DELETE', 'faults');
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 404);
  });

  it('changes settings, maintenance and rights', async () => {
    await using sandbox = await startSandbox();
    await control(sandbox, 'POST', 'set', { writeMs: 5, maxConcurrent: 3 });
    assert.deepEqual([sandbox.settings.writeMs, sandbox.settings.maxConcurrent], [5, 3]);
    await control(sandbox, 'POST', 'maintenance', { on: true });
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 503);
    await control(sandbox, 'POST', 'maintenance', { on: false });
    const rights = ['Magento_Sales::actions_view'];
    await control(sandbox, 'POST', 'rights', { accessToken: sandbox.bearer, rights });
    assert.equal((await call(sandbox, 'GET', 'orders/1')).status, 404);
    assert.equal((await ship(sandbox, sandbox.addOrder())).status, 401);
  });

  it('adds admin users, changes them and ends their tokens', async () => {
    await using sandbox = await startSandbox();
    const user = { username: 'ann/o', password: 'one' };
    await control(sandbox, 'POST', 'admins', { ...user, rights: ['Magento_Sales::ship'] });
    const signIn = async (password: string) =>
      JSON.parse((await call(sandbox, 'POST', 'integration/admin/token', { ...user, password })).text);
    const mayAsk = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${sandbox.url}/rest/V1/orders/1`, { headers })).status !== 401;
    };
    assert.equal(await mayAsk(await signIn('one')), false);
    const rights = ['Magento_Sales::actions_view'];
    await control(sandbox, 'PATCH', 'admins/ann%2Fo', { rights, password: 'two' });
    const token = await signIn('two');
    assert.equal(await mayAsk(token), true);
    await control(sandbox, 'DELETE', 'admin-tokens');
    assert.equal(await mayAsk(token), false);
  });

  it('sends the shop away for a while', async () => {
    await using sandbox = await startSandbox();
    assert.equal((await control(sandbox, 'POST', 'down', { forMs: 40 })).status, 200);
    await until(sandbox, () => !sandbox.listening);
    await until(sandbox, () => sandbox.listening);
  });

  it('is told what it got wrong', async () => {
    await using sandbox = await startSandbox();
    for (const [method, path, body, words] of [
      ['GET', 'nothing', undefined, /GET tracks/u],
      ['POST', 'set', { speed: 1 }, /no setting speed/u],
      ['POST', 'faults', { fault: { kind: 'explode' } }, /explode/u],
      ['POST', 'rights', { accessToken: 'x', rights: [] }, /access token/u],
      ['POST', 'integrations', { rights: ['everything'] }, /everything/u],
      ['POST', 'generate', {}, /count/u],
      ['POST', 'admins', { username: 'x' }, /password/u],
      ['POST', 'admins', { username: 'sandbox', password: 'x' }, /already/u],
      ['POST', 'admins', { username: 'x', password: 'x', otpSecret: '1' }, /Base32/u],
      ['PATCH', 'admins/nobody', { active: false }, /nobody/u],
      ['POST', 'set', [1], /JSON object/u],
    ] as const) {
      const { status, value } = await control(sandbox, method, path, body);
      assert.equal(status, 400);
      assert.match(value.message, words);
    }
  });

  it('is neither counted nor hindered', async () => {
    await using sandbox = await startSandbox({ readMs: 3_600_000, outage: 'php' });
    sandbox.inject({ fault: { kind: 'silence' } });
    const response = await fetch(`${sandbox.url}/_sandbox/counts`, { signal: AbortSignal.timeout(60_000) });
    assert.partialDeepStrictEqual(await response.json(), { total: 0 });
  });
});
