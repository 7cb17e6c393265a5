import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { OAuthCredentials } from '../../src/sandbox/signing.ts';

const FOLDER = new URL('../../fixtures/magento/', import.meta.url);

/** One exchange with a real Magento Open Source 2.4.7-p3. */
export interface Recording {
  readonly name: string;
  /** What was found in the store's database afterwards, among other remarks. */
  readonly note?: string;
  readonly request: {
    readonly method: string;
    readonly path_encoded: string;
    readonly headers: Readonly<Record<string, string>>;
    /** An object, or `{ raw }` for a body that is no JSON; a long one is a text, cut, with its length noted. */
    readonly body?: unknown;
    readonly body_note?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
    readonly body_cut?: boolean;
  };
}

export function recordings(): Recording[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recording);
}

/** What followed the part of a long body that was kept. */
const TAILS: Readonly<Record<string, string>> = {
  'track-number-70000': '", "title": "DHL", "carrier_code": "dhl"}}',
  'ship-track-number-70000': '", "title": "DHL", "carrier_code": "dhl"}]}',
  'track-body-1.2MB': '"}}',
};

/** The bytes that were sent; a cut body is made whole by repeating its last character. */
export function sentBody({ name, request: { body, body_note: note } }: Recording): string | undefined {
  if (body === undefined) return undefined;
  if (note !== undefined) {
    const length = Number(/\d+/u.exec(note)?.[0]);
    const [start, tail] = [String(body), TAILS[name]];
    if (tail === undefined) throw new Error(`How did the body of ${name} end?`);
    return start.padEnd(length - tail.length, start.at(-1)) + tail;
  }
  if (typeof body === 'object' && body !== null && 'raw' in body) return String(body.raw);
  return JSON.stringify(body);
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Sends exactly these headers (and `host`, `content-length`): fetch would add an Accept of its own. */
export function send(
  port: number,
  asked: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  },
): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const headers = { ...asked.headers, 'content-length': String(Buffer.byteLength(asked.body ?? '')) };
  const req = request({ host: '127.0.0.1', port, method: asked.method, path: asked.path, headers }, (res) => {
    const chunks: Buffer[] = [];
    res.on('data', (chunk: Buffer) => chunks.push(chunk));
    res.on('end', () =>
      resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
    );
    res.on('error', reject);
  });
  req.on('error', reject);
  req.end(asked.body);
  return promise;
}

/**
 * The recorded OAuth header, signed anew by RFC 5849 with other credentials. Its age stays what it was; what
 * the recording's name says is wrong with it is made wrong again.
 */
export function signedAgain(recording: Recording, host: string, credentials: OAuthCredentials): string {
  const recorded = new Map(
    [...(recording.request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/gu)].map(
      ([, name, value]) => [name, value] as const,
    ),
  );
  const ageS = RECORDED_AT_S - Number(recorded.get('oauth_timestamp'));
  const oauth: Record<string, string> = {
    oauth_consumer_key: recording.name.includes('unknown-consumer')
      ? 'x'.repeat(32)
      : credentials.consumerKey,
    oauth_nonce: recorded.get('oauth_nonce') ?? '',
    oauth_signature_method: recorded.get('oauth_signature_method') ?? '',
    oauth_timestamp: String(Math.floor(Date.now() / 1000) - ageS),
    oauth_token: recording.name.includes('unknown-token') ? 'x'.repeat(32) : credentials.accessToken,
    oauth_version: '1.0',
  };
  const { method, path_encoded: path } = recording.request;
  const signature = signByTheBook(method, `http://${host}${path}`, oauth, credentials);
  const shown = recording.name.includes('bad-signature') ? btoa('no signature at all') : signature;
  const header = Object.entries({ ...oauth, oauth_signature: shown });
  return `OAuth ${header.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`;
}

/** The timestamp of the recorded requests whose clock was right. */
const RECORDED_AT_S = 1_795_320_491;

/**
 * Written against the RFC, byte order and all, so that it shares nothing with the sandbox's verification; with
 * another order only to show that Magento has one of its own.
 */
export function signByTheBook(
  method: string,
  url: string,
  oauth: Readonly<Record<string, string>>,
  secrets: OAuthCredentials,
  order?: (a: string, b: string) => number,
): string {
  const { origin, pathname, searchParams } = new URL(url);
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const parameters = [...Object.entries(oauth), ...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort(order)
    .join('&');
  const base = [method, origin + pathname, parameters].map(encode).join('&');
  const key = `${encode(secrets.consumerSecret)}&${encode(secrets.accessTokenSecret)}`;
  return createHmac('sha256', key).update(base).digest('base64');
}
