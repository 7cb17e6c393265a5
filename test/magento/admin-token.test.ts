import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { classify } from '../../src/magento/answers.ts';
import type { Pace } from '../../src/magento/client.ts';
import { QUESTIONS } from '../../src/magento/questions.ts';
import type { Reply } from '../../src/magento/reply.ts';
import type { Credentials } from '../../src/magento/sign-in.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { RIGHTS } from '../../src/sandbox/caller.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { openClient } from './open-client.ts';

const MINUTE_MS = 60_000;
const LOOK = { method: 'GET', path: 'orders?searchCriteria%5BpageSize%5D=1' } as const;
const look = () => LOOK;

/** Steady time that is moved by hand; sleeping moves it, too. */
function movableClock(): Clock & { aheadMs: number; wallAheadMs: number; slept: number[] } {
  const clock = {
    ...systemClock,
    aheadMs: 0,
    wallAheadMs: 0,
    slept: [] as number[],
    nowMs: () => systemClock.nowMs() + clock.aheadMs,
    wallMs: () => systemClock.wallMs() + clock.aheadMs + clock.wallAheadMs,
    sleep: async (delayMs: number) => {
      clock.slept.push(delayMs);
      clock.aheadMs += delayMs;
    },
  };
  return clock;
}

function adminOf({ admin }: Sandbox, more: Partial<Credentials & { kind: 'admin' }> = {}): Credentials {
  return { kind: 'admin', username: admin.username, password: admin.password, otpSecret: null, ...more };
}

const statusOf = (reply: Reply) => (reply.kind === 'answer' ? reply.status : reply);

async function tokenEndpoint(handler: RequestListener) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('signs in once for all requests that wait, and keeps the token', async () => {
  await using sandbox = await startSandbox();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  const replies = await Promise.all(Array.from({ length: 5 }, () => open.client.send(look)));
  assert.deepEqual(replies.map(statusOf), [200, 200, 200, 200, 200]);
  await open.client.send(look);
  assert.equal(sandbox.counts().signIn, 1);
  assert.equal(open.secrets.length, 1);
});

test('signs in to a store that is read only', async () => {
  await using sandbox = await startSandbox();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox), readOnly: true });
  assert.equal(statusOf(await open.client.send(look)), 200);
});

test('writes the intent after the sign-in, in the turn in which the request leaves', async () => {
  await using sandbox = await startSandbox();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  let signInsAtMake = -1;
  await open.client.send(() => {
    signInsAtMake = sandbox.counts().signIn;
    return LOOK;
  });
  assert.equal(signInsAtMake, 1);
});

for (const adminToken of ['jwt', 'opaque'] as const) {
  test(`takes a new token shortly before the old one ends, whatever the wall clock says (${adminToken})`, async () => {
    await using sandbox = await startSandbox({ adminToken });
    const clock = movableClock();
    clock.wallAheadMs = -300 * 24 * 60 * MINUTE_MS;
    using open = openClient(sandbox.url, { auth: adminOf(sandbox) }, clock);
    await open.client.send(look);
    clock.aheadMs += (adminToken === 'jwt' ? 58 : 238) * MINUTE_MS;
    clock.wallAheadMs *= -1;
    await open.client.send(look);
    assert.equal(sandbox.counts().signIn, 1);
    clock.aheadMs += 1.5 * MINUTE_MS;
    await open.client.send(look);
    assert.equal(sandbox.counts().signIn, 2);
  });
}

test('takes the life of a token from the token, however wrong the clock of the shop is', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = [part({ alg: 'HS256' }), part({ iat: 1_000_000, exp: 1_001_200 }), 'x'].join('.');
  let signIns = 0;
  await using shop = await tokenEndpoint((req, res) => {
    if (req.method === 'POST') signIns += 1;
    res.setHeader('content-type', 'application/json').end(JSON.stringify(token));
  });
  const clock = movableClock();
  const auth = { kind: 'admin', username: 'u', password: 'secret-password', otpSecret: null } as const;
  using open = openClient(shop.url, { auth }, clock);
  for (const [afterMs, total] of [
    [0, 1],
    [18 * MINUTE_MS, 1],
    [1.5 * MINUTE_MS, 2],
  ] as const) {
    clock.aheadMs += afterMs;
    await open.client.send(look);
    assert.equal(signIns, total);
  }
});

