import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { signByTheBook } from './recording.ts';

const [ca, cert, key] = (await Promise.all(
  ['ca.pem', 'localhost.pem', 'localhost.key'].map((file) =>
    readFile(new URL(`../../fixtures/tls/${file}`, import.meta.url), 'utf8'),
  ),
)) as [string, string, string];

/** The status of an order that is not there; rejects where the shop is not trusted or cuts the connection. */
function ask(url: string, more: { readonly ca?: string; readonly authorization: string }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { authorization, ...trust } = more;
  const req = request(`${url}/rest/V1/orders/1`, { ...trust, agent: false, headers: { authorization } });
  req.on('response', (res) => {
    res.resume();
    res.on('error', reject);
    res.on('end', () => resolve(res.statusCode ?? 0));
  });
  req.on('error', reject);
  req.end();
  return promise;
}

function bearer(sandbox: Sandbox): string {
  return `Bearer ${sandbox.bearer}`;
}

describe('a shop with a certificate', () => {
  it('answers over https, by its address and by its name', async () => {
    await using sandbox = await startSandbox({ tls: { key, cert } });
    assert.match(sandbox.url, /^https:\/\/127\.0\.0\.1:\d+$/u);
    const more = { ca, authorization: bearer(sandbox) };
    assert.equal(await ask(sandbox.url, more), 404);
    assert.equal(await ask(`https://localhost:${sandbox.port}`, more), 404);
  });

  it('is not trusted by those who do not know its authority', async () => {
    await using sandbox = await startSandbox({ tls: { key, cert } });
    await assert.rejects(ask(sandbox.url, { authorization: bearer(sandbox) }), {
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    assert.equal(sandbox.counts().total, 0);
  });

  it('takes signatures of its https address, and not of the http one', async () => {
    await using sandbox = await startSandbox({ tls: { key, cert } });
    const authorization = (scheme: string) => {
      const oauth = {
        oauth_consumer_key: sandbox.oauth.consumerKey,
        oauth_nonce: scheme,
        oauth_signature_method: 'HMAC-SHA256',
        oauth_timestamp: String(Math.floor(Date.now() / 1000)),
        oauth_token: sandbox.oauth.accessToken,
      };
      const url = `${scheme}://127.0.0.1:${sandbox.port}/rest/V1/orders/1`;
      const header = Object.entries({
        ...oauth,
        oauth_signature: signByTheBook('GET', url, oauth, sandbox.oauth),
      });
      return `OAuth ${header.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`;
    };
    assert.equal(await ask(sandbox.url, { ca, authorization: authorization('https') }), 404);
    assert.equal(await ask(sandbox.url, { ca, authorization: authorization('http') }), 401);
  });

  it('cuts connections in each way that it has', async () => {
    await using sandbox = await startSandbox({ tls: { key, cert } });
    for (const kind of ['resetBefore', 'resetAfter', 'cut'] as const) {
      sandbox.inject({ times: 1, fault: { kind } });
      await assert.rejects(ask(sandbox.url, { ca, authorization: bearer(sandbox) }), { code: 'ECONNRESET' });
    }
    assert.equal(await ask(sandbox.url, { ca, authorization: bearer(sandbox) }), 404);
  });

  it('goes down and comes back', async () => {
    await using sandbox = await startSandbox({ tls: { key, cert } });
    await sandbox.goDown();
    const more = { ca, authorization: bearer(sandbox) };
    await assert.rejects(ask(sandbox.url, more), { code: 'ECONNREFUSED' });
    await sandbox.comeBack();
    assert.equal(await ask(sandbox.url, more), 404);
  });
});
