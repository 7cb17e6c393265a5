import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';

/** How many connections there may be, and whom they trust. */
interface SocketOptions {
  /** Connections at once. */
  readonly maxSockets: number;
  /** PEM text of an authority that is trusted besides those that Node knows; null: those alone. */
  readonly tlsCa: string | null;
}

/** The agents of one store, for either scheme. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/**
 * Idle sockets are closed after this, before servers do it (Apache after 5 s): a request that goes out while
 * the server closes is cut, and a cut write is an uncertain one. Node also heeds the server's own hint.
 */
const IDLE_SOCKET_MS = 4_000;

/**
 * Probes of the kernel for a peer that is gone. As axios sets it for each request: another value here would be set
 * again after each, two calls of the kernel a request.
 */
const KERNEL_PROBES_AFTER_MS = 60_000;

/**
 * Opens no connection yet. Certificates are always verified, whatever the environment says
 * (NODE_TLS_REJECT_UNAUTHORIZED). Throws what OpenSSL says of a `tlsCa` that is none.
 */
export function openAgents({ maxSockets, tlsCa }: SocketOptions): Agents {
  const options = {
    keepAlive: true,
    keepAliveMsecs: KERNEL_PROBES_AFTER_MS,
    maxSockets,
    timeout: IDLE_SOCKET_MS,
  };
  const trust = {
    rejectUnauthorized: true,
    // Node's `ca` replaces the authorities it knows, and a shop may move to a public certificate. Made once:
    // reading some 150 certificates anew for each connection takes longer than a request.
    ...(tlsCa === null
      ? {}
      : { secureContext: createSecureContext({ ca: [...getCACertificates('default'), tlsCa] }) }),
  };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent({ ...options, ...trust }) };
}

/**
 * Sockets whose connection stood once (with TLS: whose handshake was done). A request whose socket is not
 * among them cannot have reached the store, whatever the error is called.
 */
const connected = new WeakSet<Socket>();

/** Whether a request on this socket may have reached the store. */
export function wasConnected(socket: Socket | undefined): boolean {
  return socket !== undefined && connected.has(socket);
}

class HttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent['createConnection']>) {
    return noticing('connect', super.createConnection(...args));
  }
}

class HttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent['createConnection']>) {
    return noticing('secureConnect', super.createConnection(...args));
  }
}

function noticing<Connection>(event: 'connect' | 'secureConnect', connection: Connection): Connection {
  const socket = connection as Socket;
  socket.once(event, () => connected.add(socket));
  return connection;
}
