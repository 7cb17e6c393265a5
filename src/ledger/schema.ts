/**
 * The ledger's tables. Times are ms of the wall clock, ids of orders, shipments and tracks are Magento's
 * entity ids, offsets count as in `FileRecord`. A `seq` is the order of events: the clock may be set back.
 */
const FIRST = `
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

/** What a row says that its parcel holds; an order's rows that say so are few, and found without reading the drop. */
const ITEMS = `
  ALTER TABLE rows ADD COLUMN sku TEXT;
  ALTER TABLE rows ADD COLUMN quantity REAL CHECK ((quantity IS NULL) = (sku IS NULL));
  CREATE INDEX rows_with_item ON rows (drop_seq, order_key) WHERE sku IS NOT NULL;
`;

/** The last sign-in that a store refused, for every process that has this ledger; see refusals.ts. */
const REFUSALS = `
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
const STANDINGS = `ALTER TABLE heartbeat ADD COLUMN stores TEXT NOT NULL DEFAULT '[]'`;

/**
 * A record that holds several numbers is several rows. The key of a table without rowids cannot be altered, so the
 * table is made anew. Its open rows are found by drop in the order of the file: an index by order as well would cost
 * half the time in which a file whose orders are in no order is read. How a file was read gets the shape of `Reading`
 * in steps/reading.ts; what was the column of the carrier is that of its code.
 */
const PARTS = `
  CREATE TABLE rows_with_parts (
    drop_seq        INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    line            INTEGER NOT NULL,
    part            INTEGER NOT NULL DEFAULT 0,
    start_byte      INTEGER NOT NULL,
    end_byte        INTEGER NOT NULL,
    fields          TEXT,
    order_key       TEXT,
    order_number    TEXT,
    tracking_number TEXT,
    carrier_code    TEXT,
    title           TEXT,
    sku             TEXT,
    quantity        REAL CHECK ((quantity IS NULL) = (sku IS NULL)),
    note            TEXT,
    outcome         TEXT,
    message         TEXT,
    order_id        INTEGER,
    shipment_id     INTEGER,
    track_id        INTEGER,
    PRIMARY KEY (drop_seq, line, part)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO rows_with_parts (drop_seq, line, start_byte, end_byte, fields, order_key, order_number, tracking_number,
      carrier_code, title, sku, quantity, outcome, message, order_id, shipment_id, track_id)
    SELECT drop_seq, line, start_byte, end_byte, fields, order_key, order_number, tracking_number,
      carrier_code, title, sku, quantity, outcome, message, order_id, shipment_id, track_id
    FROM rows ORDER BY drop_seq, line;
  DROP TABLE rows;
  ALTER TABLE rows_with_parts RENAME TO rows;
  CREATE INDEX rows_open_by_drop ON rows (drop_seq, line, part) WHERE outcome IS NULL;
  CREATE INDEX rows_open_by_order ON rows (order_key, drop_seq) WHERE outcome IS NULL;
  CREATE INDEX rows_with_item ON rows (drop_seq, order_key) WHERE sku IS NOT NULL;

  UPDATE drops SET layout = json_remove(json_set(layout, '$.layout', json_object(
      'fields', layout -> '$.header.fields',
      'dialect', json_set(layout -> '$.header.dialect', '$.quotes', json('true'), '$.restColumn', NULL),
      'columns', json_set(layout -> '$.header.columns', '$.carrierCode', layout -> '$.header.columns.carrier',
        '$.carrier', NULL, '$.line', NULL, '$.drop', NULL, '$.moreTracking', json('[]')),
      'header', json_object('line', layout -> '$.header.line', 'startByte', layout -> '$.header.startByte',
        'endByte', layout -> '$.header.endByte'),
      'profile', json_object('name', 'plain', 'why', 'it was read before there were profiles')
    )), '$.header')
    WHERE layout ->> '$.header' IS NOT NULL;
  UPDATE drops SET layout = json_remove(json_set(layout, '$.layout', NULL), '$.header')
    WHERE layout IS NOT NULL AND layout -> '$.layout' IS NULL;
`;

/** Which record of an earlier drop one was, where a report or a retry file is dropped again; see originals.ts. */
const ORIGINS = `
  CREATE TABLE origins (
    drop_seq    INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    line        INTEGER NOT NULL,
    origin_seq  INTEGER NOT NULL,
    origin_line INTEGER NOT NULL,
    PRIMARY KEY (drop_seq, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX origins_by_original ON origins (origin_seq, origin_line);
`;

