/** How the shop behaves; all of it can be changed while it runs. */
export interface SandboxSettings {
  /** Time that a GET takes. */
  readonly readMs: number;
  /** Time that every other request takes. The effect comes at its end. */
  readonly writeMs: number;
  /** Up to so much is added to each, by chance. */
  readonly jitterMs: number;
  /** Requests that are worked on at once, further ones wait; null: any number. */
  readonly maxConcurrent: number | null;
  /** True: `order/:id/ship` locks the order, as from Magento 2.4.5; false: two at once make two shipments. */
  readonly orderLock: boolean;
  /** The whole shop is away: 503, 502 or 500 for every request. */
  readonly outage: 'maintenance' | 'php' | 'database' | null;
  /** False: integration tokens are refused as bearer, the default of Magento 2.4.4 and later. */
  readonly bearerAllowed: boolean;
  /** True: admin users need a code besides their password, Magento's default from 2.4.0 on; false: no such module. */
  readonly twoFactor: boolean;
  /** What an admin user gets for a sign-in: a JSON Web Token (2.4.4 and later), or 32 characters (2.4.3 and older). */
  readonly adminToken: 'jwt' | 'opaque';
  /** How long tokens given from now on are valid; null: what Magento gives them, 60 min (`jwt`) or 4 h (`opaque`). */
  readonly adminTokenMs: number | null;
  /** How long six failures in a row lock an admin user out. */
  readonly adminLockMs: number;
  /** `order/:id/ship` answers with the shipment's id as a JSON string, or as a bare number. */
  readonly shipAnswer: 'string' | 'number';
  /**
   * True: mails are left to the shop's cron, which comes when `runCron` says so, so that asking for one is answered `false`
   * (sales_email/general/async_sending; Sales\Model\Order\Email\Sender\ShipmentSender).
   */
  readonly mailsByCron: boolean;
  /**
   * False: the shop mails nobody about shipments (sales_email/shipment/enabled), and asking for a mail is answered `false`,
   * except where the customer was mailed before (Magento\Sales\Model\AbstractNotifier looks at `email_sent` alone).
   */
  readonly mailsEnabled: boolean;
  /** True: answers are compressed for clients that accept it. */
  readonly gzip: boolean;
  /** An idle connection is closed after this time. */
  readonly keepAliveMs: number;
  readonly storeCodes: readonly string[];
  /** Codes of the inventory sources; a shipment from any other is refused (ship-with-unknown-source_code). */
  readonly sources: readonly string[];
}

/** A shop without latency, limits and second factor; all else is the default of Magento 2.4.5 and later. */
export const DEFAULT_SETTINGS: SandboxSettings = {
  readMs: 0,
  writeMs: 0,
  jitterMs: 0,
  maxConcurrent: null,
  orderLock: true,
  outage: null,
  bearerAllowed: true,
  twoFactor: false,
  adminToken: 'jwt',
  adminTokenMs: null,
  // Magento's oauth/authentication_lock/timeout.
  adminLockMs: 1_800_000,
  shipAnswer: 'string',
  mailsByCron: false,
  mailsEnabled: true,
  gzip: false,
  // nginx's own keepalive_timeout.
  keepAliveMs: 75_000,
  storeCodes: ['all', 'default', 'admin'],
  sources: ['default'],
};