test('sends a write again with a new token after a 401, without a second intent', async () => {
  await using sandbox = await startSandbox();
  const { orderId, shipmentIds } = sandbox.addOrder({ shipments: [{}] });
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  await open.client.send(look);
  sandbox.expireAdminTokens();
  let intents = 0;
  const entity = { order_id: orderId, parent_id: shipmentIds[0], track_number: 'A', carrier_code: 'dhl' };
  const reply = await open.client.send(() => {
    intents += 1;
    return { method: 'POST', path: 'shipment/track', body: JSON.stringify({ entity }) };
  });
  assert.equal(statusOf(reply), 200);
  assert.equal(intents, 1);
  assert.equal(sandbox.tracks().length, 1);
  assert.equal(sandbox.counts().signIn, 2);
});

test('does not send a write again after a 401 that is not of Magento', async () => {
  await using sandbox = await startSandbox();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  await open.client.send(look);
  sandbox.inject({ match: { method: 'DELETE' }, fault: { kind: 'statusAfter', status: 401, body: 'html' } });
  const reply = await open.client.send(() => ({ method: 'DELETE', path: 'shipment/track/1' }));
  const verdict = classify('untrack', reply);
  assert.ok(verdict.kind === 'uncertain' && verdict.blame === 'address');
  assert.equal(sandbox.counts().untrack, 1);
});

test('signs in once when several requests are refused for the same token', async () => {
  await using sandbox = await startSandbox({ readMs: 20 });
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  await open.client.send(look);
  sandbox.expireAdminTokens();
  const replies = await Promise.all(Array.from({ length: 5 }, () => open.client.send(look)));
  assert.deepEqual(replies.map(statusOf), [200, 200, 200, 200, 200]);
  assert.equal(sandbox.counts().signIn, 2);
});

/** A client whose sign-ins take 6 s, but for the first. */
async function slowToSignIn(sandbox: Sandbox) {
  const clock = movableClock();
  const signInTakesLong = () => {
    clock.aheadMs += 6_000;
  };
  const open = openClient(sandbox.url, { auth: adminOf(sandbox) }, clock, signInTakesLong);
  await open.client.send(look);
  return { ...open, clock };
}

const untrack = () => ({ method: 'DELETE', path: 'shipment/track/1' }) as const;

test('does not send a write again when the sign-in took long, and blames neither store nor row for it', async () => {
  await using sandbox = await startSandbox();
  using open = await slowToSignIn(sandbox);
  sandbox.expireAdminTokens();
  const verdict = classify('untrack', await open.client.send(untrack));
  assert.ok(verdict.kind === 'unsent' && verdict.blame === 'token');
  assert.equal(sandbox.counts().untrack, 1);
  assert.equal(statusOf(await open.client.send(untrack)), 200, 'the next write has the new token');
  assert.equal(sandbox.counts().signIn, 2);
});

test('sends a question again however long the sign-in took', async () => {
  await using sandbox = await startSandbox();
  using open = await slowToSignIn(sandbox);
  sandbox.expireAdminTokens();
  assert.equal(statusOf(await open.client.send(look)), 200);
});

test('sees that a right is missing, and not a token, also where each sign-in takes too long for the write', async () => {
  await using sandbox = await startSandbox({ rights: ['Magento_Sales::actions_view'] });
  using open = await slowToSignIn(sandbox);
  const blames = [];
  for (let times = 0; times < 3; times += 1) {
    const verdict = classify('untrack', await open.client.send(untrack));
    blames.push(verdict.kind === 'unsent' && verdict.blame);
  }
  assert.deepEqual(blames, ['token', 'right', 'right']);
  assert.equal(sandbox.counts().signIn, 2);
});

test('makes the code of a sign-in when that may leave, not before', async () => {
  await using sandbox = await startSandbox({ twoFactor: true });
  const clock = movableClock();
  const { otpSecret } = sandbox.admin;
  // The shop takes a code of two minutes ago for a wrong one.
  clock.wallAheadMs = -2 * MINUTE_MS;
  const pace: Pace = async (make) => {
    clock.wallAheadMs = 0;
    return make();
  };
  using open = openClient(sandbox.url, { auth: adminOf(sandbox, { otpSecret }) }, clock, () => {}, { pace });
  assert.equal(statusOf(await open.client.send(look)), 200);
});

