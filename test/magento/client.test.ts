import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { Client, type ClientOptions } from '../../src/magento/client.ts';
import type { Answer } from '../../src/magento/reply.ts';
import { systemClock } from '../../src/runtime/clock.ts';

interface Neighbour extends AsyncDisposable {
  readonly port: number;
  connections: number;
}

async function listening(server: Server): Promise<Neighbour> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    neighbour.connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const neighbour: Neighbour = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
  return neighbour;
}

const web = (handler: RequestListener) => listening(createServer(handler));

function client(url: string, timeoutMs = 5_000, more: Partial<ClientOptions> = {}): Client {
  const auth = { kind: 'bearer', token: 'token' } as const;
  const options = { url, storeCode: 'all', auth, readOnly: false, workers: 2, tlsCa: null, timeoutMs };
  return new Client({ ...options, ...more }, { clock: systemClock });
}

const write = () => ({ method: 'POST', path: 'shipment/track', body: '{}' }) as const;
const get = (path: string) => () => ({ method: 'GET', path }) as const;

test('sends below the store code, as JSON, with its token', async () => {
  const seen: unknown[] = [];
  await using shop = await web((req, res) => {
    const { authorization, accept, 'content-type': type } = req.headers;
    seen.push([req.method, req.url, authorization, accept, type]);
    res.writeHead(200, { 'content-type': 'application/json' }).end('true');
  });
  const subject = client(`http://127.0.0.1:${shop.port}/magento`);
  await subject.send(write);
  await subject.send(get('orders?a=%5B1%5D'));
  assert.deepEqual(seen, [
    ['POST', '/magento/rest/all/V1/shipment/track', 'Bearer token', 'application/json', 'application/json'],
    ['GET', '/magento/rest/all/V1/orders?a=%5B1%5D', 'Bearer token', 'application/json', undefined],
  ]);
  subject.close();
});

test('goes on using its connections', async () => {
  await using shop = await web((_, res) => res.end('{}'));
  const subject = client(`http://127.0.0.1:${shop.port}`);
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([subject.send(write), subject.send(write)]);
  }
  assert.equal(shop.connections, 2);
  subject.close();
});

test('hands the body on as text, whatever it claims to be', async () => {
  await using shop = await web((_, res) => {
    res.writeHead(503, { 'content-type': 'application/json', 'retry-after': '3' }).end('{"a":');
  });
  const subject = client(`http://127.0.0.1:${shop.port}`);
  const { dateMs, ...reply } = (await subject.send(write)) as Answer;
  assert.ok(Math.abs(Date.now() - (dateMs ?? 0)) < 60_000);
  assert.deepEqual(reply, {
    kind: 'answer',
    status: 503,
    contentType: 'application/json',
    body: '{"a":',
    location: undefined,
    retryAfterMs: 3_000,
    url: `http://127.0.0.1:${shop.port}`,
    signedAs: 'bearer',
  });
  subject.close();
});

test('knows that nothing was sent where no connection came about', async () => {
  const nobody = await web(() => {});
  const { port } = nobody;
  await nobody[Symbol.asyncDispose]();
  for (const url of [`http://127.0.0.1:${port}`, 'http://nobody.invalid']) {
    const subject = client(url);
    const reply = await subject.send(write);
    assert.ok(reply.kind === 'broken' && !reply.sent, JSON.stringify(reply));
    subject.close();
  }
});

test('knows that nothing was sent before a TLS handshake was done', async () => {
  await using mute = await listening(createTcpServer(() => {}));
  await using plain = await web((_, res) => res.end('{}'));
  for (const { port } of [mute, plain]) {
    const subject = client(`https://127.0.0.1:${port}`, 150);
    const reply = await subject.send(write);
    assert.ok(reply.kind === 'broken' && !reply.sent, JSON.stringify(reply));
    subject.close();
  }
});

test('takes a request for sent on a connection that was used before', async () => {
  let requests = 0;
  await using shop = await web((req, res) => {
    requests += 1;
    if (requests === 2) req.socket.resetAndDestroy();
    else res.end('{}');
  });
  const subject = client(`http://127.0.0.1:${shop.port}`);
  assert.equal((await subject.send(write)).kind, 'answer');
  const reply = await subject.send(write);
  assert.ok(reply.kind === 'broken' && reply.sent);
  assert.equal(requests, 2, 'and is not sent again by itself');
  subject.close();
});

test('gives up on a body that stops in the middle', async () => {
  await using shop = await web((_, res) => void res.writeHead(200).write('['));
  const subject = client(`http://127.0.0.1:${shop.port}`, 200);
  const reply = await subject.send(write);
  assert.ok(reply.kind === 'broken' && reply.why === 'timeout' && reply.sent, JSON.stringify(reply));
  subject.close();
});

