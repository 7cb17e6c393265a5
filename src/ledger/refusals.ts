import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { promisify } from 'node:util';
import type { SignInMemory, SignInRefusal } from '../domain/sign-in-memory.ts';

/** The last sign-in that each store refused. */
export interface Refusals {
  of(store: string): SignInMemory;
}

/**
 * The table of refused sign-ins. Of the credentials it holds a salted digest that is dear to make: whoever gets a copy
 * of the ledger can try passwords on it as slowly as on anything.
 */
export function openRefusals(db: DatabaseSync): Refusals {
  return {
    of: (store) => ({
      lastRefusal: (credentials) => matching(refusalRow(db, store), credentials),
      async keep(credentials, refusal) {
        keepRefusal(db, store, await digested(credentials), refusal);
        return true;
      },
      async worked() {
        forgetRefusal(db, store);
      },
    }),
  };
}

export type RefusalRow = Readonly<Record<string, SQLOutputValue>>;

/** What stands there of a store; undefined where nothing was refused. */
export function refusalRow(db: DatabaseSync, store: string): RefusalRow | undefined {
  return db.prepare('SELECT * FROM refusals WHERE store = ?').get(store);
}

/** The refusal in a row; undefined where that is of other credentials. */
export async function matching(
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
export interface Digested {
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
}

/** Of a salt of its own each time. */
export async function digested(credentials: string): Promise<Digested> {
  const salt = randomBytes(16);
  return { salt, digest: await digestOf(credentials, salt) };
}

/** In the place of what stands there of the store. */
export function keepRefusal(
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

export function forgetRefusal(db: DatabaseSync, store: string): void {
  db.prepare('DELETE FROM refusals WHERE store = ?').run(store);
}

const DIGEST_BYTES = 32;
const scrypted = promisify<string, Uint8Array, number, Buffer>(scrypt);

/** In scrypt (RFC 7914) with the costs that Node sets: 16 MB and some 50 ms, beside the event loop. */
function digestOf(credentials: string, salt: Uint8Array): Promise<Buffer> {
  return scrypted(credentials, salt, DIGEST_BYTES);
}
