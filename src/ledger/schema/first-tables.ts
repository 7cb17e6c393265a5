/**
 * The tables that a ledger began with; the other files here hold what came to them since. Times are ms of the wall clock, ids of orders, shipments and tracks are Magento's
 * entity ids, offsets count as in `FileRecord`. A `seq` is the order of events: the clock may be set back.
 */
export const FIRST = `
  CREATE TABLE drops (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    inbox         TEXT NOT NULL,
    store         TEXT NOT NULL,
    name          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('claimed', 'ready', 'settling', 'settled')),
    bytes         INTEGER NOT NULL,
    sha256        TEXT,
    claimed_at_ms INTEGER NOT NULL,
    settled_at_ms INTEGER,
    layout        TEXT,
    failure       TEXT,
    failure_line  INTEGER,
    settled_as    TEXT,
    settled_in    TEXT,
    is_set_aside  INTEGER NOT NULL DEFAULT 0 CHECK (is_set_aside IN (0, 1))
  ) STRICT;
  CREATE INDEX drops_unsettled ON drops (seq) WHERE state <> 'settled';

  CREATE TABLE rows (
    drop_seq        INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    line            INTEGER NOT NULL,
    start_byte      INTEGER NOT NULL,
    end_byte        INTEGER NOT NULL,
    fields          TEXT,
    order_key       TEXT,
    order_number    TEXT,
    tracking_number TEXT,
    carrier_code    TEXT,
    title           TEXT,
    outcome         TEXT,
    message         TEXT,
    order_id        INTEGER,
    shipment_id     INTEGER,
    track_id        INTEGER,
    PRIMARY KEY (drop_seq, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rows_open_by_drop ON rows (drop_seq, order_key) WHERE outcome IS NULL;
  CREATE INDEX rows_open_by_order ON rows (order_key, drop_seq) WHERE outcome IS NULL;

  CREATE TABLE writes (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    drop_seq         INTEGER NOT NULL,
    store            TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('track', 'ship', 'untrack')),
    order_id         INTEGER NOT NULL,
    shipment_id      INTEGER,
    track_id         INTEGER,
    tracking_numbers TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused', 'uncertain', 'unsent')),
    message          TEXT NOT NULL DEFAULT '',
    at_ms            INTEGER NOT NULL,
    answered_at_ms   INTEGER,
    counts           INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX writes_by_order ON writes (store, order_id, seq);

  CREATE TABLE heartbeat (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    pid          INTEGER NOT NULL,
    host         TEXT NOT NULL,
    at_ms        INTEGER NOT NULL,
    active_drops INTEGER NOT NULL
  ) STRICT;
`;
