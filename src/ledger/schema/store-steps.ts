/** The last sign-in that a store refused, for every process that has this ledger; see refusals.ts. */
export const REFUSALS = `
  CREATE TABLE refusals (
    store      TEXT PRIMARY KEY,
    salt       BLOB NOT NULL,
    digest     BLOB NOT NULL,
    is_certain INTEGER NOT NULL CHECK (is_certain IN (0, 1)),
    message    TEXT NOT NULL,
    at_ms      INTEGER NOT NULL,
    rest_ms    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** How it stands with each store: the `StoreStanding`s as JSON. */
export const STANDINGS = `ALTER TABLE heartbeat ADD COLUMN stores TEXT NOT NULL DEFAULT '[]'`;