/**
 * Drops that wait, and what is remembered of a drop after it was settled. A check of a column cannot be altered, so the
 * table is made anew; that needs foreign keys to be off, or every row would go with it.
 *
 * - `waiting_since_ms`: when the file was claimed whose rows wait; of drops in `waiting/` only.
 * - `next_look_at_ms`: of a drop in the state `waiting`.
 * - `waits_as`: id of the drop that the waiting rows of this one became.
 * - `rereads_seq`: the drop whose file a writer went on writing to; this one is the same file again.
 * - `witness`: the file that a writer may still hold, and how it was when it was read, as steps/witness.ts writes it;
 *   null once nobody looks at it any more.
 * - `is_doubtful`: writes of it may have been sent that are not on record (a power cut, a ledger that was lost).
 * - `moves_in`, `moves_as`: where its settled files are on their way to, by `settled_in` and `settled_as`.
 */
const AFTERLIFE = `
  CREATE TABLE drops_with_afterlife (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT NOT NULL UNIQUE,
    inbox            TEXT NOT NULL,
    store            TEXT NOT NULL,
    name             TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('claimed', 'ready', 'settling', 'waiting', 'settled')),
    bytes            INTEGER NOT NULL,
    sha256           TEXT,
    claimed_at_ms    INTEGER NOT NULL,
    settled_at_ms    INTEGER,
    layout           TEXT,
    failure          TEXT,
    failure_line     INTEGER,
    settled_as       TEXT,
    settled_in       TEXT,
    is_set_aside     INTEGER NOT NULL DEFAULT 0 CHECK (is_set_aside IN (0, 1)),
    waiting_since_ms INTEGER,
    next_look_at_ms  INTEGER,
    waits_as         TEXT,
    rereads_seq      INTEGER,
    witness          TEXT,
    is_doubtful      INTEGER NOT NULL DEFAULT 0 CHECK (is_doubtful IN (0, 1)),
    moves_in         TEXT,
    moves_as         TEXT
  ) STRICT;
  INSERT INTO drops_with_afterlife (seq, id, inbox, store, name, state, bytes, sha256, claimed_at_ms, settled_at_ms,
      layout, failure, failure_line, settled_as, settled_in, is_set_aside)
    SELECT seq, id, inbox, store, name, state, bytes, sha256, claimed_at_ms, settled_at_ms,
      layout, failure, failure_line, settled_as, settled_in, is_set_aside
    FROM drops;
  UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'drops')
    WHERE name = 'drops_with_afterlife' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'drops');
  DROP TABLE drops;
  ALTER TABLE drops_with_afterlife RENAME TO drops;
  CREATE INDEX drops_unsettled ON drops (seq) WHERE state <> 'settled';
  CREATE INDEX drops_by_content ON drops (sha256, store) WHERE sha256 IS NOT NULL;
  CREATE INDEX drops_settled ON drops (settled_at_ms) WHERE settled_at_ms IS NOT NULL;
  CREATE INDEX drops_witnessed ON drops (seq) WHERE witness IS NOT NULL;
  CREATE INDEX drops_moving ON drops (seq) WHERE moves_in IS NOT NULL;

  -- A failed row that a later drop has done, and which one.
  ALTER TABLE rows ADD COLUMN done_by_seq INTEGER;
`;

/**
 * What is wrong in the folders, for those who ask for the status: one line for each thing, gone when it is. `kind` is one of
 * those in notices.ts.
 */
