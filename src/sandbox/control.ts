import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { AdminUserChanges, AdminUserSeed } from './admin-users.ts';
import { isObject } from './body.ts';
import type { Right } from './caller.ts';
import type { FaultRule } from './faults.ts';
import type { OrderSeed, SeededOrder } from './seed.ts';
import type { SandboxSettings } from './settings.ts';
import type { OAuthCredentials } from './signing.ts';
import type { Counts } from './traffic.ts';

/** Everything that can be done to a sandbox while it runs, in the process or over HTTP. */
export interface Controls {
  addOrders(seeds: readonly OrderSeed[]): SeededOrder[];
  /** Adds paid orders of one simple item, shipped or not; gives their increment ids. */
  generate(count: number, more?: { readonly shipped?: boolean }): string[];
  /** Every track that stands in the shop. */
  tracks(): ControlledTrack[];
  shipments(): ControlledShipment[];
  /** Every mail that was sent to a customer about a shipment, oldest first. */
  mails(): ControlledMail[];
  /** Sends the mails that are left to the shop's cron (see `mailsByCron`); gives how many these were. */
  runCron(): number;
  /** The first order of this number, of the store view where one is named; null where there is none. */
  order(incrementId: string, storeId?: number): ControlledOrder | null;
  counts(): Counts;
  resetCounts(): void;
  inject(rule: FaultRule): void;
  clearFaults(): void;
  /** Carries out what the fault `heldEffect` holds back; gives how many requests that were. */
  release(): number;
  set(settings: Partial<SandboxSettings>): void;
  maintenance(on: boolean): void;
  addIntegration(rights: readonly Right[]): OAuthCredentials;
  /** Takes effect with the next request. Throws for an unknown token. */
  setRights(accessToken: string, rights: readonly Right[]): void;
  /** Throws for a name that is taken, an unknown right and a secret that is no Base32. */
  addAdmin(seed: AdminUserSeed): void;
  /** Throws for an unknown name, and as `addAdmin` does. */
  changeAdmin(username: string, changes: AdminUserChanges): void;
  /** Every token that an admin user was given until now is expired. */
  expireAdminTokens(): void;
  /** Stops listening and cuts every connection: connections are refused until `comeBack`, or for `forMs`. */
  goDown(forMs?: number): Promise<void>;
}

/** A tracking number that stands in the shop. */
export interface ControlledTrack {
  readonly entityId: number;
  /** Increment id. */
  readonly order: string;
  readonly orderId: number;
  readonly shipmentId: number;
  readonly trackNumber: string;
  readonly carrierCode: string;
  readonly title: string | null;
  readonly description: string | null;
}

/** A shipment that stands in the shop, and how often its customer was mailed. */
export interface ControlledShipment {
  readonly entityId: number;
  /** Increment id of the order. */
  readonly order: string;
  readonly orderId: number;
  readonly items: readonly { readonly itemId: number; readonly sku: string; readonly qty: number }[];
  readonly trackNumbers: readonly string[];
  readonly comments: readonly string[];
  /** Those of them that the customer sees. */
  readonly visibleComments: readonly string[];
  /** Code of the inventory source that it left from. */
  readonly source: string;
  readonly mails: number;
}

/** A mail to a customer about a shipment, with what it told when it was sent. */
export interface ControlledMail {
  readonly shipmentId: number;
  /** Increment id of the order. */
  readonly order: string;
  /** All that stood on the shipment then. */
  readonly trackNumbers: readonly string[];
  /** Null: none was told. */
  readonly comment: string | null;
}

/** An order with its shipments. */
export interface ControlledOrder {
  readonly orderId: number;
  readonly incrementId: string;
  readonly storeId: number;
  readonly state: string;
  readonly status: string;
  readonly items: readonly {
    readonly itemId: number;
    readonly parentItemId: number | null;
    readonly sku: string;
    readonly productType: string;
    readonly qtyOrdered: number;
    readonly qtyInvoiced: number;
    readonly qtyShipped: number;
    readonly qtyRefunded: number;
    readonly qtyCanceled: number;
  }[];
  readonly shipments: readonly ControlledShipment[];
}

