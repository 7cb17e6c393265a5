import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneTimeCode } from '../../src/sandbox/one-time-code.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

const MINUTE_MS = 60_000;

async function post(sandbox: Sandbox, path: string, body: unknown) {
  const response = await fetch(`${sandbox.url}/rest/all/V1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the assertion that looks at it
  return { status: response.status, value: (await response.json()) as any };
}

function signIn(
  sandbox: Sandbox,
  { username, password }: { readonly username: string; readonly password: string } = sandbox.admin,
) {
  return post(sandbox, 'integration/admin/token', { username, password });
}

function signInWithCode(
  sandbox: Sandbox,
  otp: string,
  { username, password }: { readonly username: string; readonly password: string } = sandbox.admin,
) {
  return post(sandbox, 'tfa/provider/google/authenticate', { username, password, otp });
}

/** The status of a question for which `Magento_Sales::actions_view` is needed: 404 with the right, 401 without. */
async function ask(sandbox: Sandbox, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${sandbox.url}/rest/V1/orders/1`, { headers })).status;
}

function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

describe('an admin user', () => {
  it('signs in for a token that works although bearer tokens of integrations do not', async () => {
    await using sandbox = await startSandbox({ bearerAllowed: false });
    const { status, value: token } = await signIn(sandbox);
    assert.equal(status, 200);
    assert.equal(await ask(sandbox, token), 404);
    assert.equal(await ask(sandbox, sandbox.bearer), 401);
    assert.equal(sandbox.counts().signIn, 1);
  });

  it('gets another token each time, and the ones before stay valid', async () => {
    await using sandbox = await startSandbox();
    const tokens = [(await signIn(sandbox)).value, (await signIn(sandbox)).value];
    assert.notEqual(tokens[0], tokens[1]);
    assert.deepEqual(await Promise.all(tokens.map((token) => ask(sandbox, token))), [404, 404]);
  });

  it('has a token for an hour, which says so itself', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_795_320_491_000 });
    await using sandbox = await startSandbox();
    const { value: token } = await signIn(sandbox);
    const { iat, exp, uid, utypid } = claimsOf(token);
    assert.deepEqual([iat, exp, uid, utypid], [1_795_320_491, 1_795_324_091, 1, 2]);
    t.mock.timers.tick(60 * MINUTE_MS - 1);
    assert.equal(await ask(sandbox, token), 404);
    t.mock.timers.tick(1);
    assert.equal(await ask(sandbox, token), 401);
  });

  it('has a token that says nothing for four hours, in the shops before 2.4.4', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_795_320_491_000 });
    await using sandbox = await startSandbox({ adminToken: 'opaque' });
    const { value: token } = await signIn(sandbox);
    assert.match(token, /^[a-z0-9]{32}$/u);
    t.mock.timers.tick(240 * MINUTE_MS - 1);
    assert.equal(await ask(sandbox, token), 404);
    t.mock.timers.tick(1);
    assert.equal(await ask(sandbox, token), 401);
  });

  it('has a token for as long as the shop says', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_795_320_491_000 });
    await using sandbox = await startSandbox({ adminTokenMs: 5000 });
    const { value: token } = await signIn(sandbox);
    assert.equal(claimsOf(token).exp - claimsOf(token).iat, 5);
    t.mock.timers.tick(5000);
    assert.equal(await ask(sandbox, token), 401);
  });

  it('may do no more than was granted, from the next request on', async () => {
    await using sandbox = await startSandbox();
    const user = { username: 'few', password: 'right' };
    sandbox.addAdmin({ ...user, rights: ['Magento_Sales::shipment'] });
    const { value: token } = await signIn(sandbox, user);
    assert.equal(await ask(sandbox, token), 401);
    sandbox.changeAdmin('few', { rights: ['Magento_Sales::actions_view'] });
    assert.equal(await ask(sandbox, token), 404);
  });

  it('needs a new token when all are ended, and gets one', async () => {
    await using sandbox = await startSandbox();
    const { value: token } = await signIn(sandbox);
    sandbox.expireAdminTokens();
    assert.equal(await ask(sandbox, token), 401);
    assert.equal(await ask(sandbox, (await signIn(sandbox)).value), 404);
  });

  it('is shut out at once when it is disabled', async () => {
    await using sandbox = await startSandbox();
    const { value: token } = await signIn(sandbox);
    sandbox.changeAdmin(sandbox.admin.username, { active: false });
    assert.equal(await ask(sandbox, token), 401);
    assert.equal((await signIn(sandbox)).status, 401);
    sandbox.changeAdmin(sandbox.admin.username, { active: true });
    assert.equal((await signIn(sandbox)).status, 200);
  });

  it('keeps its token when its password changes', async () => {
    await using sandbox = await startSandbox();
    const { value: token } = await signIn(sandbox);
    sandbox.changeAdmin(sandbox.admin.username, { password: 'another' });
    assert.equal(await ask(sandbox, token), 404);
    assert.equal((await signIn(sandbox)).status, 401);
    assert.equal((await signIn(sandbox, { ...sandbox.admin, password: 'another' })).status, 200);
  });

  it('is told everything that it left out', async () => {
    await using sandbox = await startSandbox();
    const { status, value } = await post(sandbox, 'integration/admin/token', {});
    assert.equal(status, 400);
    assert.equal(value.message, 'One or more input exceptions have occurred.');
    assert.deepEqual(
      value.errors.map((one: { parameters: { fieldName: string } }) => one.parameters.fieldName),
      ['username', 'password'],
    );
  });
});

