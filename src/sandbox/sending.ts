import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { type Answer, JSON_TYPE, nginxPage } from './answer.ts';
import { type AnswerFault, statusAnswer } from './faults.ts';

/** Sends an answer as it is. */
export function send(res: ServerResponse, answer: Answer): void {
  writeHead(res, answer);
  res.end(answer.body);
}

/** Cuts a connection at once, so that the client sees a reset; inside TLS it sees the connection closed. */
export function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Sends what is left of an answer once a fault has come over it. */
export function sendFaulty(res: ServerResponse, answer: Answer, fault: AnswerFault): void {
  switch (fault.kind) {
    case 'resetAfter':
      if (res.socket) reset(res.socket);
      return;
    case 'statusAfter':
      send(res, statusAnswer(fault));
      return;
    case 'garbled':
      send(
        res,
        fault.as === 'json'
          ? { ...answer, type: JSON_TYPE, body: answer.body.slice(0, answer.body.length / 2) }
          : nginxPage(200, 'OK'),
      );
      return;
    case 'cut':
      writeHead(res, answer);
      res.flushHeaders();
      res.write(Buffer.from(answer.body).subarray(0, answer.body.length / 2));
      // Not a reset: that could overtake the half that is to arrive.
      res.socket?.destroySoon();
      return;
    case 'drip':
      drip(res, answer, fault.everyMs);
      return;
    case 'huge':
      res.writeHead(200, { 'content-type': JSON_TYPE });
      void sendLong(res, fault.bytes);
      return;
  }
}

function writeHead(res: ServerResponse, answer: Answer): void {
  res.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    ...answer.headers,
  });
}

function drip(res: ServerResponse, answer: Answer, everyMs: number): void {
  writeHead(res, answer);
  res.flushHeaders();
  const bytes = Buffer.from(answer.body);
  let sent = 0;
  const timer = setInterval(() => {
    res.write(bytes.subarray(sent, sent + 1));
    sent++;
    if (sent >= bytes.length) {
      clearInterval(timer);
      res.end();
    }
  }, everyMs);
  // A shop that is disposed must not be kept alive by it.
  timer.unref();
  res.once('close', () => clearInterval(timer));
}

async function sendLong(res: ServerResponse, bytes: number): Promise<void> {
  try {
    await pipeline(Readable.from(longText(bytes)), res);
  } catch (error) {
    // The client has had enough, which is what this fault is for.
    const left = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!left) throw error;
  }
}

const CHUNK = 'x'.repeat(64 * 1024);

/** A JSON text, so long that the client should stop to read it. */
function* longText(bytes: number): Generator<string> {
  yield '"';
  for (let left = bytes - 2; left > 0; left -= CHUNK.length) yield CHUNK.slice(0, left);
  yield '"';
}
