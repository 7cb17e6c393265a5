import type { NoticeKind } from '../../domain/notice.ts';
import type { NoticesOfKind } from '../../ledger/notices.ts';
import { table } from '../table.ts';

/**
 * What is wrong in the folders: by kind, the gravest first, with what to do below each; nothing where nothing is. `time`
 * says when.
 */
export function noticeLines(found: readonly NoticesOfKind[], time: (atMs: number) => string): string[] {
  if (found.length === 0) return [];
  const areOfFiles = found.some(({ newest }) =>
    newest.some(({ inbox, name }) => inbox !== '' || name !== ''),
  );
  const rows = found.flatMap(({ kind, count, newest }) => [
    `${HEADS[kind]}: ${count}`,
    ...newest.flatMap(({ inbox, name, sinceMs, message }) => [
      [`  ${inbox}`, name, time(sinceMs)],
      `    ${message}`,
    ]),
    ...(count > newest.length ? [`  and ${count - newest.length} more`] : []),
  ]);
  const lines = table([{ head: '  inbox' }, { head: 'file' }, { head: 'since' }], rows);
  return ['', ...(areOfFiles ? lines : lines.slice(1))];
}

const HEADS: Readonly<Record<NoticeKind, string>> = {
  'ledger-full': 'the ledger cannot be written, and everything waits',
  'clock-doubted': 'the clock may be wrong, and nothing that is old is removed',
  'inbox-unavailable': 'inboxes that cannot be listed',
  'file-stuck': 'files that cannot be taken',
  'drop-stuck': 'files that cannot be worked on or put away',
  'drop-taken': 'files that were taken away from working before they were put away',
  'file-awaited': 'files that may not be all there',
  'file-untaken': 'things in an inbox that are not taken',
  'file-ignored': 'old files, left alone since the first start',
};