test('does not sign in for each 401 of a right that is missing, and tries again ever more rarely', async () => {
  await using sandbox = await startSandbox({ rights: ['Magento_Sales::ship'] });
  const clock = movableClock();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) }, clock);
  const { username } = sandbox.admin;
  const signIns = async (afterMs: number) => {
    clock.aheadMs += afterMs;
    const verdict = classify('orders', await open.client.send(look));
    assert.ok(verdict.kind === 'unsent' && verdict.blame === 'right');
    assert.match(verdict.message, /User Roles/);
    return sandbox.counts().signIn;
  };
  assert.equal(await signIns(0), 2, 'once at first, once because the token might have ended');
  assert.equal(await signIns(4 * MINUTE_MS), 2);
  assert.equal(await signIns(2 * MINUTE_MS), 3);
  assert.equal(await signIns(9 * MINUTE_MS), 3);
  assert.equal(await signIns(2 * MINUTE_MS), 4);
  sandbox.changeAdmin(username, { rights: ['Magento_Sales::actions_view'] });
  sandbox.expireAdminTokens();
  clock.aheadMs += 21 * MINUTE_MS;
  assert.equal(statusOf(await open.client.send(look)), 200);
  assert.equal(sandbox.counts().signIn, 5);
  // A new token did help meanwhile: the rests begin with the first.
  sandbox.changeAdmin(username, { rights: [] });
  assert.equal(await signIns(0), 6);
  assert.equal(await signIns(4 * MINUTE_MS), 6);
  assert.equal(await signIns(2 * MINUTE_MS), 7);
});

const REFUSED: readonly [string, (sandbox: Sandbox) => Credentials, { twoFactor?: boolean }, RegExp][] = [
  [
    'a wrong password',
    (sandbox) => adminOf(sandbox, { password: 'wrong-password' }),
    {},
    /sign-in was incorrect.*Check username and password/,
  ],
  ['an unknown user', (sandbox) => adminOf(sandbox, { username: 'nobody' }), {}, /sign-in was incorrect/],
  [
    'a second factor that is not configured here',
    (sandbox) => adminOf(sandbox),
    { twoFactor: true },
    /2fa provider-specific.*Set otpSecret/,
  ],
  [
    'a wrong code',
    (sandbox) => adminOf(sandbox, { otpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }),
    { twoFactor: true },
    /Invalid code\. Check otpSecret/,
  ],
];

for (const [what, authOf, settings, message] of REFUSED) {
  test(`tries ${what} once, however many requests want it`, async () => {
    await using sandbox = await startSandbox(settings);
    const auth = authOf(sandbox);
    using open = openClient(sandbox.url, { auth });
    const make = () => assert.fail('nothing is sent without a token');
    const replies = await Promise.all([open.client.send(make), open.client.send(make)]);
    replies.push(await open.client.send(make));
    for (const reply of replies) {
      const verdict = classify('track', reply);
      assert.ok(verdict.kind === 'unsent' && verdict.blame === 'sign-in');
      assert.match(verdict.message, message);
      assert.ok(auth.kind === 'admin' && !verdict.message.includes(auth.password));
    }
    assert.equal(sandbox.counts().total, 1);
  });
}

test('tries a password that worked once more when it is refused, and then no more', async () => {
  await using sandbox = await startSandbox();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  await open.client.send(look);
  sandbox.changeAdmin(sandbox.admin.username, { password: 'another' });
  sandbox.expireAdminTokens();
  for (let round = 0; round < 3; round += 1) {
    assert.equal((await open.client.send(look)).kind, 'not-signed-in');
  }
  assert.equal(sandbox.counts().signIn, 2);
});

test('tries refused credentials once more after an hour, and signs in once they are taken', async () => {
  await using sandbox = await startSandbox();
  const clock = movableClock();
  using open = openClient(sandbox.url, { auth: adminOf(sandbox, { password: 'not-yet-set-1' }) }, clock);
  const signIns = async (afterMs: number) => {
    clock.aheadMs += afterMs;
    const reply = await open.client.send(look);
    assert.ok(reply.kind === 'not-signed-in' && reply.blame === 'sign-in');
    return sandbox.counts().signIn;
  };
  assert.equal(await signIns(0), 1);
  assert.equal(await signIns(59 * MINUTE_MS), 1);
  assert.equal(await signIns(2 * MINUTE_MS), 2, 'an hour is over');
  // The password is another one now, and it is the shop that asks for a code.
  sandbox.changeAdmin(sandbox.admin.username, { password: 'not-yet-set-1' });
  sandbox.set({ twoFactor: true });
  assert.equal(await signIns(61 * MINUTE_MS), 3);
  assert.equal(await signIns(59 * MINUTE_MS), 3);
  sandbox.set({ twoFactor: false });
  clock.aheadMs += 2 * MINUTE_MS;
  assert.equal(statusOf(await open.client.send(look)), 200);
});

