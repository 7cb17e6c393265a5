import type { Socket } from 'node:net';
import { isAxiosError } from 'axios';
import type { Broken } from './answers.ts';
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

/**
 * What is left of an axios error: its code and message. The error itself carries the request with its
 * Authorization header, and goes no further. Anything else that was thrown is a bug, and thrown again.
 */
export function brokenBy(error: unknown): Broken {
  if (!isAxiosError(error) || error.request === undefined) throw error;
  const socket: Socket | undefined = error.request.socket ?? undefined;
  const code = error.code ?? 'unknown';
  return { kind: 'broken', sent: wasConnected(socket), ...reasonOf(code, error.message) };
}

function reasonOf(code: string, message: string): Pick<Broken, 'message' | 'why'> {
  const trouble = CERTIFICATE_TROUBLE[code];
  if (trouble !== undefined) {
    return { why: 'certificate', message: `the shop's certificate cannot be trusted (${code}): ${trouble}` };
  }
  // The client's own limit for the whole exchange.
  if (code === 'ERR_CANCELED') return { why: 'timeout', message: 'the answer did not end in time' };
  // OpenSSL's messages have several lines.
  const plain = (message || code).replace(/\s+/g, ' ').trim();
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') return { why: 'timeout', message: plain };
  if (message.startsWith('maxContentLength')) return { why: 'too-large', message: plain };
  return { why: 'connection', message: plain };
}