const NOTICES = `
  CREATE TABLE notices (
    kind     TEXT NOT NULL,
    inbox    TEXT NOT NULL,
    name     TEXT NOT NULL,
    message  TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, inbox, name)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Whose the ledger is: `instance` is of one process, `boot` of one start of a machine, by which two daemons on one machine are told from
 * two on several. `begun_at_ms` is when the ledger itself was begun.
 */
const LEASE = `
  ALTER TABLE heartbeat ADD COLUMN instance TEXT NOT NULL DEFAULT '';
  ALTER TABLE heartbeat ADD COLUMN boot TEXT NOT NULL DEFAULT '';
  CREATE TABLE ledger_facts (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    begun_at_ms INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Failed rows that no later drop has done: by order for a drop that may do them, by drop for whether any is left. The
 * list is that of redone.ts. `done_by_line` is the line of the drop `done_by_seq`.
 */
const REDONE = `
  ALTER TABLE rows ADD COLUMN done_by_line INTEGER;
  CREATE INDEX rows_failed_by_order ON rows (order_key) WHERE done_by_seq IS NULL AND (
    outcome = 'bad-row' OR outcome = 'order-not-found' OR outcome = 'order-ambiguous' OR outcome = 'order-closed'
    OR outcome = 'order-held' OR outcome = 'nothing-to-ship' OR outcome = 'no-shipment' OR outcome = 'item-mismatch'
    OR outcome = 'store-refused' OR outcome = 'gave-up')
    AND order_key IS NOT NULL;
  CREATE INDEX rows_failed_by_drop ON rows (drop_seq) WHERE done_by_seq IS NULL AND (
    outcome = 'bad-row' OR outcome = 'order-not-found' OR outcome = 'order-ambiguous' OR outcome = 'order-closed'
    OR outcome = 'order-held' OR outcome = 'nothing-to-ship' OR outcome = 'no-shipment' OR outcome = 'item-mismatch'
    OR outcome = 'store-refused' OR outcome = 'gave-up');
`;

/**
 * Rows by the keys of their order and of their number, for whoever asks what became of one; see row-keys.ts. Filled once a
 * drop is settled: an index would be changed with each row's outcome, and cost as much again as all else that is kept of it.
 */
const ROW_KEYS = `
  CREATE TABLE row_keys (
    key      TEXT NOT NULL,
    drop_seq INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    PRIMARY KEY (key, drop_seq, line, part)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE drops ADD COLUMN has_keys INTEGER NOT NULL DEFAULT 0 CHECK (has_keys IN (0, 1));
  CREATE INDEX drops_without_keys ON drops (seq) WHERE has_keys = 0;
`;

/** What pruning asks: which drops the files of a folder are of, and whether anything still points to a drop. */
const PRUNING = `
  CREATE INDEX drops_by_place ON drops (settled_in, settled_as) WHERE settled_in IS NOT NULL;
  CREATE INDEX drops_rereading ON drops (rereads_seq) WHERE rereads_seq IS NOT NULL;
  CREATE INDEX rows_done_later ON rows (done_by_seq) WHERE done_by_seq IS NOT NULL;
`;

/** Which drop the rows of a waiting one came from. */
const PARTED = `CREATE INDEX drops_parted ON drops (waits_as) WHERE waits_as IS NOT NULL`;

/**
 * Writes without an index of their ids, which the process that sends them remembers: it cost a page more in each commit.
 */
const WRITES_BY_SEQ = `
  CREATE TABLE writes_by_seq (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL,
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
  INSERT INTO writes_by_seq (seq, id, drop_seq, store, kind, order_id, shipment_id, track_id, tracking_numbers, state,
      message, at_ms, answered_at_ms, counts)
    SELECT seq, id, drop_seq, store, kind, order_id, shipment_id, track_id, tracking_numbers, state,
      message, at_ms, answered_at_ms, counts
    FROM writes;
  DROP TABLE writes;
  ALTER TABLE writes_by_seq RENAME TO writes;
  CREATE INDEX writes_by_order ON writes (store, order_id, seq);
`;

/**
 * Uploads that broke off (`is_unfinished`: the file ends in the middle of a line), and earlier drops whose bytes are the
 * beginning of a later one's; see beginnings.ts.
 */
const BEGINNINGS = `
  ALTER TABLE drops ADD COLUMN is_unfinished INTEGER NOT NULL DEFAULT 0 CHECK (is_unfinished IN (0, 1));
  CREATE INDEX drops_unfinished ON drops (inbox, name, seq) WHERE is_unfinished = 1;
  CREATE TABLE beginnings (
    drop_seq    INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    earlier_seq INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    PRIMARY KEY (drop_seq, earlier_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX beginnings_by_earlier ON beginnings (earlier_seq);
`;

/** What is known of the time; see clock-leap.ts. Null until it is first looked at: since when the ledger is there is known. */
const KNOWN_TIME = `
  ALTER TABLE ledger_facts ADD COLUMN known_ms INTEGER;
  ALTER TABLE ledger_facts ADD COLUMN leapt_to_ms INTEGER;
  UPDATE ledger_facts SET known_ms = max(
    begun_at_ms,
    coalesce((SELECT max(claimed_at_ms) FROM drops), 0),
    coalesce((SELECT max(settled_at_ms) FROM drops), 0)
  );
`;

/** `rests_in`: device and inode of the folder where a waiting drop's file was put; see intake/waiting-folder.ts. */
const RESTS_IN = `ALTER TABLE drops ADD COLUMN rests_in TEXT`;

/** Since when commits may be missing; see doubt.ts. */
const DOUBT = 'ALTER TABLE ledger_facts ADD COLUMN doubted_at_ms INTEGER';

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
];

/** Of a ledger that has taken every step. */
export const SCHEMA_VERSION = SCHEMA_STEPS.length;
