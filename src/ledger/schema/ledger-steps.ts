/**
 * Whose the ledger is: `instance` is of one process, `boot` of one start of a machine, by which two daemons on one machine are told from
 * two on several. `begun_at_ms` is when the ledger itself was begun.
 */
export const LEASE = `
  ALTER TABLE heartbeat ADD COLUMN instance TEXT NOT NULL DEFAULT '';
  ALTER TABLE heartbeat ADD COLUMN boot TEXT NOT NULL DEFAULT '';
  CREATE TABLE ledger_facts (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    begun_at_ms INTEGER NOT NULL
  ) STRICT;
`;

/**
 * What is known of the time; see clock-leap.ts. Null until it is first looked at: since when the ledger is there is
 * known.
 */
export const KNOWN_TIME = `
  ALTER TABLE ledger_facts ADD COLUMN known_ms INTEGER;
  ALTER TABLE ledger_facts ADD COLUMN leapt_to_ms INTEGER;
  UPDATE ledger_facts SET known_ms = max(
    begun_at_ms,
    coalesce((SELECT max(claimed_at_ms) FROM drops), 0),
    coalesce((SELECT max(settled_at_ms) FROM drops), 0)
  );
`;

/** Since when commits may be missing; see doubt.ts. */
export const DOUBT = 'ALTER TABLE ledger_facts ADD COLUMN doubted_at_ms INTEGER';
