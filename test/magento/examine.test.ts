import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Examination, type ExamineOptions, examine } from '../../src/magento/examine.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { never, reaching } from './harness.ts';

const MINUTE_MS = 60_000;

function examined(
  sandbox: Sandbox,
  options: Partial<ExamineOptions> = {},
  more: {
    clock?: typeof systemClock;
    signal?: AbortSignal;
    onAsked?: (asked: number, of: number) => void;
  } = {},
): Promise<Examination> {
  return examine(
    { ...reaching(sandbox), ...options },
    { clock: systemClock, signal: never, keepSecret: () => {}, ...more },
  );
}

/** `call: found`, in the order in which they are asked. */
const told = ({ rights }: Examination) => rights.map(({ call, found }) => `${call}: ${found}`);

const GRANTED = ['orders: granted', 'shipments: granted', 'track: granted', 'ship: granted'];

/** A shop with an order that could be shipped and one that could get a number. */
async function shop(options: Parameters<typeof startSandbox>[0] = {}) {
  const sandbox = await startSandbox(options);
  sandbox.addOrder();
  sandbox.addOrder({ shipments: [{}] });
  return sandbox;
}

function assertNothingWritten(sandbox: Sandbox): void {
  assert.equal(sandbox.tracks().length, 0);
  assert.equal(sandbox.shipments().length, 1);
  assert.equal(sandbox.counts().mails, 0);
}

test('finds every right by eight questions, and writes nothing', async () => {
  await using sandbox = await shop();
  const asked: string[] = [];
  const found = await examined(sandbox, {}, { onAsked: (n, of) => asked.push(`${n} of ${of}`) });
  assert.deepEqual(told(found), GRANTED);
  assert.equal(found.failure, null);
  assert.equal(found.latenciesMs.length, 5);
  assert.deepEqual([asked.length, asked.at(-1)], [8, '8 of 8']);
  const { total, probe, track, ship, mostConcurrent } = sandbox.counts();
  assert.deepEqual(
    { total, probe, track, ship, mostConcurrent },
    { total: 8, probe: 5, track: 1, ship: 1, mostConcurrent: 1 },
  );
  assertNothingWritten(sandbox);
});

for (const [missing, expected] of [
  ['Magento_Sales::actions_view', ['missing', 'granted', 'granted', 'granted']],
  ['Magento_Sales::shipment', ['granted', 'missing', 'missing', 'granted']],
  ['Magento_Sales::ship', ['granted', 'granted', 'granted', 'missing']],
] as const) {
  test(`tells that ${missing} is missing, and goes on with the others`, async () => {
    const all = ['Magento_Sales::actions_view', 'Magento_Sales::shipment', 'Magento_Sales::ship'] as const;
    await using sandbox = await shop({ rights: all.filter((right) => right !== missing) });
    const { rights } = await examined(sandbox);
    assert.deepEqual(
      rights.map(({ found }) => found),
      expected,
    );
    for (const { found, right, message } of rights) {
      assert.equal(message.includes(right), found === 'missing');
    }
    assertNothingWritten(sandbox);
  });
}

test('sends nothing but GET to a store that is read only', async () => {
  await using sandbox = await shop();
  const found = await examined(sandbox, { readOnly: true });
  assert.deepEqual(told(found), [...GRANTED.slice(0, 2), 'track: unasked', 'ship: unasked']);
  const { track, ship } = sandbox.counts();
  assert.deepEqual({ track, ship }, { track: 0, ship: 0 });
});

test('signs in once as an admin user, also where rights are missing', async () => {
  await using sandbox = await shop({ rights: [] });
  const { username, password } = sandbox.admin;
  const found = await examined(sandbox, { auth: { kind: 'admin', username, password, otpSecret: null } });
  assert.deepEqual(new Set(found.rights.map((each) => each.found)), new Set(['missing']));
  assert.equal(sandbox.counts().signIn, 1);
});

test('tries a wrong password once, and asks nothing after that', async () => {
  await using sandbox = await shop();
  const { username } = sandbox.admin;
  const auth = { kind: 'admin', username, password: 'not-the-password', otpSecret: null } as const;
  const { failure } = await examined(sandbox, { auth });
  assert.equal(failure?.blame, 'sign-in');
  const { signIn, total } = sandbox.counts();
  assert.deepEqual({ signIn, total }, { signIn: 1, total: 1 });
  assert.ok(!JSON.stringify(failure).includes('not-the-password'));
});

test('ends with the first failure of the store', async () => {
  await using sandbox = await shop({ outage: 'maintenance' });
  const found = await examined(sandbox);
  assert.equal(found.failure?.blame, 'store');
  assert.deepEqual(told(found).slice(0, 2), ['orders: failed', 'shipments: unasked']);
  assert.equal(sandbox.counts().total, 1);
});

test('takes no page of something in front of the store for the answer about a right', async () => {
  await using sandbox = await shop();
  sandbox.inject({ match: { path: 'shipment/track' }, fault: { kind: 'status', status: 403 } });
  const found = await examined(sandbox);
  assert.deepEqual(told(found), [...GRANTED.slice(0, 2), 'track: failed', 'ship: unasked']);
  assert.match(found.rights[2]?.message ?? '', /403/);
});

test('asks a store that takes longer than its timeout only once how quick it is', async () => {
  await using sandbox = await shop();
  let aheadMs = 0;
  const nowMs = () => {
    aheadMs += MINUTE_MS;
    return systemClock.nowMs() + aheadMs;
  };
  const found = await examined(sandbox, { timeoutMs: 50_000 }, { clock: { ...systemClock, nowMs } });
  assert.equal(found.latenciesMs.length, 1);
  assert.deepEqual(told(found), GRANTED);
});

test('leaves the pauses between requests that the configuration asks for', async () => {
  await using sandbox = await shop();
  const slept: number[] = [];
  const sleep = async (delayMs: number) => void slept.push(delayMs);
  await examined(sandbox, { maxRequestsPerSecond: 0.5 }, { clock: { ...systemClock, sleep } });
  assert.deepEqual(slept, Array(7).fill(2_000));
});

test('tells how far the clock here is from the clock of the store', async () => {
  await using sandbox = await shop();
  for (const aheadMs of [-3, 0, 12].map((minutes) => minutes * MINUTE_MS)) {
    const wallMs = () => systemClock.wallMs() + aheadMs;
    const { clockAheadMs } = await examined(sandbox, {}, { clock: { ...systemClock, wallMs } });
    assert.ok(clockAheadMs !== null && Math.abs(clockAheadMs - aheadMs) < 30_000, `${clockAheadMs}`);
  }
});

test('ends when it is stopped while a store is silent', async () => {
  await using sandbox = await shop();
  sandbox.inject({ match: { path: '/ship$' }, fault: { kind: 'silence' } });
  const stop = new AbortController();
  const onAsked = (asked: number) => {
    if (asked === 7) stop.abort();
  };
  await assert.rejects(examined(sandbox, {}, { signal: stop.signal, onAsked }), { code: 'stopped' });
  await assert.rejects(examined(sandbox, {}, { signal: stop.signal }), { code: 'stopped' });
  assert.ok(sandbox.counts().total <= 8);
});
