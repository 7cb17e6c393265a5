import { AFTERLIFE, BEGINNINGS, ORIGINS, PARTED, PRUNING, RESTS_IN } from './schema/drop-steps.ts';
import { FIRST } from './schema/first-tables.ts';
import { DOUBT, KNOWN_TIME, LEASE } from './schema/ledger-steps.ts';
import { NOTICES } from './schema/notice-steps.ts';
import { PROVENANCE } from './schema/provenance-steps.ts';
import { AIMS, ITEMS, OUTDATED, PARTS, REDONE, ROW_KEYS, WAITING_ORDERS } from './schema/row-steps.ts';
import { REFUSALS, STANDINGS } from './schema/store-steps.ts';
import { MAILS, WRITES_BY_SEQ } from './schema/write-steps.ts';

/** Each brings a ledger one version further, from an empty file on; one that was released is never changed. */
export const SCHEMA_STEPS: readonly string[] = [
  FIRST,
  ITEMS,
  REFUSALS,
  STANDINGS,
  PARTS,
  ORIGINS,
  AFTERLIFE,
  NOTICES,
  LEASE,
  REDONE,
  ROW_KEYS,
  PRUNING,
  PARTED,
  WRITES_BY_SEQ,
  BEGINNINGS,
  KNOWN_TIME,
  RESTS_IN,
  DOUBT,
  PROVENANCE,
  AIMS,
  MAILS,
  OUTDATED,
  WAITING_ORDERS,
];

/** Of a ledger that has taken every step. */
export const SCHEMA_VERSION = SCHEMA_STEPS.length;
