/** What a row says that its parcel holds; an order's rows that say so are few, and found without reading the drop. */
export const ITEMS = `
  ALTER TABLE rows ADD COLUMN sku TEXT;
  ALTER TABLE rows ADD COLUMN quantity REAL CHECK ((quantity IS NULL) = (sku IS NULL));
  CREATE INDEX rows_with_item ON rows (drop_seq, order_key) WHERE sku IS NOT NULL;
`;

/**
 * A record that holds several numbers is several rows. The key of a table without rowids cannot be altered, so the
 * table is made anew. Its open rows are found by drop in the order of the file: an index by order as well would cost
 * half the time in which a file whose orders are in no order is read. How a file was read gets the shape of `Reading`
 * in steps/reading.ts; what was the column of the carrier is that of its code.
 */
export const PARTS = `
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

/**
 * What a row says itself of where its number belongs, and whether the customer was mailed for it. No file that was read before has
 * such columns.
 */
export const AIMS = `
  ALTER TABLE rows ADD COLUMN shipment_number TEXT;
  ALTER TABLE rows ADD COLUMN store_view INTEGER;
  ALTER TABLE rows ADD COLUMN source TEXT;
  ALTER TABLE rows ADD COLUMN link TEXT;
  ALTER TABLE rows ADD COLUMN mail TEXT CHECK (mail IN ('mailed', 'unknown'));

  UPDATE drops SET layout = json_set(layout, '$.layout.columns.shipment', NULL, '$.layout.columns.storeView', NULL,
      '$.layout.columns.source', NULL)
    WHERE layout ->> '$.layout.columns' IS NOT NULL AND layout -> '$.layout.columns.shipment' IS NULL;
`;

/**
 * Rows that are open or wait were read by a program that did not know the columns of AIMS: their files are read again
 * before anything more is written for them, or a parcel would go onto another shipment than its row names, without a word.
 * See isOutdated in steps/reading.ts. What was written already stays on record, and is found standing.
 */
export const OUTDATED = `
  UPDATE drops SET layout = json_set(layout, '$.isOutdated', json('true'))
    WHERE state IN ('ready', 'waiting') AND layout IS NOT NULL AND failure IS NULL;
`;

/**
 * Failed rows that no later drop has done: by order for a drop that may do them, by drop for whether any is left. The
 * list is that of outcomes-in-sql.ts. `done_by_line` is the line of the drop `done_by_seq`.
 */
export const REDONE = `
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
export const ROW_KEYS = `
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

/** Which other drops wait for an order; see waiting-drops.ts. */
export const WAITING_ORDERS = `
  CREATE INDEX rows_waiting_by_order ON rows (order_key, drop_seq) WHERE outcome = 'waiting';
`;
