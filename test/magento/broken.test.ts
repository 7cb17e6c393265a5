import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { classify } from '../../src/magento/answers.ts';
import type { Failure } from '../../src/magento/verdict.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openClient } from './open-client.ts';

const LOOK = { method: 'GET', path: 'orders?searchCriteria%5BpageSize%5D=1' } as const;

/** What is said of a question to this address. */
async function failureAt(url: string, timeoutMs = 5_000): Promise<Failure> {
  using open = openClient(url, { timeoutMs });
  const verdict = classify('orders', await open.client.send(() => LOOK));
  assert.notEqual(verdict.kind, 'done');
  return verdict as Failure;
}

/** Something that listens and is no shop. */
async function listening(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    at: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('says that nobody listens, and where', async () => {
  const nobody = await listening(() => {});
  await nobody[Symbol.asyncDispose]();
  const { kind, message } = await failureAt(`http://${nobody.at}`);
  assert.equal(kind, 'unsent');
  assert.equal(message, `nobody listens at ${nobody.at} (connection refused)`);
});

test('says that a host is not there, or that DNS does not tell', async () => {
  const { kind, message } = await failureAt('https://shop.invalid');
  assert.equal(kind, 'unsent');
  assert.match(
    message,
    /^there is no host shop\.invalid \(DNS\)$|where the host shop\.invalid is \(DNS does/,
  );
});

test('says that https is spoken to a port of plain http', async () => {
  await using sandbox = await startSandbox();
  const { message, remedy } = await failureAt(sandbox.url.replace('http:', 'https:'));
  assert.match(message, /^https is spoken to a port that speaks plain http \(127\.0\.0\.1:\d+\)$/);
  assert.match(remedy, /^Set url to http:/);
});

test('says that the connection was cut, and that the port may speak https where url is http', async () => {
  await using cutter = await listening((socket) => socket.once('data', () => socket.destroy()));
  const { kind, message, remedy } = await failureAt(`http://${cutter.at}`);
  assert.equal(kind, 'uncertain');
  assert.equal(message, 'the connection was cut before a whole answer came');
  assert.match(remedy, /the port may speak https: set url to https/);
});

test('says that a connection was cut before it was secured', async () => {
  await using cutter = await listening((socket) => socket.once('data', () => socket.destroy()));
  const { kind, message } = await failureAt(`https://${cutter.at}`);
  assert.equal(kind, 'unsent');
  assert.equal(message, 'the connection was cut before it stood');
});

test('says for how long no answer came', async () => {
  await using silent = await listening(() => {});
  const { message } = await failureAt(`http://${silent.at}`, 500);
  assert.equal(message, 'no answer within 0.5 s');
});

test('says that an answer was cut in its midst', async () => {
  await using half = await listening((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"items":')),
  );
  const { message } = await failureAt(`http://${half.at}`);
  assert.equal(message, 'the connection was cut before a whole answer came');
});

test('says that what answers does not speak HTTP', async () => {
  await using ssh = await listening((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  const { message } = await failureAt(`http://${ssh.at}`);
  assert.match(message, /^what answers at 127\.0\.0\.1:\d+ does not speak HTTP$/);
});

test('says how long an answer may be', async () => {
  await using sandbox = await startSandbox();
  sandbox.inject({ fault: { kind: 'huge', bytes: 20 * 1024 ** 2 } });
  const { message } = await failureAt(sandbox.url);
  assert.equal(message, 'the answer was longer than 16 MB');
});
