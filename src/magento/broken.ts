import type { Socket } from 'node:net';
import { isAxiosError } from 'axios';
import type { Broken } from './reply.ts';
import { wasConnected } from './sockets.ts';

const NEEDS_CA = 'a certificate of an authority of your own needs tls.ca, a PEM file with it';

/** Codes of OpenSSL's verification and of Node's comparison of names (node:tls), in words for a person. */
const CERTIFICATE_TROUBLE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: `it is self-signed; ${NEEDS_CA}`,
  SELF_SIGNED_CERT_IN_CHAIN: `its authority is not known here; ${NEEDS_CA}`,
  UNABLE_TO_GET_ISSUER_CERT: `its authority is not known here; ${NEEDS_CA}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its authority is not known here; ${NEEDS_CA}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `the shop does not send the certificates between it and its authority, or the authority is not known here; ${NEEDS_CA}`,
  CERT_SIGNATURE_FAILURE: `it is not signed by the authority that it names; ${NEEDS_CA}`,
  CERT_HAS_EXPIRED: 'it has expired, or the clock here is wrong; it must be renewed in the shop',
  CERT_NOT_YET_VALID: 'it is not valid yet, or the clock here is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is made for another name than the host in url',
  CERT_REVOKED: 'its authority has revoked it; it must be renewed in the shop',
  CERT_REJECTED: 'its authority rejects it for this use',
  CERT_UNTRUSTED: `its authority is not trusted for this use; ${NEEDS_CA}`,
  INVALID_CA: `its chain holds a certificate that may not sign others; ${NEEDS_CA}`,
  INVALID_PURPOSE: 'it is not made for a web server',
  PATH_LENGTH_EXCEEDED: 'its chain is longer than its authority allows',
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  HOSTNAME_MISMATCH: 'it is made for another name than the host in url',
};

/** What node:net and node:dns say, in words for a person; `at` is `host:port`. */
const NO_CONNECTION: Readonly<Record<string, (at: URL) => string>> = {
  ENOTFOUND: ({ hostname }) => `there is no host ${hostname} (DNS)`,
  EAI_AGAIN: ({ hostname }) =>
    `nobody tells at the moment where the host ${hostname} is (DNS does not answer)`,
  ECONNREFUSED: (at) => `nobody listens at ${hostAndPort(at)} (connection refused)`,
  EHOSTUNREACH: (at) => `there is no way to ${hostAndPort(at)} (host unreachable)`,
  ENETUNREACH: (at) => `there is no way to ${hostAndPort(at)} (network unreachable)`,
};

/** Codes and words for a connection that ended: Node's, OpenSSL's and those of axios for the rest of an answer. */
const CUT =
  /^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$|socket hang up|stream has been aborted|^aborted$/;

const CHECK_URL = 'Check url of the store, and that nothing between here and the shop keeps connections out.';

/**
 * What is left of an axios error: its code and message. The error itself carries the request with its
 * Authorization header, and goes no further. Anything else that was thrown is a bug, and thrown again.
 */
export function brokenBy(error: unknown): Broken {
  if (!isAxiosError(error) || error.request === undefined || error.config?.url === undefined) throw error;
  const { code = 'unknown', message, request } = error;
  const { url, timeout: timeoutMs = 0, maxContentLength: maxBytes = 0 } = error.config;
  const socket: Socket | undefined = request.socket ?? undefined;
  const sent = wasConnected(socket);
  const trouble = { code, message, at: new URL(url), sent, timeoutMs, maxBytes };
  return { kind: 'broken', sent, ...reasonOf(trouble) };
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  /** What was asked for. */
  readonly at: URL;
  readonly sent: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

function reasonOf(trouble: Trouble): Pick<Broken, 'message' | 'remedy' | 'why'> {
  const { code, message, at, sent, timeoutMs, maxBytes } = trouble;
  const certificate = CERTIFICATE_TROUBLE[code];
  if (certificate !== undefined) {
    const words = `the shop's certificate cannot be trusted (${code}): ${certificate}`;
    return { why: 'certificate', message: words, remedy: '' };
  }
  // The client's own limit for the whole exchange.
  if (code === 'ERR_CANCELED') {
    return { why: 'timeout', message: 'the answer did not end in time', remedy: SLOW };
  }
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
    const words = sent
      ? `no answer within ${timeoutMs / 1000} s`
      : `no connection to ${hostAndPort(at)} within ${timeoutMs / 1000} s`;
    return { why: 'timeout', message: words, remedy: sent ? SLOW : CHECK_URL };
  }
  if (message.startsWith('maxContentLength')) {
    const words = `the answer was longer than ${Math.floor(maxBytes / 1024 ** 2)} MB`;
    return { why: 'too-large', message: words, remedy: 'Check url: Magento gives no such answers.' };
  }
  return { why: 'connection', ...connectionTrouble(trouble) };
}

const SLOW = 'Look why the shop is so slow, or set a longer timeout of the store.';

function connectionTrouble({ code, message, at, sent }: Trouble): Pick<Broken, 'message' | 'remedy'> {
  const none = NO_CONNECTION[code];
  if (none) return { message: none(at), remedy: CHECK_URL };
  if (/wrong version number|packet length too long/i.test(message)) {
    const remedy = 'Set url to http:// where the shop has no https, or to the port of its https.';
    return { message: `https is spoken to a port that speaks plain http (${hostAndPort(at)})`, remedy };
  }
  if (CUT.test(code) || CUT.test(message)) {
    const when = sent ? 'before a whole answer came' : 'before it stood';
    const remedy =
      at.protocol === 'http:'
        ? 'Where nothing is ever answered, the port may speak https: set url to https://.'
        : 'Look into the log of what stands before the shop.';
    return { message: `the connection was cut ${when}`, remedy };
  }
  if (code.startsWith('HPE_')) {
    return { message: `what answers at ${hostAndPort(at)} does not speak HTTP`, remedy: CHECK_URL };
  }
  // OpenSSL's messages have several lines.
  return { message: (message || code).replace(/\s+/g, ' ').trim(), remedy: CHECK_URL };
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
