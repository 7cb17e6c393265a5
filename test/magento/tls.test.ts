import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { getCACertificates, rootCertificates, setDefaultCACertificates } from 'node:tls';
import { classify } from '../../src/magento/answers.ts';
import type { Failure } from '../../src/magento/verdict.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openClient } from './open-client.ts';

const file = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const ca = file('ca.pem');
const tls = { key: file('localhost.key'), cert: file('localhost.pem') };
const LOOK = { method: 'GET', path: 'orders?searchCriteria%5BpageSize%5D=1' } as const;
const TRACK = { method: 'POST', path: 'shipment/track', body: '{}' } as const;

/** What is said of a write to an address whose certificate is no good. */
async function failureAt(url: string, tlsCa: string | null): Promise<Failure> {
  using open = openClient(url, { tlsCa });
  const verdict = classify('track', await open.client.send(() => TRACK));
  assert.notEqual(verdict.kind, 'done');
  return verdict as Failure;
}

/** A shop that is not the sandbox: at another address, or with another certificate. */
async function listening(certificate: { key: string; cert: string }, host: string) {
  let requests = 0;
  const server = createServer(certificate, (_, res) => {
    requests += 1;
    res.end();
  }).listen(0, host);
  await once(server, 'listening');
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('trusts the authority of the configuration', async () => {
  await using sandbox = await startSandbox({ tls });
  using open = openClient(sandbox.url, { tlsCa: ca, auth: { kind: 'bearer', token: sandbox.bearer } });
  assert.equal(classify('orders', await open.client.send(() => LOOK)).kind, 'done');
});

test('goes on trusting the authorities that Node knows, when one is added to them', async () => {
  await using sandbox = await startSandbox({ tls });
  const known = getCACertificates('default');
  setDefaultCACertificates([ca]);
  try {
    const [another = ''] = rootCertificates;
    using open = openClient(sandbox.url, { tlsCa: another, auth: { kind: 'bearer', token: sandbox.bearer } });
    assert.equal(classify('orders', await open.client.send(() => LOOK)).kind, 'done');
  } finally {
    setDefaultCACertificates(known);
  }
});

test('sends nothing to a shop whose authority is not known, and says what to do', async () => {
  await using sandbox = await startSandbox({ tls });
  const failure = await failureAt(sandbox.url, null);
  assert.deepEqual([failure.kind, failure.blame], ['unsent', 'address']);
  assert.match(failure.message, /the authority is not known here.*needs tls\.ca/);
  assert.equal(sandbox.counts().total, 0);
});

test('verifies whatever the environment says', async () => {
  await using sandbox = await startSandbox({ tls });
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    assert.equal((await failureAt(sandbox.url, null)).blame, 'address');
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
  assert.equal(sandbox.counts().total, 0);
});

test('sends nothing to a shop with a self-signed certificate, until that is given as its own authority', async () => {
  const cert = file('self-signed.pem');
  await using shop = await listening({ key: file('self-signed.key'), cert }, '127.0.0.1');
  const failure = await failureAt(shop.url, null);
  assert.deepEqual([failure.kind, failure.blame], ['unsent', 'address']);
  assert.match(failure.message, /it is self-signed; .*tls\.ca/);
  assert.equal(shop.requests, 0);
  await failureAt(shop.url, cert);
  assert.equal(shop.requests, 1);
});

test('sends nothing to a shop whose certificate has expired', async () => {
  const cert = file('expired.pem');
  await using shop = await listening({ key: file('expired.key'), cert }, '127.0.0.1');
  const failure = await failureAt(shop.url, cert);
  assert.deepEqual([failure.kind, failure.blame], ['unsent', 'address']);
  assert.match(failure.message, /it has expired, or the clock here is wrong/);
  assert.equal(shop.requests, 0);
});

test('sends nothing to a shop with a certificate of another name', async () => {
  await using shop = await listening(tls, '127.0.0.2');
  const failure = await failureAt(shop.url, ca);
  assert.deepEqual([failure.kind, failure.blame], ['unsent', 'address']);
  assert.match(failure.message, /made for another name than the host in url/);
  assert.equal(shop.requests, 0);
});