test('gives up on a body that drips, though it is never silent for long', async () => {
  let drops = 0;
  await using shop = await web((_, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    const dripping = setInterval(() => {
      drops += 1;
      res.write(' ');
    }, 10);
    res.on('close', () => clearInterval(dripping));
  });
  const subject = client(`http://127.0.0.1:${shop.port}`, 600);
  const reply = await subject.send(write);
  assert.ok(reply.kind === 'broken' && reply.why === 'timeout' && reply.sent, JSON.stringify(reply));
  assert.match(reply.message, /did not end in time/);
  assert.ok(drops > 1, 'it was not silent');
  assert.equal(subject.onTheWire, 0);
  subject.close();
});

test('reads no more of an endless body than 16 MB and what was under way', async () => {
  const { promise: cut, resolve: cutAt } = Promise.withResolvers<number>();
  await using shop = await web((req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!res.destroyed && res.write(' '.repeat(100_000)));
    };
    res.on('drain', more);
    res.on('close', () => cutAt(req.socket.bytesWritten));
    more();
  });
  const subject = client(`http://127.0.0.1:${shop.port}`);
  const reply = await subject.send(write);
  assert.ok(reply.kind === 'broken' && reply.why === 'too-large' && reply.sent, JSON.stringify(reply));
  const megabytes = (await cut) / 2 ** 20;
  assert.ok(megabytes > 16 && megabytes < 48, `${megabytes} MB`);
  subject.close();
});

test('lets nothing but questions out to a store that is read only', async () => {
  let requests = 0;
  await using shop = await web((_, res) => {
    requests += 1;
    res.end('{}');
  });
  const subject = client(`http://127.0.0.1:${shop.port}`, 5_000, { readOnly: true });
  for (const method of ['POST', 'DELETE'] as const) {
    await assert.rejects(
      subject.send(() => ({ method, path: 'shipment/track/1' })),
      /read only/,
    );
  }
  assert.equal(requests, 0);
  assert.equal((await subject.send(get('orders'))).kind, 'answer');
  assert.equal(requests, 1);
  subject.close();
});

test('never has more connections than workers', async () => {
  await using shop = await web((_, res) => setImmediate(() => res.end('{}')));
  const subject = client(`http://127.0.0.1:${shop.port}`);
  await Promise.all(Array.from({ length: 40 }, () => subject.send(write)));
  assert.equal(shop.connections, 2);
  subject.close();
});

test('goes straight to the store, whatever the environment says of proxies', async () => {
  await using shop = await web((_, res) => res.end('{}'));
  process.env.http_proxy = 'http://127.0.0.1:1';
  try {
    const subject = client(`http://127.0.0.1:${shop.port}`);
    assert.equal((await subject.send(write)).kind, 'answer');
    subject.close();
  } finally {
    delete process.env.http_proxy;
  }
});

test('closes an idle connection long before the server would', { timeout: 30_000 }, async () => {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const server = createServer((req, res) => {
    req.socket.on('close', () => close());
    res.end('{}');
  });
  server.keepAliveTimeout = 600_000;
  await using shop = await listening(server);
  const subject = client(`http://127.0.0.1:${shop.port}`);
  await subject.send(write);
  await closed;
  subject.close();
});

test('is idle once the last answer is in', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>();
  await using shop = await web((_, res) => arrive(() => res.end('{}')));
  const subject = client(`http://127.0.0.1:${shop.port}`);
  await subject.idle();
  const reply = subject.send(write);
  const answer = await arrived;
  assert.equal(subject.onTheWire, 1);
  const idle = subject.idle();
  answer();
  await idle;
  assert.equal(subject.onTheWire, 0);
  assert.equal((await reply).kind, 'answer');
  subject.close();
});

test('does not say what became of a request that it cut itself', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await using shop = await web(() => arrive());
  const subject = client(`http://127.0.0.1:${shop.port}`);
  const reply = assert.rejects(subject.send(write), StoppedError);
  await arrived;
  subject.close();
  await reply;
  await assert.rejects(subject.send(write), StoppedError);
});

test('sends nothing when it is closed while a request is made', async () => {
  let requests = 0;
  await using shop = await web((_, res) => {
    requests += 1;
    res.end('{}');
  });
  const subject = client(`http://127.0.0.1:${shop.port}`);
  const making = Promise.withResolvers<ReturnType<typeof write>>();
  const reply = assert.rejects(
    subject.send(() => making.promise),
    StoppedError,
  );
  subject.close();
  making.resolve(write());
  await reply;
  assert.equal(requests, 0);
});