test('signs in with a code where the shop asks for one', async () => {
  await using sandbox = await startSandbox({ twoFactor: true });
  const { otpSecret } = sandbox.admin;
  using open = openClient(sandbox.url, { auth: adminOf(sandbox, { otpSecret }) });
  assert.equal(statusOf(await open.client.send(look)), 200);
  assert.equal(sandbox.counts().signIn, 1);
});

test('uses no code twice, also when it is not known what became of the first', async () => {
  const codes: string[] = [];
  await using shop = await tokenEndpoint((req, res) => {
    req.setEncoding('utf8').on('data', (body: string) => {
      codes.push(JSON.parse(body).otp);
      res.writeHead(502).end();
    });
  });
  const clock = movableClock();
  // Five seconds into a step; the next one is in RFC 6238, appendix B, with this secret and the code 005924.
  clock.wallMs = () => 1_234_567_890_000 - 25_000 + clock.slept.reduce((sum, ms) => sum + ms, 0);
  const otpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const auth = { kind: 'admin', username: 'u', password: 'secret-password', otpSecret } as const;
  const awaited: number[] = [];
  const onCodeAwaited = (delayMs: number) => awaited.push(delayMs);
  using open = openClient(shop.url, { auth }, clock, undefined, { onCodeAwaited });
  await open.client.send(look);
  assert.deepEqual(clock.slept, []);
  await open.client.send(look);
  assert.deepEqual(clock.slept, [25_000]);
  assert.deepEqual(awaited, [25_000]);
  assert.deepEqual(codes.length, 2);
  assert.notEqual(codes[0], codes[1]);
  assert.equal(codes[1], '005924');
});

const TROUBLE: readonly [string, RequestListener, string][] = [
  ['maintenance', (_, res) => res.writeHead(503, { 'content-type': 'text/html' }).end('<html>'), 'store'],
  ['a proxy without Magento', (_, res) => res.writeHead(502).end(), 'store'],
  ['a page that says 200', (_, res) => res.setHeader('content-type', 'text/html').end('<html>'), 'store'],
  ['JSON without a token', (_, res) => res.setHeader('content-type', 'application/json').end('{}'), 'store'],
  ['a cut connection', (req) => void req.socket.destroy(), 'store'],
  ['a redirect', (_, res) => res.writeHead(301, { location: 'https://www.shop.example/' }).end(), 'address'],
  ['too many requests', (_, res) => res.writeHead(429).end(), 'rate'],
];

for (const [what, handler, blame] of TROUBLE) {
  test(`takes ${what} for no word about the password`, async () => {
    let requests = 0;
    await using shop = await tokenEndpoint((req, res) => {
      requests += 1;
      handler(req, res);
    });
    const auth = { kind: 'admin', username: 'u', password: 'secret-password', otpSecret: null } as const;
    using open = openClient(shop.url, { auth });
    for (let round = 1; round < 3; round += 1) {
      const verdict = classify('track', await open.client.send(() => assert.fail('nothing is sent')));
      assert.deepEqual([verdict.kind, verdict.kind !== 'done' && verdict.blame], ['unsent', blame]);
      assert.equal(requests, round, 'asked again each time');
    }
  });
}

test('takes a shop without two-factor sign-in for a wrong address, and says what to leave out', async () => {
  await using sandbox = await startSandbox({ twoFactor: false });
  const auth = adminOf(sandbox, { otpSecret: sandbox.admin.otpSecret });
  using open = openClient(sandbox.url, { auth });
  const verdict = classify('track', await open.client.send(() => assert.fail('nothing is sent')));
  assert.ok(verdict.kind === 'unsent' && verdict.blame === 'address');
  assert.match(verdict.message, /does not match any route\. .*leave otpSecret out/);
});

test('keeps away from a shop that says so, as long as it says', async () => {
  let requests = 0;
  await using shop = await tokenEndpoint((_, res) => {
    requests += 1;
    res.writeHead(503, { 'retry-after': '120' }).end();
  });
  const clock = movableClock();
  const auth = { kind: 'admin', username: 'u', password: 'secret-password', otpSecret: null } as const;
  using open = openClient(shop.url, { auth }, clock);
  for (const [afterMs, total] of [
    [0, 1],
    [119_000, 1],
    [2_000, 2],
  ] as const) {
    clock.aheadMs += afterMs;
    assert.equal((await open.client.send(look)).kind, 'not-signed-in');
    assert.equal(requests, total);
  }
});

