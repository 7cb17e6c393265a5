import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openLedger } from '../../src/ledger/ledger.ts';
import { classify } from '../../src/magento/answers.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { openClient } from './open-client.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const look = () => ({ method: 'GET', path: 'orders?searchCriteria%5BpageSize%5D=1' }) as const;

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-memory-'));
  sandbox = await startSandbox();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const ledgerFile = () => join(folder, 'trackdrop.db');

/** A clock of another process, so much later. */
const later = (aheadMs: number): Clock => ({
  ...systemClock,
  nowMs: () => systemClock.nowMs() + aheadMs,
  wallMs: () => systemClock.wallMs() + aheadMs,
});

/** One process with this ledger: it signs in, asks one question and ends. Returns the verdict. */
async function inOneProcess(
  password: string,
  {
    url = sandbox.url,
    store = 'main',
    clock = systemClock,
  }: { url?: string; store?: string; clock?: Clock } = {},
) {
  using ledger = openLedger(ledgerFile());
  const auth = { kind: 'admin', username: sandbox.admin.username, password, otpSecret: null } as const;
  const parts = { signInMemory: ledger.refusals.of(store) };
  using open = openClient(url, { auth }, clock, undefined, parts);
  return classify('orders', await open.client.send(look));
}

describe('A password that is refused', () => {
  it('is tried once in however many processes, and what is said tells when it was and will be tried', async () => {
    const messages = new Set<string>();
    for (let times = 0; times < 7; times += 1) {
      const verdict = await inOneProcess('wrong-password');
      assert.ok(verdict.kind === 'unsent' && verdict.blame === 'sign-in');
      messages.add(verdict.message);
    }
    assert.equal(sandbox.counts().signIn, 1);
    assert.equal(messages.size, 1, 'all say the same');
    const [message = ''] = messages;
    const times = /Refused at (.{19}) UTC; the same credentials are tried again from (.{19}) UTC on/.exec(
      message,
    );
    const [at, again] = [times?.[1], times?.[2]].map((time) => Date.parse(`${time}Z`));
    assert.equal(Number(again) - Number(at), HOUR_MS);
    assert.match(message, /sign-in was incorrect.*changed ones at once\.$/);
    assert.equal((await inOneProcess(sandbox.admin.password)).kind, 'done', 'the user is not locked');
  });

  it('is tried once more an hour later, by whoever comes then', async () => {
    await inOneProcess('wrong-password');
    await inOneProcess('wrong-password', { clock: later(59 * MINUTE_MS) });
    assert.equal(sandbox.counts().signIn, 1);
    await inOneProcess('wrong-password', { clock: later(HOUR_MS + 1_000) });
    await inOneProcess('wrong-password', { clock: later(HOUR_MS + 2_000) });
    assert.equal(sandbox.counts().signIn, 2);
  });

  it('rests as long where the clock was set back since', async () => {
    await inOneProcess('wrong-password', { clock: later(30 * MINUTE_MS) });
    await inOneProcess('wrong-password');
    assert.equal(sandbox.counts().signIn, 1);
    await inOneProcess('wrong-password', { clock: later(-2 * HOUR_MS) });
    assert.equal(sandbox.counts().signIn, 2);
  });

  it('is tried once more an hour later where the daemon ran on, whatever became of the clock on the wall', async () => {
    using ledger = openLedger(ledgerFile());
    const clock = { ...systemClock, aheadMs: 0, nowMs: () => systemClock.nowMs() + clock.aheadMs };
    const { username } = sandbox.admin;
    const auth = { kind: 'admin', username, password: 'wrong-password', otpSecret: null } as const;
    const parts = { signInMemory: ledger.refusals.of('main') };
    using open = openClient(sandbox.url, { auth }, clock, undefined, parts);
    for (const [aheadMs, total] of [
      [0, 1],
      [HOUR_MS - 1_000, 1],
      [HOUR_MS + 1_000, 2],
    ] as const) {
      clock.aheadMs = aheadMs;
      await open.client.send(look);
      assert.equal(sandbox.counts().signIn, total);
    }
  });

  it('is forgotten once the store lets somebody in', async () => {
    await inOneProcess('wrong-password');
    await inOneProcess(sandbox.admin.password);
    sandbox.changeAdmin(sandbox.admin.username, { password: 'wrong-password' });
    assert.equal((await inOneProcess('wrong-password')).kind, 'done');
  });

  it('is another one at another address, and in another store', async () => {
    await inOneProcess('wrong-password');
    await inOneProcess('wrong-password', { url: sandbox.url.replace('127.0.0.1', 'localhost') });
    await inOneProcess('wrong-password', { store: 'outlet' });
    assert.equal(sandbox.counts().signIn, 3);
  });

  it('stands in no file, nor does a digest that another store shares', async () => {
    await inOneProcess('wrong-password');
    await inOneProcess('wrong-password', { store: 'outlet' });
    const kept = await readFile(ledgerFile(), 'latin1');
    assert.ok(kept.includes('sign-in was incorrect'), 'the refusals are in this file');
    assert.ok(!kept.includes('wrong-password'));
    using db = new DatabaseSync(ledgerFile());
    const digests = db.prepare('SELECT hex(digest) AS digest FROM refusals').all();
    assert.equal(new Set(digests.map(({ digest }) => digest)).size, 2);
  });
});

describe('A password that may have been refused', () => {
  it('is tried by all processes together as rarely as by one, where a page hides the refusal', async () => {
    let requests = 0;
    const server = createServer((_, res) => {
      requests += 1;
      res.writeHead(401, { 'content-type': 'text/html' }).end('<html>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let minute = 0; minute < 30; minute += 1) {
      const verdict = await inOneProcess('a-password', { url, clock: later(minute * MINUTE_MS + minute) });
      assert.ok(verdict.kind === 'unsent' && verdict.blame !== 'sign-in');
      assert.match(
        verdict.message,
        /may have refused the password behind this\. Tried at .* so that the user is not/,
      );
    }
    assert.equal(requests, 3);
    server.closeAllConnections();
    server.close();
  });
});
