import {
  carrierCode,
  choice,
  count,
  doneFile,
  filePattern,
  flag,
  future,
  list,
  mode,
  ourName,
  path,
  profileName,
  rate,
  text,
  timezone,
  url,
} from './kinds.ts';
import { duration, durationOr, size } from './measure-kinds.ts';
import {
  derived,
  later,
  needed,
  type Option,
  type OptionNode,
  treeOf,
  type ValueOf,
  withDefault,
} from './option.ts';
import { PROFILE_OPTION_LIST } from './profile-options.ts';
import { otpSecret, password, secret } from './secret-kinds.ts';

const atLeastOneMs = 1;

/**
 * Every option there is, but for those of a profile, which have a table of their own. Validation, JSON Schema,
 * reference page, example and starter file are all made from these tables.
 */
export const OPTIONS = {
  'stores.*.url': needed(url, {
    doc: 'The shop, as a browser knows it. The REST root is `<url>/rest/<storeCode>/V1`.',
    example: 'https://shop.example.com',
    env: 'TRACKDROP_STORE_URL',
  }),
  'stores.*.storeCode': withDefault(
    text({ pattern: /^[A-Za-z][A-Za-z0-9_]*$/, expected: 'a store code: letters, digits and _' }),
    'all',
    { doc: 'The store view whose REST root is called. It does not choose the orders: `all` sees every one.' },
  ),
  'stores.*.auth.oauth.consumerKey': needed(secret, {
    doc: 'Consumer key of the integration (Magento: System > Integrations).',
    example: 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_CONSUMER_KEY',
  }),
  'stores.*.auth.oauth.consumerSecret': needed(secret, {
    doc: 'Consumer secret of the integration.',
    example: 'b1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_CONSUMER_SECRET',
  }),
  'stores.*.auth.oauth.accessToken': needed(secret, {
    doc: 'Access token of the integration.',
    example: 'c1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_ACCESS_TOKEN',
  }),
  'stores.*.auth.oauth.accessTokenSecret': needed(secret, {
    doc: 'Access token secret of the integration.',
    example: 'd1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_ACCESS_TOKEN_SECRET',
  }),
  'stores.*.auth.bearer': derived(secret, 'none', {
    doc: 'Access token of the integration, sent as a bearer token, instead of `oauth`. Magento 2.4.4 and later refuse that unless the shop allows it.',
    env: 'TRACKDROP_STORE_BEARER',
  }),
  'stores.*.auth.admin.username': needed(text({ maxLength: 40 }), {
    doc: 'An admin user, where there is no integration. Credentials that were refused are tried once more after an hour, by whatever process, since six wrong passwords lock the account; changed ones at once.',
    env: 'TRACKDROP_STORE_ADMIN_USERNAME',
  }),
  'stores.*.auth.admin.password': needed(password, {
    doc: "The admin user's password.",
    env: 'TRACKDROP_STORE_ADMIN_PASSWORD',
  }),
  'stores.*.auth.admin.otpSecret': derived(otpSecret, 'none', {
    doc: "The secret behind the admin user's authenticator app (base32), where the shop asks for a second factor.",
    env: 'TRACKDROP_STORE_ADMIN_OTP_SECRET',
  }),
  'stores.*.readOnly': withDefault(flag, false, {
    doc: 'Refuse every write, whatever the plan says: for a first look at a shop, or a copy of it.',
  }),
  'stores.*.workers': withDefault(count(1, 64), 5, {
    doc: 'Requests on the wire at once.',
    env: 'TRACKDROP_WORKERS',
  }),
  'stores.*.timeout': withDefault(duration(atLeastOneMs), '30s', {
    doc: 'How long an answer may take; a write without an answer by then is looked for before it is repeated.',
  }),
  'stores.*.retry.attempts': withDefault(count(1, 100), 6, { doc: 'How often a read is sent at most.' }),
  'stores.*.retry.firstDelay': withDefault(duration(), '1s', {
    doc: 'Pause before the second attempt; it doubles from there.',
  }),
  'stores.*.retry.maxDelay': withDefault(duration(), '60s', {
    doc: 'The longest pause between two attempts. A store that is down is asked at least each 15 s whether it is back, and one that asks for a rest (`Retry-After`) gets it, up to 15 minutes.',
  }),
  'stores.*.uncertain.looks': withDefault(list(duration()), ['2s', '5s', '15s', '30s'], {
    doc: 'When a write whose answer was lost is looked for, counted from the moment it was sent.',
  }),
  'stores.*.uncertain.repeatTrackAfter': withDefault(duration(), '30s', {
    doc: 'A tracking number that was not found by then is sent again.',
  }),
  'stores.*.uncertain.repeatShipAfter': withDefault(duration(), '120s', {
    doc: 'A shipment that was not found by then is created again. Two shipments cannot be undone: keep it long.',
  }),
  'stores.*.uncertain.verifyAfter': withDefault(duration(), '60s', {
    doc: 'After a repeat one more look makes sure that the number stands once.',
  }),
  'stores.*.maxRequestsPerSecond': derived(rate(0.1, 1_000), 'no limit', {
    doc: 'Spare a shop that is easily slowed; 0.5 is one request in two seconds.',
  }),
  'stores.*.tls.ca': derived(path, 'the authorities that Node knows', {
    doc: "A PEM file with the authority of the shop's certificate, where it is one of your own.",
  }),

  'inboxes[].name': derived(ourName, "the folder's name", {
    doc: 'Names the inbox in logs and reports. Required when there are several.',
    example: 'main',
  }),
  'inboxes[].folder': derived(path, '`data/inbox`; `$TRACKDROP_DATA/inbox` where that is set', {
    doc: 'The watched folder. It must exist: a missing one is reported, never made.',
    example: 'data/inbox',
  }),
  'inboxes[].working': derived(path, '`working` beside the inbox', { doc: 'Files being worked on.' }),
  'inboxes[].waiting': derived(path, '`waiting` beside the inbox', {
    doc: 'Rows that heal by themselves, such as those of an order that is not there yet. Taking a file away ends its waiting.',
  }),
  'inboxes[].processed': derived(path, '`processed` beside the inbox', {
    doc: 'Files of which every row is done, by day.',
  }),
  'inboxes[].failed': derived(path, '`failed` beside the inbox', {
    doc: 'Files with at least one row that needs a person.',
  }),
  'inboxes[].store': derived(ourName, 'the store, where there is one', {
    doc: 'The store that the tracking numbers go to. Required when there are several.',
    example: 'main',
  }),
  'inboxes[].profile': withDefault(profileName, 'auto', {
    doc: 'How the files are read: `auto` takes the profile that fits the name of the file or its header, `plain` takes none; else the name of one of your profiles or of a preset.',
  }),
  'inboxes[].files': withDefault(list(filePattern), ['*.csv', '*.txt', '*.tsv'], {
    doc: 'Names that are taken, as patterns; upper and lower case are the same.',
  }),
  'inboxes[].stableFor': withDefault(duration(), '5s', {
    doc: 'A file is taken once its size and time have not changed for this long.',
  }),
  'inboxes[].unfinishedFor': withDefault(duration(), '60s', {
    doc: 'The same for a file that does not end with a line end: its last row may be cut off.',
  }),
  'inboxes[].rescanEvery': withDefault(duration(10), '5s', {
    doc: 'How often the folder is listed, whatever the file system tells.',
  }),
  'inboxes[].doneFile': derived(doneFile, 'none', {
    doc: "The name of a file that says that another one is whole, such as `{name}.done` or `{stem}.ok`: `{name}` is that one's name, `{stem}` its name without the extension. A file is then taken as soon as its done-file is there, and not before; the done-file is removed.",
  }),
  'inboxes[].ignoreOlderThan': withDefault(durationOr('never'), '14d', {
    doc: 'At the first start, with no history yet, older files are left alone and named; `never` takes them all.',
  }),
  'inboxes[].shipments.create': withDefault(flag, false, {
    doc: 'Ship orders that have no shipment yet. It cannot be undone. While false, their rows fail as `no-shipment`.',
    env: 'TRACKDROP_CREATE_SHIPMENTS',
  }),
  'inboxes[].shipments.notify': later(future('never, shipment or always'), 'never', {
    doc: 'Whether Magento mails the customer.',
    env: 'TRACKDROP_NOTIFY',
  }),
  'inboxes[].shipments.onExisting': withDefault(choice(['add', 'fill', 'replace', 'skip']), 'add', {
    doc: 'What happens where the shipment has another number already: `add` puts the new one beside it, `fill` writes to shipments without a number only, `replace` takes the old one away once the new one stands, `skip` leaves it as it is.',
  }),
  'inboxes[].shipments.onPartlyShipped': later(future('add or ship'), 'add', {
    doc: 'What happens where items are still open.',
  }),
  'inboxes[].shipments.attach': withDefault(choice(['latest', 'first'], ['refuse']), 'latest', {
    doc: 'Which of several shipments gets the number.',
  }),
  'inboxes[].shipments.requirePaid': later(future('true or false'), false, { doc: 'Ship paid orders only.' }),
  'inboxes[].shipments.source': later(future('text'), null, { doc: 'Inventory source of new shipments.' }),
  'inboxes[].shipments.storeView': derived(count(0, 65_535), 'any', {
    doc: 'Id of the store view whose orders these are, where several views count their orders alike (Magento: Stores > All Stores; the number in the address of the view).',
  }),
  'inboxes[].shipments.comment': later(future('text'), null, { doc: 'Comment on new shipments.' }),
  'inboxes[].waitFor.orderNotFound': withDefault(duration(), '4h', {
    doc: 'How long the rows of an order that the shop does not have yet wait for it, from the moment the file was taken.',
  }),
  'inboxes[].waitFor.orderHeld': withDefault(duration(), '72h', {
    doc: 'How long rows that need a shipment wait for an order on hold or in payment review.',
  }),
  'inboxes[].waitFor.unpaid': withDefault(duration(), '72h', {
    doc: 'How long rows that need a shipment wait for an order that is not paid.',
  }),
  'inboxes[].waitFor.every': withDefault(duration(10), '15m', {
    doc: 'How often waiting rows are looked at.',
  }),
  'inboxes[].carriers.default': withDefault(carrierCode, 'custom', {
    doc: "Magento's carrier code for rows that name none.",
  }),
  'inboxes[].carriers.defaultTitle': withDefault(text({ maxLength: 255 }), 'Parcel', {
    doc: 'What the customer reads above the number, for rows that have no title.',
  }),

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
  stopWithin: withDefault(duration(atLeastOneMs), '8s', {
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
