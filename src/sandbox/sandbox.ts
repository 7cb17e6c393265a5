import { once } from 'node:events';
import type { AdminUserSeed } from './admin-users.ts';
import { RIGHTS, type Right } from './caller.ts';
import {
  type ControlledMail,
  type ControlledShipment,
  type ControlledTrack,
  type Controls,
  controlHandler,
} from './control.ts';
import type { FaultRule } from './faults.ts';
import type { SentMail } from './mailbox.ts';
import { type OrderSeed, type SeededOrder, seedOrder } from './seed.ts';
import { type Certificate, ShopServer } from './server.ts';
import type { SandboxSettings } from './settings.ts';
import type { OAuthCredentials } from './signing.ts';
import type { OrderRecord } from './store.ts';
import type { Counts } from './traffic.ts';

/** How the sandbox starts; a setting that is left out is as in DEFAULT_SETTINGS. */
export interface SandboxOptions extends Partial<SandboxSettings> {
  /** Default: any free port. */
  readonly port?: number;
  /** Rights of the integration and of the admin user that are there at the start; default all. */
  readonly rights?: readonly Right[];
  /** Serves https with this certificate; default: http. */
  readonly tls?: Certificate;
}

/** A Magento shop in memory, on a real port of this machine. */
export interface Sandbox extends Controls, AsyncDisposable {
  /** Without a trailing slash; the web API is `<url>/rest/V1`. */
  readonly url: string;
  readonly port: number;
  /** Access token of the integration that is there at the start, as a bearer token. */
  readonly bearer: string;
  /** The same integration for OAuth 1.0a. */
  readonly oauth: OAuthCredentials;
  /** The admin user that is there at the start; the secret counts where the shop is set to `twoFactor`. */
  readonly admin: Required<Pick<AdminUserSeed, 'username' | 'password' | 'otpSecret'>>;
  readonly settings: SandboxSettings;
  /** False while it is down. */
  readonly listening: boolean;
  /**
   * Resolves when the next request comes or is carried out, or the port opens or closes; rejects when `signal` fires.
   */
  nextChange(signal: AbortSignal): Promise<void>;
  addOrder(seed?: OrderSeed): SeededOrder;
  /** Listens again, on the same port; does nothing where it listens. */
  comeBack(): Promise<void>;
}

const ADMIN = {
  username: 'sandbox',
  password: 'sandbox-admin-1',
  otpSecret: 'MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U',
};

/** Starts a shop without orders. Rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, rights = RIGHTS, tls = null, ...settings } = options;
  const shop = new ShopServer((req, res) => control(req, res), tls);
  const { store, integrations, admins } = shop.application;
  const oauth = integrations.add(rights);
  admins.add({ ...ADMIN, rights });
  shop.set(settings);
  await shop.listen(port);
  let comeBackTimer: NodeJS.Timeout | undefined;
  let disposed = false;

  const sandbox: Sandbox = {
    url: `${shop.scheme}://127.0.0.1:${shop.port}`,
    port: shop.port,
    bearer: oauth.accessToken,
    oauth,
    admin: ADMIN,
    get settings() {
      return shop.settings;
    },
    get listening() {
      return shop.listening;
    },
    nextChange: async (signal) => {
      await once(shop.changes, 'change', { signal });
    },
    addOrder: (seed = {}) => seedOrder(store, seed),
    addOrders: (seeds) => seeds.map((seed) => seedOrder(store, seed)),
    generate: (count, more = {}) => {
      const shipments = more.shipped ? [{}] : [];
      return Array.from({ length: count }, () => seedOrder(store, { shipments }).incrementId);
    },
    tracks: () => [...store.tracks.values()].map(trackFacts),
    shipments: () => [...store.shipments.values()].map(shipmentFacts),
    mails: () => store.mailbox.sent.map(mailFacts),
    runCron: () => store.mailbox.runCron(),
    order: (incrementId, storeId) => {
      const order = store
        .ordersByIncrementId(incrementId)
        .find((each) => storeId === undefined || each.storeId === storeId);
      return order ? orderFacts(order) : null;
    },
    counts: (): Counts => shop.counters.read(store.mailbox.sent.length),
    resetCounts: () => shop.counters.reset(store.mailbox.sent.length),
    inject: (rule: FaultRule) => shop.faults.inject(rule),
    clearFaults: () => shop.faults.clear(),
    release: () => shop.release(),
    set: (changes) => shop.set(changes),
    maintenance: (on) => shop.set({ outage: on ? 'maintenance' : null }),
    addIntegration: (granted) => integrations.add(granted),
    setRights: (accessToken, granted) => integrations.setRights(accessToken, granted),
    addAdmin: (seed) => admins.add(seed),
    changeAdmin: (username, changes) => admins.change(username, changes),
    expireAdminTokens: () => admins.expireTokens(),
    goDown: async (forMs) => {
      clearTimeout(comeBackTimer);
      await shop.close();
      // Keeps the process alive: while the port is closed nothing else does.
      if (forMs !== undefined && !disposed) comeBackTimer = setTimeout(() => void shop.listen(), forMs);
    },
    comeBack: () => {
      clearTimeout(comeBackTimer);
      return shop.listen();
    },
    [Symbol.asyncDispose]: () => {
      disposed = true;
      clearTimeout(comeBackTimer);
      return shop.close();
    },
  };
  const control = controlHandler(sandbox);
  return sandbox;
}

type TrackOf = OrderRecord['shipments'][number]['tracks'][number];
type ShipmentOf = OrderRecord['shipments'][number];

function trackFacts(track: TrackOf): ControlledTrack {
  return {
    entityId: track.entityId,
    order: track.shipment.order.incrementId,
    orderId: track.shipment.order.entityId,
    shipmentId: track.shipment.entityId,
    trackNumber: track.trackNumber,
    carrierCode: track.carrierCode,
    title: track.title,
    description: track.description,
  };
}

function shipmentFacts(shipment: ShipmentOf): ControlledShipment {
  return {
    entityId: shipment.entityId,
    order: shipment.order.incrementId,
    orderId: shipment.order.entityId,
    items: shipment.items.map(({ item, qty }) => ({ itemId: item.itemId, sku: item.sku, qty })),
    trackNumbers: shipment.tracks.map((track) => track.trackNumber),
    comments: shipment.comments.map(({ comment }) => comment),
    visibleComments: shipment.comments
      .filter(({ isVisibleOnFront }) => isVisibleOnFront === 1)
      .map(({ comment }) => comment),
    source: shipment.source,
    mails: shipment.mails,
  };
}

function mailFacts({ shipment, trackNumbers, comment }: SentMail): ControlledMail {
  return { shipmentId: shipment.entityId, order: shipment.order.incrementId, trackNumbers, comment };
}

function orderFacts(order: OrderRecord): NonNullable<ReturnType<Controls['order']>> {
  return {
    orderId: order.entityId,
    incrementId: order.incrementId,
    storeId: order.storeId,
    state: order.state,
    status: order.status,
    items: order.items.map((item) => ({
      itemId: item.itemId,
      parentItemId: item.parent?.itemId ?? null,
      sku: item.sku,
      productType: item.productType,
      qtyOrdered: item.qtyOrdered,
      qtyInvoiced: item.qtyInvoiced,
      qtyShipped: item.qtyShipped,
      qtyRefunded: item.qtyRefunded,
      qtyCanceled: item.qtyCanceled,
    })),
    shipments: order.shipments.map(shipmentFacts),
  };
}
