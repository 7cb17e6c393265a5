/**
 * Whose a number is; see coming.ts in domain. `came_by` has drops whose rows came by another file than their own, and by
 * which (0: by one that is on no record). Rows that found their number standing are found by order at once: nothing else
 * tells of them before their drop is settled, and what they want must not be taken away.
 */
export const PROVENANCE = `
  CREATE TABLE came_by (
    drop_seq INTEGER NOT NULL REFERENCES drops (seq) ON DELETE CASCADE,
    file_seq INTEGER NOT NULL,
    PRIMARY KEY (drop_seq, file_seq)
  ) STRICT, WITHOUT ROWID;
  WITH RECURSIVE earlier (drop_seq, seq) AS MATERIALIZED (
    SELECT d.seq, p.seq FROM drops p JOIN drops d ON d.id = p.waits_as WHERE p.waits_as IS NOT NULL
    UNION SELECT seq, rereads_seq FROM drops WHERE rereads_seq IS NOT NULL
    UNION SELECT drop_seq, origin_seq FROM origins
  ), way (drop_seq, seq) AS (
    SELECT drop_seq, seq FROM earlier
    UNION SELECT w.drop_seq, e.seq FROM way w JOIN earlier e ON e.drop_seq = w.seq
  )
  INSERT INTO came_by (drop_seq, file_seq)
    SELECT drop_seq, seq FROM way WHERE seq NOT IN (SELECT drop_seq FROM earlier);
  CREATE INDEX rows_found_by_order ON rows (order_key) WHERE outcome = 'already-tracked';
`;
