/**
 * What is wrong in the folders and needs somebody, or may:
 * - `ledger-full`: the ledger cannot be written, and everything waits.
 * - `clock-doubted`: the clock leapt, and nothing that is old is removed.
 * - `inbox-unavailable`: an inbox cannot be listed.
 * - `file-stuck`: a file in an inbox cannot be taken.
 * - `drop-stuck`: a file that was taken, or a folder that it needs, cannot be used.
 * - `drop-taken`: the file of a drop was taken out of `working/`, less than a week ago. It is on no board: see readNotices.
 * - `file-awaited`: a file lies still, but may not be all there.
 * - `file-untaken`: something lies in an inbox that nobody will take.
 * - `file-ignored`: a file lay there long before the first start.
 */
export const NOTICE_KINDS = [
  'ledger-full',
  'clock-doubted',
  'inbox-unavailable',
  'file-stuck',
  'drop-stuck',
  'drop-taken',
  'file-awaited',
  'file-untaken',
  'file-ignored',
] as const;

/** See NOTICE_KINDS. */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Which thing a notice is about. */
export interface NoticeKey {
  readonly kind: NoticeKind;
  /** Empty where it is about no inbox. */
  readonly inbox: string;
  /** Of the file in the inbox, or its path below `working`; empty where it is about no file. */
  readonly name: string;
}

/** One thing that is wrong, until it is not. */
export interface Notice extends NoticeKey {
  readonly message: string;
  /** Ms of the wall clock. */
  readonly sinceMs: number;
}