describe('a locked admin user', () => {
  async function failed(sandbox: Sandbox, times: number): Promise<void> {
    for (let n = 1; n <= times; n++) {
      assert.equal((await signIn(sandbox, { ...sandbox.admin, password: `wrong-${n}` })).status, 401);
    }
  }

  it('is one after six wrong passwords in a row, not after five', async () => {
    await using sandbox = await startSandbox();
    await failed(sandbox, 5);
    assert.equal((await signIn(sandbox)).status, 200);
    await failed(sandbox, 5);
    assert.equal((await signIn(sandbox)).status, 200);
    await failed(sandbox, 6);
    assert.equal((await signIn(sandbox)).status, 401);
  });

  it('may sign in again half an hour after its last wrong password, however often it tried since', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_795_320_491_000 });
    await using sandbox = await startSandbox();
    await failed(sandbox, 6);
    t.mock.timers.tick(30 * MINUTE_MS - 1);
    assert.equal((await signIn(sandbox)).status, 401);
    t.mock.timers.tick(1);
    assert.equal((await signIn(sandbox)).status, 200);
  });

  it('keeps the token that it has', async () => {
    await using sandbox = await startSandbox();
    const { value: token } = await signIn(sandbox);
    await failed(sandbox, 6);
    assert.equal(await ask(sandbox, token), 404);
  });
});

describe('a shop that asks for a second factor', () => {
  it('sends right credentials to the endpoint that takes the code', async () => {
    await using sandbox = await startSandbox({ twoFactor: true });
    const { status, value } = await signIn(sandbox);
    assert.equal(status, 400);
    assert.deepEqual(value, {
      message: 'Please use the 2fa provider-specific endpoints to obtain a token.',
      parameters: { active_providers: ['google'] },
    });
    assert.equal((await signIn(sandbox, { ...sandbox.admin, password: 'wrong' })).status, 401);
  });

  it('gives a token for the code of the moment', async () => {
    await using sandbox = await startSandbox({ twoFactor: true });
    const { status, value } = await signInWithCode(sandbox, oneTimeCode(sandbox.admin.otpSecret, Date.now()));
    assert.equal(status, 200);
    assert.equal(await ask(sandbox, value), 404);
    assert.equal(sandbox.counts().signIn, 1);
  });

  it('refuses a wrong code, but never locks the account for it', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_795_320_491_000 });
    await using sandbox = await startSandbox({ twoFactor: true });
    const old = oneTimeCode(sandbox.admin.otpSecret, Date.now() - 2 * MINUTE_MS);
    for (let n = 1; n <= 7; n++) {
      assert.deepEqual(await signInWithCode(sandbox, old), {
        status: 401,
        value: { message: 'Invalid code.' },
      });
    }
    const now = oneTimeCode(sandbox.admin.otpSecret, Date.now());
    assert.equal((await signInWithCode(sandbox, now)).status, 200);
  });

  it('looks at the password before the code', async () => {
    await using sandbox = await startSandbox({ twoFactor: true });
    const wrong = { ...sandbox.admin, password: 'wrong' };
    const now = oneTimeCode(sandbox.admin.otpSecret, Date.now());
    const { status, value } = await signInWithCode(sandbox, now, wrong);
    assert.equal(status, 401);
    assert.match(value.message, /sign-in was incorrect/u);
  });

  it('lets nobody in who has not set it up', async () => {
    await using sandbox = await startSandbox({ twoFactor: true });
    sandbox.changeAdmin(sandbox.admin.username, { otpSecret: null });
    assert.match(
      (await signIn(sandbox)).value.message,
      /^You are required to configure personal Two-Factor/u,
    );
    const { status, value } = await signInWithCode(sandbox, '000000');
    assert.deepEqual([status, value.message], [400, 'Provider is not configured.']);
  });

  it('is the only one that has the endpoint for the code', async () => {
    await using sandbox = await startSandbox();
    assert.equal((await signInWithCode(sandbox, '000000')).status, 404);
  });
});
