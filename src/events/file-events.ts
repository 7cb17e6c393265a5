/**
 * What lies in an inbox and is not taken:
 * - `unmatched`: a file whose name no pattern matches.
 * - `folder`, `link`, `pipe`, `socket`, `device`: no regular file, though its name is wanted.
 * - `not-done`: a file whose done-file is missing; `done-early`: whose done-file is older than itself.
 * - `done-alone`: a done-file without a file.
 * - `old`: a file that lay there long before the first start.
 * - `claimed`: a file under a name that Trackdrop gives to those that it takes, and moves on at once.
 */
export type BystanderKind =
  | 'unmatched'
  | 'folder'
  | 'link'
  | 'pipe'
  | 'socket'
  | 'device'
  | 'not-done'
  | 'done-early'
  | 'done-alone'
  | 'old'
  | 'claimed'
  | 'not-waiting';

/** The inboxes, and the files in them that are not taken, or not yet. */
export interface FileEvents {
  /** The first listing of the inbox is done. */
  'inbox.watching': { readonly inbox: string; readonly folder: string };
  /** The folder cannot be listed; it is tried again at every rescan. */
  'inbox.unavailable': { readonly inbox: string; readonly folder: string; readonly message: string };
  'inbox.available': { readonly inbox: string; readonly folder: string };
  /** A file lies still, but may not be all there; said once until it changes. */
  'file.awaited': {
    readonly inbox: string;
    readonly name: string;
    readonly doubt: 'empty' | 'unfinished';
    readonly waitMs: number;
  };
  /** A run that ends by itself does not wait for this file: it is empty, or its done-file is missing. */
  'file.left': { readonly inbox: string; readonly name: string; readonly doubt: 'empty' | 'not-done' };
  /** A file is complete but cannot be taken (owner, mode); said once until that changes. */
  'file.stuck': {
    readonly inbox: string;
    readonly name: string;
    readonly message: string;
    /** What to change. */
    readonly hint: string;
  };
  /** Lies in the inbox and is not taken; said once. An old file at once, all else after an hour. */
  'file.untaken': {
    readonly inbox: string;
    readonly name: string;
    readonly kind: BystanderKind;
    /** When it came there, by the file system's clock. */
    readonly sinceMs: number;
  };
  /** What was said of a file in the inbox holds no more: it is gone, or has changed. */
  'file.cleared': { readonly inbox: string; readonly name: string };
}