/** The HTTP side of the controls; `body` is the parsed JSON, `rest` the path after the command's name. */
type Command = (controls: Controls, body: unknown, rest: string) => unknown;

/** What stands below `/_sandbox/`, by method and first part of the path. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'GET counts': (controls) => controls.counts(),
  'DELETE counts': (controls) => controls.resetCounts(),
  'GET tracks': (controls) => controls.tracks(),
  'GET shipments': (controls) => controls.shipments(),
  'GET mails': (controls) => controls.mails(),
  'POST cron': (controls) => controls.runCron(),
  'GET orders': (controls, _, rest) => controls.order(decodeURIComponent(rest)),
  'POST orders': (controls, body) => controls.addOrders(asList(body) as OrderSeed[]),
  'POST generate': (controls, body) => {
    const { count, shipped } = asObject(body);
    if (typeof count !== 'number') throw new ControlError('count must be a number');
    return controls.generate(count, { shipped: shipped === true });
  },
  'POST faults': (controls, body) => {
    for (const rule of asList(body)) controls.inject(rule as unknown as FaultRule);
  },
  'DELETE faults': (controls) => controls.clearFaults(),
  'POST release': (controls) => controls.release(),
  'POST set': (controls, body) => controls.set(asObject(body)),
  'POST maintenance': (controls, body) => controls.maintenance(asObject(body).on === true),
  'POST integrations': (controls, body) => controls.addIntegration(asObject(body).rights as Right[]),
  'POST rights': (controls, body) => {
    const { accessToken, rights } = asObject(body);
    controls.setRights(String(accessToken), rights as Right[]);
  },
  'POST admins': (controls, body) => {
    for (const seed of asList(body)) controls.addAdmin(adminSeed(seed));
  },
  'PATCH admins': (controls, body, rest) => controls.changeAdmin(decodeURIComponent(rest), asObject(body)),
  'DELETE admin-tokens': (controls) => controls.expireAdminTokens(),
  'POST down': (controls, body) => {
    const { forMs } = asObject(body);
    if (typeof forMs !== 'number') throw new ControlError('forMs must be a number');
    // The answer must leave before its own connection is cut.
    setImmediate(() => void controls.goDown(forMs));
  },
};

/** A request to `/_sandbox/` that makes no sense. */
class ControlError extends Error {}

/** Serves `/_sandbox/...`; not counted, without latency, and never the victim of a fault. */
export function controlHandler(controls: Controls): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    void serve(controls, req, res);
  };
}

async function serve(controls: Controls, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    const [, , name = '', ...rest] = (req.url ?? '').split('?')[0]?.split('/') ?? [];
    const command = COMMANDS[`${req.method} ${name}`];
    if (!command) throw new ControlError(`Unknown command. There is: ${Object.keys(COMMANDS).join(', ')}`);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const value = await command(controls, text === '' ? {} : JSON.parse(text), rest.join('/'));
    await answer(res, 200, value ?? null);
  } catch (error) {
    const expected =
      error instanceof ControlError || error instanceof SyntaxError || error instanceof RangeError;
    await answer(res, expected ? 400 : 500, { message: expected ? error.message : inspect(error) });
  }
}

/** Lists are sent in slices: a million tracks as one text would be too long for the engine. */
async function answer(res: ServerResponse, status: number, value: unknown): Promise<void> {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  if (!Array.isArray(value)) {
    res.end(JSON.stringify(value));
    return;
  }
  for (let start = 0; start < value.length; start += SLICE) {
    const slice = JSON.stringify(value.slice(start, start + SLICE)).slice(1, -1);
    if (!res.write(`${start === 0 ? '[' : ','}${slice}\n`)) {
      await new Promise((resolve) => {
        res.once('drain', resolve);
        res.once('close', resolve);
      });
    }
  }
  res.end(value.length === 0 ? '[]' : ']');
}

const SLICE = 5000;

function asList(body: unknown): Record<string, unknown>[] {
  return (Array.isArray(body) ? body : [body]).map(asObject);
}

function adminSeed(seed: Record<string, unknown>): AdminUserSeed {
  const { username, password } = seed;
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new ControlError('username and password must be texts');
  }
  return { ...seed, username, password };
}

function asObject(body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw new ControlError('The body must be a JSON object');
  return body;
}
