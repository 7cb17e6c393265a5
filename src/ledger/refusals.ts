import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { promisify } from 'node:util';
import type { SignInMemory, SignInRefusal } from '../domain/sign-in-memory.ts';
import { changeExisting, readOnly } from './existing.ts';

/** The last sign-in that each store refused. */
export interface Refusals {
  of(store: string): SignInMemory;
}

/**
 * The table of refused sign-ins. Of the credentials it holds a salted digest that is dear to make: whoever gets a copy
 * of the ledger can try passwords on it as slowly as on anything.
 */
export function openRefusals(db: DatabaseSync, together: (work: () => void) => Promise<void>): Refusals {
  return {
    of: (store) => ({
      lastRefusal: (credentials) => matching(refusalRow(db, store), credentials),
      async keep(credentials, refusal) {
        const digest = await digested(credentials);
        await together(() => keepRefusal(db, store, digest, refusal));
        return true;
      },
      worked: () => together(() => forgetRefusal(db, store)),
    }),
  };
}

/**
 * The same of a ledger that this process does not work on. Where there is none, or none with that table yet, nothing is
 * known and nothing is kept. Each method throws TrackdropError `ledger-unusable` where it cannot be used.
 */
export function refusalsIn(ledgerFile: string): Refusals {
  return {
    of: (store) => ({
      lastRefusal: (credentials) =>
        matching(
          readOnly(ledgerFile, 'refusals', (db) => refusalRow(db, store)),
          credentials,
        ),
      async keep(credentials, refusal) {
        const digest = await digested(credentials);
        return changeExisting(ledgerFile, 'refusals', (db) => keepRefusal(db, store, digest, refusal));
      },
      async worked() {
        // Most often nothing was refused, and nothing is to be written then.
        const isThere = readOnly(ledgerFile, 'refusals', (db) => refusalRow(db, store)) !== undefined;
        if (isThere) changeExisting(ledgerFile, 'refusals', (db) => forgetRefusal(db, store));
      },
    }),
  };
}

type RefusalRow = Readonly<Record<string, SQLOutputValue>>;

/** What stands there of a store; undefined where nothing was refused. */
function refusalRow(db: DatabaseSync, store: string): RefusalRow | undefined {
  return db.prepare('SELECT * FROM refusals WHERE store = ?').get(store);
}

/** The refusal in a row; undefined where that is of other credentials. */
async function matching(
  row: RefusalRow | undefined,
  credentials: string,
): Promise<SignInRefusal | undefined> {
  if (row === undefined) return undefined;
  const { salt, digest } = row as { salt: Uint8Array; digest: Uint8Array };
  const own = await digestOf(credentials, salt);
  if (!timingSafeEqual(own, digest)) return undefined;
  return {
    isCertain: row.is_certain === 1,
    message: String(row.message),
    atMs: Number(row.at_ms),
    restMs: Number(row.rest_ms),
  };
}

/** A digest of the credentials, with the salt that it was made with. */
interface Digested {
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
}

/** Of a salt of its own each time. */
async function digested(credentials: string): Promise<Digested> {
  const salt = randomBytes(16);
  return { salt, digest: await digestOf(credentials, salt) };
}

/** In the place of what stands there of the store. */
function keepRefusal(
  db: DatabaseSync,
  store: string,
  { salt, digest }: Digested,
  { isCertain, message, atMs, restMs }: SignInRefusal,
): void {
  db.prepare(
    `INSERT OR REPLACE INTO refusals (store, salt, digest, is_certain, message, at_ms, rest_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(store, salt, digest, isCertain ? 1 : 0, message, atMs, restMs);
}

function forgetRefusal(db: DatabaseSync, store: string): void {
  db.prepare('DELETE FROM refusals WHERE store = ?').run(store);
}

const DIGEST_BYTES = 32;
const scrypted = promisify<string, Uint8Array, number, Buffer>(scrypt);

/** In scrypt (RFC 7914) with the costs that Node sets: 16 MB and some 50 ms, beside the event loop. */
function digestOf(credentials: string, salt: Uint8Array): Promise<Buffer> {
  return scrypted(credentials, salt, DIGEST_BYTES);
}
