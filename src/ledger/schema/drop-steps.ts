/** Which record of an earlier drop one was, where a report or a retry file is dropped again; see originals.ts. */
export const ORIGINS = `
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
export const AFTERLIFE = `
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

/** Which drop the rows of a waiting one came from. */
export const PARTED = `CREATE INDEX drops_parted ON drops (waits_as) WHERE waits_as IS NOT NULL`;

/**
 * Uploads that broke off (`is_unfinished`: the file ends in the middle of a line), and earlier drops whose bytes are the
 * beginning of a later one's; see beginnings.ts.
 */
export const BEGINNINGS = `
  ALTER TABLE drops ADD COLUMN is_unfinished INTEGER NOT NULL DEFAULT 0 CHECK (is_unfinished IN (0, 1));
  CREATE INDEX drops_unfinished ON drops (inbox, name, seq) WHERE is_unfinished = 1;
  CREATE TABLE beginnings (
    drop_seq    INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    earlier_seq INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    PRIMARY KEY (drop_seq, earlier_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX beginnings_by_earlier ON beginnings (earlier_seq);
`;

/** `rests_in`: device and inode of the folder where a waiting drop's file was put; see intake/waiting-folder.ts. */
export const RESTS_IN = `ALTER TABLE drops ADD COLUMN rests_in TEXT`;

/** What pruning asks: which drops the files of a folder are of, and whether anything still points to a drop. */
export const PRUNING = `
  CREATE INDEX drops_by_place ON drops (settled_in, settled_as) WHERE settled_in IS NOT NULL;
  CREATE INDEX drops_rereading ON drops (rereads_seq) WHERE rereads_seq IS NOT NULL;
  CREATE INDEX rows_done_later ON rows (done_by_seq) WHERE done_by_seq IS NOT NULL;
`;
