import { choice, flag, list, orNothing, text } from './kinds.ts';
import { duration, durationOr } from './measure-kinds.ts';
import { derived, type Option, withDefault } from './option.ts';
import {
  carrierCode,
  commentTemplate,
  doneFile,
  filePattern,
  ourName,
  path,
  profileName,
  sourceCode,
  storeViewId,
} from './option-kinds.ts';

/** The options of an inbox: its folders, what it takes, and what becomes of the rows. */
export const INBOX_OPTIONS = {
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
  'inboxes[].shipments.notify': withDefault(choice(['never', 'shipment', 'always']), 'never', {
    doc: 'Whether Magento mails the customer: `shipment` with each new shipment, its numbers in it; `always` once for each shipment that a file put numbers on, after all of them stand.',
    env: 'TRACKDROP_NOTIFY',
  }),
  'inboxes[].shipments.onExisting': withDefault(choice(['add', 'fill', 'replace', 'skip']), 'add', {
    doc: 'What happens where the shipment has another number already: `add` puts the new one beside it, `fill` writes to shipments without a number only, `replace` takes the old one away once the new one stands (a number whose row names items goes beside it: both parcels may be of one shipment), `skip` leaves it as it is. Numbers of the same file are not other ones, also where a row waited or came back in a report or a retry file; what a later file brought is not taken away.',
  }),
  'inboxes[].shipments.onPartlyShipped': withDefault(choice(['add', 'ship']), 'add', {
    doc: 'What becomes of a number whose row names no items, where some of the order is shipped and some is open: `add` puts it on a shipment that is there, `ship` ships what is open; that needs `create: true`.',
  }),
  'inboxes[].shipments.attach': withDefault(choice(['latest', 'first', 'refuse']), 'latest', {
    doc: 'Which of several shipments gets a number that nothing else decides about; `refuse`: none, and its row fails.',
  }),
  'inboxes[].shipments.requirePaid': withDefault(flag, false, {
    doc: 'Ship what is invoiced, and anything of an order with nothing left to pay; other rows wait, for `waitFor.unpaid`. Orders that wait for their payment are never shipped, whatever stands here.',
  }),
  'inboxes[].shipments.source': derived(orNothing(sourceCode), "the shop's default", {
    doc: 'Code of the inventory source that new shipments are taken from (Magento: Stores > Sources). A number that goes onto a shipment that is there stays with the source of that one.',
  }),
  'inboxes[].shipments.storeView': derived(orNothing(storeViewId), 'any', {
    doc: 'Id of the store view whose orders these are, where several views count their orders alike (Magento: Stores > All Stores; the number in the address of the view).',
  }),
  'inboxes[].shipments.comment': derived(orNothing(commentTemplate), 'none', {
    doc: 'Comment on new shipments, once for each of their numbers: text such as `{carrier} {number} {link}`, with `{carrier}`, `{number}`, `{drop}` (the name of the file) and `{link}` (made by the `link` of the carrier in the profile). 1 to 1,000 characters, not blanks alone.',
  }),
  'inboxes[].shipments.commentVisible': withDefault(flag, false, {
    doc: 'Whether the customer sees that comment: in the account, and in the mail that the shop sends with the new shipment (`notify: shipment`). The mails of `notify: always`, and those that the shop leaves to its cron, have no comment.',
  }),
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
} as const satisfies Readonly<Record<string, Option>>;