test('asks so rarely, where a wrong password has no words of its own, that the user is not locked', async () => {
  let requests = 0;
  await using shop = await tokenEndpoint((_, res) => {
    requests += 1;
    const message = 'Internal Error. Details are available in Magento log file. Report ID: webapi-1';
    res.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  });
  const clock = movableClock();
  const auth = {
    kind: 'admin',
    username: 'u',
    password: 'secret-password',
    otpSecret: 'GEZDGNBVGY3TQOJQ',
  } as const;
  using open = openClient(shop.url, { auth }, clock);
  const halfAnHourMs = 30 * MINUTE_MS;
  for (let passedMs = 0; passedMs < halfAnHourMs; passedMs += 1_000) {
    const reply = await open.client.send(look);
    assert.ok(reply.kind === 'not-signed-in' && reply.blame === 'store');
    assert.match(reply.message, /Report ID: webapi-1\. To a wrong password/);
    clock.aheadMs += 1_000;
  }
  assert.equal(requests, 3);
});

for (const status of [401, 403]) {
  test(`asks as rarely where a page may hide that the password is wrong (${status})`, async () => {
    let requests = 0;
    await using shop = await tokenEndpoint((_, res) => {
      requests += 1;
      res.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
    });
    const clock = movableClock();
    const auth = { kind: 'admin', username: 'u', password: 'secret-password', otpSecret: null } as const;
    using open = openClient(shop.url, { auth }, clock);
    for (let passedMs = 0; passedMs < 30 * MINUTE_MS; passedMs += 1_000) {
      const reply = await open.client.send(look);
      assert.ok(reply.kind === 'not-signed-in' && reply.blame !== 'sign-in');
      assert.match(reply.message, /may have refused the password behind this/);
      clock.aheadMs += 1_000;
    }
    assert.equal(requests, 3);
  });
}

test('repeats no secret that a page on the way echoes', async () => {
  await using shop = await tokenEndpoint((req, res) => {
    req.setEncoding('utf8').on('data', (body: string) => {
      res.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message: body }));
    });
  });
  const secrets = { password: 'secret-password', otpSecret: 'GEZDGNBVGY3TQOJQ' };
  using open = openClient(shop.url, { auth: { kind: 'admin', username: 'u', ...secrets } });
  const reply = await open.client.send(look);
  assert.ok(reply.kind === 'not-signed-in' && reply.message.includes('***'), JSON.stringify(reply));
  assert.ok(!reply.message.includes(secrets.password));
  assert.doesNotMatch(reply.message, /\d{6}/);
});

test('ends a sign-in that waits when the client is closed', async () => {
  await using sandbox = await startSandbox({ twoFactor: true });
  const { otpSecret } = sandbox.admin;
  const slept = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    sleep: (delayMs, signal) => {
      slept.resolve();
      return systemClock.sleep(delayMs, signal);
    },
    wallMs: () => 1_000_000_000_000,
  };
  using open = openClient(sandbox.url, { auth: adminOf(sandbox, { otpSecret }) }, clock);
  sandbox.inject({ fault: { kind: 'status', status: 502 } });
  assert.equal((await open.client.send(look)).kind, 'not-signed-in');
  const waiting = assert.rejects(open.client.send(look), StoppedError);
  await slept.promise;
  open.client.close();
  await waiting;
});

test('fetches a token anew that ends while one right is missing, for those that are there', async () => {
  const rights = RIGHTS.filter((right) => right !== 'Magento_Sales::ship');
  await using sandbox = await startSandbox({ rights });
  using open = openClient(sandbox.url, { auth: adminOf(sandbox) });
  const ask = async (call: 'orders' | 'ship') => statusOf(await open.client.send(() => QUESTIONS[call]));
  assert.deepEqual([await ask('orders'), await ask('ship')], [200, 401]);
  assert.equal(sandbox.counts().signIn, 2, 'a new token does not help where the right is missing');
  sandbox.expireAdminTokens();
  assert.deepEqual([await ask('ship'), await ask('orders'), await ask('ship')], [401, 200, 401]);
  assert.equal(sandbox.counts().signIn, 3);
});
