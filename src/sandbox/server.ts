import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Answer, databaseDownPage, maintenancePage, nginxPage } from './answer.ts';
import { Application, type WebRequest } from './application.ts';
import { Faults, redirectAnswer, statusAnswer } from './faults.ts';
import { later } from './later.ts';
import { isProbe, matchPath } from './routes.ts';
import { reset, send, sendFaulty } from './sending.ts';
import { DEFAULT_SETTINGS, type SandboxSettings } from './settings.ts';
import { Counters } from './traffic.ts';

/** nginx refuses longer request lines with 414 (orders-in-700-url-length) ... */
const MAX_REQUEST_LINE_BYTES = 8192;
/** ... and larger bodies with 413 (track-body-1.2MB). */
const MAX_BODY_BYTES = 1024 * 1024;
/** Far above any request line that is let through, so that nginx's answer is given and not node's 431. */
const MAX_HEADER_BYTES = 256 * 1024;

/** What a server shows of itself, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

interface Exchange extends WebRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** The port and everything between it and Magento: the proxy's limits, outages and faults. */
export class ShopServer {
  readonly application = new Application(() => this.changes.emit('change'));
  readonly faults = new Faults();
  readonly counters = new Counters();
  /** Says `change` when a request came or was carried out, and when the port opened or closed. */
  readonly changes = new EventEmitter<{ change: [] }>();
  readonly scheme: 'http' | 'https';
  /** The effects of requests that met `heldEffect`. */
  readonly #held: (() => void)[] = [];
  readonly #server: Server;
  #settings = DEFAULT_SETTINGS;
  #storeCodes = new Set(DEFAULT_SETTINGS.storeCodes);
  #port = 0;

  /** `control` gets every request below `/_sandbox/`; with a certificate the port speaks TLS and nothing else. */
  constructor(control: (req: IncomingMessage, res: ServerResponse) => void, tls: Certificate | null = null) {
    const receive = (req: IncomingMessage, res: ServerResponse) => {
      if (req.url?.startsWith('/_sandbox/')) control(req, res);
      else this.#receive(req, res);
    };
    const options = { maxHeaderSize: MAX_HEADER_BYTES };
    this.scheme = tls ? 'https' : 'http';
    this.#server = tls ? createTlsServer({ ...options, ...tls }, receive) : createServer(options, receive);
    this.set(DEFAULT_SETTINGS);
  }

  /** 0 before it was first opened. */
  get port(): number {
    return this.#port;
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  get settings(): SandboxSettings {
    return this.#settings;
  }

  /** Throws for a setting that does not exist. */
  set(settings: Partial<SandboxSettings>): void {
    for (const name of Object.keys(settings)) {
      if (!(name in DEFAULT_SETTINGS)) throw new RangeError(`The sandbox has no setting ${name}`);
    }
    this.#settings = { ...this.#settings, ...settings };
    this.#storeCodes = new Set(this.#settings.storeCodes);
    this.#server.keepAliveTimeout = this.#settings.keepAliveMs;
    this.application.set(this.#settings);
  }

  /** Listens on loopback; after the first time on the same port again. Rejects when the port is taken. */
  async listen(port = this.#port): Promise<void> {
    if (this.#server.listening) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(port, '127.0.0.1', resolve);
    await promise;
    this.#server.off('error', reject);
    this.#port = (this.#server.address() as AddressInfo).port;
    this.changes.emit('change');
  }

  /** Closes the port and cuts every connection; writes that are under way are carried out all the same. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
    this.changes.emit('change');
  }

  /** Carries out what `heldEffect` holds back, in the order of the requests; gives how many there were. */
  release(): number {
    const held = this.#held.splice(0);
    for (const carryOut of held) carryOut();
    return held.length;
  }

  #receive(req: IncomingMessage, res: ServerResponse): void {
    this.counters.opened();
    this.changes.emit('change');
    res.once('close', () => this.counters.closed());
    const url = req.url ?? '/';
    const method = req.method ?? 'GET';
    if (method.length + url.length + ' HTTP/1.1'.length + 1 > MAX_REQUEST_LINE_BYTES) {
      this.counters.count('other');
      send(res, { ...nginxPage(414, 'Request-URI Too Large'), headers: { connection: 'close' } });
      return;
    }
    if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      this.counters.count('other');
      req.resume();
      send(res, nginxPage(413, 'Request Entity Too Large'));
      return;
    }
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const mark = url.indexOf('?');
      this.#arrived({
        req,
        res,
        headers: req.headers,
        scheme: this.scheme,
        method,
        path: mark < 0 ? url : url.slice(0, mark),
        query: mark < 0 ? '' : url.slice(mark + 1),
        host: req.headers.host ?? '',
        body: (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '',
      });
    });
  }

  #arrived(exchange: Exchange): void {
    const { req, res, method, body } = exchange;
    const match = matchPath(method, exchange.path, this.#storeCodes);
    const kind = match.kind === 'route' ? match.route.kind : 'other';
    this.counters.count(kind === 'orders' && isProbe(exchange.query) ? 'probe' : kind);
    this.changes.emit('change');
    const outage = this.#outagePage(exchange.host);
    if (outage) {
      send(res, outage);
      return;
    }
    const fault = this.faults.next(method, req.url ?? '', body);
    if (fault === null) {
      this.application.work(exchange, match, (answer) => this.#finish(exchange, answer));
      return;
    }
    switch (fault.kind) {
      case 'silence':
        return;
      case 'resetBefore':
        reset(req.socket);
        return;
      case 'redirect':
        send(res, redirectAnswer(fault.status, fault.location));
        return;
      case 'status':
        send(res, statusAnswer(fault));
        return;
      case 'lateEffect':
        if (fault.answer !== 'silence') send(res, statusAnswer({ status: fault.answer }));
        later(fault.afterMs, () => this.application.work(exchange, match, () => {}));
        return;
      case 'heldEffect':
        if (fault.answer !== 'silence') send(res, statusAnswer({ status: fault.answer }));
        this.#held.push(() => this.application.work(exchange, match, () => {}));
        return;
      case 'delay':
        later(fault.delayMs, () =>
          this.application.work(exchange, match, (answer) => this.#finish(exchange, answer)),
        );
        return;
      default:
        this.application.work(exchange, match, (answer) => sendFaulty(res, answer, fault));
    }
  }

  #outagePage(host: string): Answer | null {
    switch (this.#settings.outage) {
      case 'maintenance':
        return maintenancePage(host);
      case 'php':
        return nginxPage(502, 'Bad Gateway');
      case 'database':
        return databaseDownPage();
      case null:
        return null;
    }
  }

  #finish({ req, res }: Exchange, answer: Answer): void {
    if (this.#settings.gzip && /\bgzip\b/u.test(String(req.headers['accept-encoding'] ?? ''))) {
      const body = gzipSync(answer.body);
      res.writeHead(answer.status, { 'content-type': answer.type, 'content-encoding': 'gzip' });
      res.end(body);
      return;
    }
    send(res, answer);
  }
}
