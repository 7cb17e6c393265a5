/**
 * Writes without an index of their ids, which the process that sends them remembers: it cost a page more in each commit.
 */
export const WRITES_BY_SEQ = `
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

/** Mails that the shop is asked for, by calls of their own or within one that ships. A list of kinds cannot be altered, so the table is made anew. */
export const MAILS = `
  CREATE TABLE writes_with_mails (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL,
    drop_seq         INTEGER NOT NULL,
    store            TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('track', 'ship', 'untrack', 'mail')),
    order_id         INTEGER NOT NULL,
    shipment_id      INTEGER,
    track_id         INTEGER,
    tracking_numbers TEXT NOT NULL,
    mails            INTEGER NOT NULL DEFAULT 0 CHECK (mails IN (0, 1)),
    state            TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused', 'uncertain', 'unsent')),
    message          TEXT NOT NULL DEFAULT '',
    at_ms            INTEGER NOT NULL,
    answered_at_ms   INTEGER,
    counts           INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO writes_with_mails (seq, id, drop_seq, store, kind, order_id, shipment_id, track_id, tracking_numbers,
      state, message, at_ms, answered_at_ms, counts)
    SELECT seq, id, drop_seq, store, kind, order_id, shipment_id, track_id, tracking_numbers, state,
      message, at_ms, answered_at_ms, counts
    FROM writes;
  DROP TABLE writes;
  ALTER TABLE writes_with_mails RENAME TO writes;
  CREATE INDEX writes_by_order ON writes (store, order_id, seq);
`;
