import type { Policy } from '../domain/policy.ts';
import type { ProfileChoice } from '../domain/profile.ts';

/** The configuration as decided: every default filled in, durations in ms, sizes in bytes, paths absolute. */
export interface Config {
  readonly stores: readonly StoreConfig[];
  readonly inboxes: readonly InboxConfig[];
  /** The ledger's file. */
  readonly ledger: string;
  readonly limits: LimitsConfig;
  readonly permissions: PermissionsConfig;
  readonly keep: KeepConfig;
  readonly stopWithinMs: number;
  /** IANA name; for folders by day and times shown to people. */
  readonly timezone: string;
  readonly log: LogConfig;
}

/** A store, as it was decided. Times are ms. */
export interface StoreConfig {
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly storeCode: string;
  readonly auth: AuthConfig;
  /** The client refuses every write. */
  readonly readOnly: boolean;
  readonly workers: number;
  /** Null: no limit. */
  readonly maxRequestsPerSecond: number | null;
  readonly timeoutMs: number;
  /** PEM text of the authority that the shop's certificate is verified by; null: those that Node knows. */
  readonly tlsCa: string | null;
  readonly retry: { readonly attempts: number; readonly firstDelayMs: number; readonly maxDelayMs: number };
  readonly uncertain: UncertainConfig;
}

/** How to sign in. Secrets: never in a log, see `secretsOf`. */
export type AuthConfig =
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'oauth';
      readonly consumerKey: string;
      readonly consumerSecret: string;
      readonly accessToken: string;
      readonly accessTokenSecret: string;
    }
  | {
      readonly kind: 'admin';
      readonly username: string;
      readonly password: string;
      /** Base32, upper case; null where the shop asks for no second factor. */
      readonly otpSecret: string | null;
    };

/** When an uncertain write is looked for, repeated and verified; each counts from the write's intent. */
interface UncertainConfig {
  readonly looksMs: readonly number[];
  readonly repeatTrackAfterMs: number;
  readonly repeatShipAfterMs: number;
  readonly verifyAfterMs: number;
}

/** An inbox, as it was decided. Folders are absolute; times are ms. */
export interface InboxConfig extends Policy {
  readonly name: string;
  readonly folder: string;
  readonly working: string;
  readonly waiting: string;
  readonly processed: string;
  readonly failed: string;
  /** Name of the store. */
  readonly store: string;
  /** What its files are read by. */
  readonly profiles: ProfileChoice;
  /** Glob patterns, matched without regard to case. */
  readonly files: readonly string[];
  readonly stableForMs: number;
  readonly unfinishedForMs: number;
  readonly rescanEveryMs: number;
  /** The name of a file's done-file, with `{name}` or `{stem}`; null: a file is whole when it lies still. */
  readonly doneFile: string | null;
  /** Age by ctime from which files are left alone at the first start; null: none is. */
  readonly ignoreOlderThanMs: number | null;
  readonly waitFor: WaitForConfig;
  readonly carriers: { readonly default: string; readonly defaultTitle: string };
}

/** How long rows wait for what heals by itself, from the claim of their file on, and how often it is looked at. */
interface WaitForConfig {
  readonly orderNotFoundMs: number;
  readonly orderHeldMs: number;
  readonly unpaidMs: number;
  readonly everyMs: number;
}

/** Of what the daemon puts away. */
interface PermissionsConfig {
  /** Permission bits. */
  readonly file: number;
  readonly folder: number;
  /** Name or number; null: the daemon's own. */
  readonly group: string | null;
}

/** How long things are kept; null: for ever. */
export interface KeepConfig {
  readonly processedMs: number | null;
  readonly ledgerMs: number | null;
  readonly failedMs: number | null;
}

/** What a file may be at most. */
export interface LimitsConfig {
  readonly fileBytes: number;
  readonly rows: number;
  readonly recordBytes: number;
  readonly fieldBytes: number;
}

/** How much is logged, and for whom. */
interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'pretty';
}
