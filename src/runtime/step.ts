import { channel } from 'node:diagnostics_channel';

/**
 * The places between two steps of which a crash may leave one done and the other not, by the work that they belong
 * to. What is left there must end right at the next start: test/failpoints kills a daemon at each of them.
 */
export const STEPS = [
  /** The ledger knows the drop; its file lies in the inbox as it came. */
  'claim.entered',
  /** In the inbox still, under a name of ours. */
  'claim.renamed',
  /** With done-files: that of the file is gone, and its file lies in the inbox under the name of ours. */
  'claim.done-file-removed',
  /** Inbox and working folder on two file systems: whole and flushed, under a hidden name. */
  'claim.copied',
  /** The copy has its name, and the file in the inbox is there too. */
  'claim.copy-named',
  'claim.moved',

  /** Every record is in the ledger, and the drop is not marked as read. */
  'read.entered',
  'read.marked',
  /** The one row of a file that cannot be read. */
  'read.failure-entered',

  /** The rows of a look have their outcomes, which are all that it led to, or what came of it before a write. */
  'look.outcomes-kept',
  'write.intended',
  /** The store has answered, and the ledger does not know. */
  'write.answered',
  'write.recorded',
  /** The same of the write that has the customer mailed. */
  'mail.intended',
  'mail.answered',
  'mail.recorded',

  /** The waiting rows are a drop of their own, whose file is not in its folder yet. */
  'wait.parted',
  /** The file lies in its folder; the drop that it came from is not put away. */
  'wait.begun',
  'wait.look-begun',
  /** The report of what still waits is written, and the next look is not set. */
  'wait.reported',
  /** No row waits any more, and the file lies in the folder of those that do. */
  'wait.ending',
  /** It has a name of ours there. */
  'wait.taken',
  /** It lies in the working folder, to be settled. */
  'wait.ended',

  'settle.begun',
  /** Report and retry file are whole, in the working folder. */
  'settle.outputs-written',
  'settle.stem-chosen',
  'settle.report-placed',
  'settle.retry-placed',
  'settle.drop-placed',
  /** Nothing of the drop is left in the working folder, and the ledger does not know that it is settled. */
  'settle.cleared',
  'settle.marked',

  /** What a drop has done of earlier ones is on record, and the drop itself is not put away. */
  'redo.marked',
  /** Where a drop goes whose failed rows are all done. */
  'redo.chosen',
  /** Its report is written anew, under a hidden name. */
  'redo.report-written',
  /** Its files lie there, and the old report where it lay. */
  'redo.files-moved',
  'redo.moved',

  /** A file with which its writer went on is a drop of its own, and not copied. */
  'grow.entered',
  'grow.copied',

  /** A ledger of an older program is copied, and not changed. */
  'ledger.copied',
  'ledger.migrated',
  /** A damaged ledger has a name to go to. */
  'ledger.aside-reserved',
  /** It went there, and its write-ahead log did not. */
  'ledger.aside-renamed',

  /** Across file systems: a flushed copy lies in the folder, under a hidden name. */
  'place.copied',
  /** A file of a drop has its name in the folder, and its old one too. */
  'place.linked',
  'place.flushed',

  /** A folder that is made has its mode and group, and not its name. */
  'folder.granted',
] as const;

/** See STEPS. */
export type StepName = (typeof STEPS)[number];

/** The name of the channel; a message is the name of the step. */
export const STEP_CHANNEL = 'trackdrop:step';

const steps = channel(STEP_CHANNEL);

/** Says that a step was passed, to whoever listens on `STEP_CHANNEL`; without a listener nothing happens. */
export function passed(step: StepName): void {
  steps.publish(step);
}
