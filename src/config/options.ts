import { INBOX_OPTIONS } from './inbox-options.ts';
import { choice, count, future, text } from './kinds.ts';
import { duration, durationOr, size } from './measure-kinds.ts';
import { derived, later, type Option, type OptionNode, treeOf, type ValueOf, withDefault } from './option.ts';
import { mode, path, timezone } from './option-kinds.ts';
import { PROFILE_OPTION_LIST } from './profile-options.ts';
import { STORE_OPTIONS } from './store-options.ts';

/**
 * Every option there is, but for those of a profile, which have a table of their own. Validation, JSON Schema,
 * reference page, example and starter file are all made from these tables.
 */
export const OPTIONS = {
  ...STORE_OPTIONS,
  ...INBOX_OPTIONS,
  profilesFolder: derived(path, 'none', {
    doc: 'A folder of further profiles: `acme.yaml` holds the one that is called `acme`.',
  }),
  ledger: derived(path, '`trackdrop.db` beside the first inbox', {
    doc: 'The SQLite file that holds the history. On a local disk: network mounts lose its locks.',
    example: 'data/trackdrop.db',
  }),
  'limits.fileBytes': withDefault(size(), '2GiB', { doc: 'A larger file fails as a whole.' }),
  'limits.rows': withDefault(count(1, 1_000_000_000), 20_000_000, {
    doc: 'A file with more rows fails as a whole.',
  }),
  'limits.recordBytes': withDefault(size(), '1MiB', { doc: 'A longer record is a bad row.' }),
  'limits.fieldBytes': withDefault(size(), '64KiB', { doc: 'A longer field makes a bad row.' }),
  'permissions.file': withDefault(mode, '0640', {
    doc: 'Mode of the files in `waiting`, `processed` and `failed`, whatever the umask; in octal, as chmod has it.',
  }),
  'permissions.folder': withDefault(mode, '0750', { doc: 'Mode of the folders that are made.' }),
  'permissions.group': derived(text({ maxLength: 64 }), 'that of the daemon', {
    doc: 'Group of both, by name or number, so that operations can open what the daemon puts away. The daemon must be a member of it.',
  }),
  'keep.processed': withDefault(durationOr('forever'), '90d', {
    doc: 'Delete the files in `processed` after this long.',
  }),
  'keep.ledger': withDefault(durationOr('forever'), '400d', { doc: 'Forget history after this long.' }),
  'keep.failed': withDefault(durationOr('forever'), 'forever', {
    doc: 'Delete the files in `failed` after this long.',
  }),
  stopWithin: withDefault(duration(1), '8s', {
    doc: 'After SIGTERM requests on the wire may take this long; the rest is done at the next start.',
  }),
  timezone: withDefault(timezone, 'UTC', {
    doc: 'For folders by day and for times shown to people; logs stay UTC.',
  }),
  'log.level': withDefault(choice(['error', 'warn', 'info', 'debug']), 'info', {
    doc: '`info` says a line a drop, `debug` a line a row.',
    env: 'TRACKDROP_LOG_LEVEL',
  }),
  'log.format': derived(choice(['json', 'pretty']), '`json`; `pretty` on a terminal', {
    doc: 'One JSON object a line, or lines for people.',
    example: 'json',
  }),
  'log.file': later(future('path'), null, { doc: 'Write the log to a file.' }),
  'http.listen': later(future('host:port'), null, { doc: 'Serve health and metrics.' }),
  'http.token': later(future('secret', true), null, { doc: 'Token for the HTTP interface.' }),
  'http.metricsToken': later(future('secret', true), null, { doc: 'Token for metrics alone.' }),
} as const satisfies Readonly<Record<string, Option>>;

/** The path of an option in the table. */
export type OptionPath = keyof typeof OPTIONS;

/** What the option is once it is read. */
export type OptionValue<P extends OptionPath> = ValueOf<(typeof OPTIONS)[P]>;

/** The table as a list, for those who go through it. */
export const OPTION_LIST: readonly (readonly [OptionPath, Option])[] = Object.entries(OPTIONS) as never;

/** Both tables as one tree; a profile's options stand under its name. */
export function optionTree(): OptionNode {
  const ofProfiles = PROFILE_OPTION_LIST.map(([path, option]) => [`profiles.*.${path}`, option] as const);
  return treeOf([...OPTION_LIST, ...ofProfiles]);
}

/** Variables that are no option of their own. */
export const OTHER_VARIABLES = {
  TRACKDROP_CONFIG: 'The configuration file, where `--config` does not name it.',
  TRACKDROP_DATA:
    'The folder that holds `inbox`, `working`, `waiting`, `processed`, `failed` and `trackdrop.db`, where the file does not place them.',
} as const;
