import type { DatabaseSync } from 'node:sqlite';
import type { OutcomeClass } from '../domain/outcome.ts';
import { listedOf, MAIL_TOLD } from './outcomes-in-sql.ts';

/** A column of a view. */
interface ViewColumn {
  readonly name: string;
  /** An expression over the tables in `from`. */
  readonly is: string;
  readonly about: string;
}

/** A view for other programs: its name and columns are promised, the tables behind it are not. */
export interface View {
  readonly name: string;
  readonly about: string;
  readonly from: string;
  readonly columns: readonly ViewColumn[];
}

const isoTime = (column: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch')`;

/** Only worked out where the column is asked for. */
const rowsOf = (condition: string) =>
  `(SELECT count(*) FROM rows r WHERE r.drop_seq = d.seq AND ${condition})`;

const rowsThatAre = (wanted: OutcomeClass) => rowsOf(`r.outcome IN ${listedOf(wanted)}`);

const DROPS: View = {
  name: 'trackdrop_drops',
  about: 'One row for each file that was taken, in the order in which they were taken.',
  from: 'drops d',
  columns: [
    { name: 'number', is: 'd.seq', about: 'its place in that order' },
    { name: 'drop_id', is: 'd.id', about: 'its id, as in the log and in reports (`trackdrop_drop`)' },
    { name: 'inbox', is: 'd.inbox', about: 'name of the inbox' },
    { name: 'store', is: 'd.store', about: 'name of the store' },
    { name: 'name', is: 'd.name', about: 'the name under which the file lay in the inbox' },
    {
      name: 'state',
      is: 'd.state',
      about: '`claimed`, `ready`, `settling`, `waiting` or `settled`',
    },
    { name: 'bytes', is: 'd.bytes', about: 'size of the file' },
    { name: 'sha256', is: 'd.sha256', about: 'of the file, in hex; null before it was read' },
    { name: 'profile', is: `d.layout ->> '$.layout.profile.name'`, about: 'the profile that read it' },
    { name: 'claimed_at', is: isoTime('d.claimed_at_ms'), about: 'when it was taken' },
    { name: 'settled_at', is: isoTime('d.settled_at_ms'), about: 'when it was put away; null before' },
    { name: 'folder', is: 'd.settled_in', about: 'the folder into which its files were put' },
    {
      name: 'file',
      is: 'd.settled_as',
      about: 'the name of the file there; report and retry file follow from it',
    },
    {
      name: 'waiting_since',
      is: isoTime('d.waiting_since_ms'),
      about: 'of a file in `waiting/`: when the file was taken whose rows wait',
    },
    { name: 'next_look_at', is: isoTime('d.next_look_at_ms'), about: 'of a file in `waiting/`' },
    { name: 'failure', is: 'd.failure', about: 'why the file as a whole could not be read; else null' },
    { name: 'rows', is: rowsOf('1'), about: 'rows in all; a record that holds several numbers is several' },
    { name: 'open', is: rowsOf('r.outcome IS NULL'), about: 'of these without an outcome so far' },
    { name: 'done', is: rowsThatAre('done'), about: 'of these done, skipped ones too' },
    { name: 'waiting', is: rowsThatAre('open'), about: 'of these put off, as a file in `waiting/`' },
    { name: 'failed', is: rowsThatAre('failed'), about: 'of these failed' },
  ],
};

const ROWS: View = {
  name: 'trackdrop_rows',
  about: 'One row for each row of each file, in the order of the files.',
  from: 'rows r JOIN drops d ON d.seq = r.drop_seq',
  columns: [
    { name: 'drop_id', is: 'd.id', about: 'as in `trackdrop_drops`' },
    {
      name: 'drop_number',
      is: 'r.drop_seq',
      about: '`number` in `trackdrop_drops`; the quickest to join by',
    },
    { name: 'line', is: 'r.line', about: 'line of the file on which it starts, from 1' },
    { name: 'part', is: 'r.part', about: 'counts from 0 where a record holds several numbers' },
    { name: 'order_number', is: 'r.order_number', about: 'null in a row that could not be understood' },
    { name: 'tracking_number', is: 'r.tracking_number', about: 'the same' },
    { name: 'carrier_code', is: 'r.carrier_code', about: 'the same' },
    { name: 'title', is: 'r.title', about: 'the same' },
    { name: 'sku', is: 'r.sku', about: 'null where the file names no item' },
    { name: 'quantity', is: 'r.quantity', about: 'the same' },
    { name: 'outcome', is: 'r.outcome', about: 'as in the report; null while it has none' },
    { name: 'message', is: 'r.message', about: 'as in the report' },
    { name: 'note', is: 'r.note', about: 'what looked odd and was done all the same; else null' },
    { name: 'order_id', is: 'r.order_id', about: "Magento's entity id, once it is known" },
    { name: 'shipment_id', is: 'r.shipment_id', about: 'the same' },
    { name: 'track_id', is: 'r.track_id', about: 'the same' },
    { name: 'mail', is: MAIL_TOLD, about: 'as in the report; null where that says nothing' },
    {
      name: 'done_by_drop_id',
      is: '(SELECT later.id FROM drops later WHERE later.seq = r.done_by_seq)',
      about: 'of a failed row that a later file has done: that file; else null',
    },
  ],
};

const WRITES: View = {
  name: 'trackdrop_writes',
  about: 'One row for each request that changes something in Magento, in the order in which they were sent.',
  from: 'writes w',
  columns: [
    { name: 'number', is: 'w.seq', about: 'its place in that order' },
    { name: 'write_id', is: 'w.id', about: 'its id, which a track of ours has in its `description`' },
    {
      name: 'drop_id',
      is: '(SELECT d.id FROM drops d WHERE d.seq = w.drop_seq)',
      about: 'for which file; null where that was forgotten',
    },
    { name: 'store', is: 'w.store', about: 'name of the store' },
    {
      name: 'kind',
      is: 'w.kind',
      about: '`track`, `ship`, `untrack` for a number that is taken away, or `mail`',
    },
    { name: 'mails', is: 'w.mails', about: '1 where the shop was asked to mail the customer, else 0' },
    { name: 'order_id', is: 'w.order_id', about: "Magento's entity id" },
    { name: 'shipment_id', is: 'w.shipment_id', about: 'the same; null where it is not known' },
    { name: 'track_id', is: 'w.track_id', about: 'the same' },
    { name: 'tracking_numbers', is: 'w.tracking_numbers', about: 'a JSON array' },
    {
      name: 'state',
      is: 'w.state',
      about: '`open` (sent, no answer yet), `done`, `refused`, `uncertain` or `unsent`',
    },
    { name: 'message', is: 'w.message', about: 'what the store said; empty where it was done' },
    {
      name: 'sent_at',
      is: isoTime('w.at_ms'),
      about: 'when it stood in the ledger, just before it was sent',
    },
    { name: 'answered_at', is: isoTime('w.answered_at_ms'), about: 'null while there is no answer' },
  ],
};

const KEYS: View = {
  name: 'trackdrop_keys',
  about:
    'Where an order or a number stands, of files that are put away. The others are searched row by row: of a million rows that takes a second, by this view a millisecond.',
  from: 'row_keys k',
  columns: [
    {
      name: 'key',
      is: 'k.key',
      about:
        'the order number in lower case without blanks around it, or the tracking number in lower case without blanks',
    },
    { name: 'drop_number', is: 'k.drop_seq', about: '`number` in `trackdrop_drops`' },
    { name: 'line', is: 'k.line', about: 'as in `trackdrop_rows`' },
    { name: 'part', is: 'k.part', about: 'the same' },
  ],
};

/** What other programs may read; docs/ledger.md is made from it. */
export const VIEWS: readonly View[] = [DROPS, ROWS, WRITES, KEYS];

/** Makes the views anew that are not there as they stand here; a reader's open statement goes on. */
export function keepViews(db: DatabaseSync): void {
  const made = db.prepare(`SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?`);
  for (const view of VIEWS) {
    const sql = statementOf(view);
    if (made.get(view.name)?.sql === sql) continue;
    db.exec(`BEGIN IMMEDIATE; DROP VIEW IF EXISTS ${view.name}; ${sql}; COMMIT`);
  }
}

/** Takes the views away, so that a migration may change the tables below them: SQLite refuses that otherwise. */
export function dropViews(db: DatabaseSync): void {
  for (const { name } of VIEWS) db.exec(`DROP VIEW IF EXISTS ${name}`);
}

function statementOf({ name, columns, from }: View): string {
  const listed = columns.map((column) => `${column.is} AS ${column.name}`).join(', ');
  return `CREATE VIEW ${name} AS SELECT ${listed} FROM ${from}`;
}
