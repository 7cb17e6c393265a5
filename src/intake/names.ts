import { openNamePattern } from './name-pattern.ts';

const TEMPORARY = [/^\./, /^~\$/, /~$/, /\.(part|filepart|tmp|partial|crdownload)$/i];
const CLAIM_PREFIX = '.claimed-';
const CLAIM = /^\.claimed-(\d{8}-\d{6}-[0-9a-z]+)-(.+)$/s;
const WITNESS_PREFIX = '.witness-';
const WITNESS = /^\.witness-(\d{8}-\d{6}-[0-9a-z]+)-(.+)$/s;
/** What Explorer, Finder and browsers add to the name of a copy, in English and German. */
const COPY_MARK = String.raw`(?: \(\d+\)| (?:- )?(?:copy|kopie)(?: \d+)?)*`;
const OUR_SUFFIX = new RegExp(String.raw`^(.+?)(\.(report|retry|waiting)(?:-(\d+))?${COPY_MARK})$`, 'is');
const COPY_OF = /^(?:copy of|kopie von) /i;

/** What Linux, macOS and Windows file systems hold in one name. */
const LONGEST_NAME_BYTES = 255;

/**
 * True for names under which editors, browsers and SFTP servers keep a file that is not there yet: dot files
 * (ProFTPD `.in.NAME.`, rsync `.NAME.XXXXXX`, LibreOffice `.~lock.NAME#`, our own `.claimed-*`), `*.part`,
 * `*.filepart` (WinSCP), `*.tmp`, `*.partial`, `*.crdownload`, `*~`, `~$*` (Excel).
 */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.some((pattern) => pattern.test(name));
}

/**
 * Tells whether a name is wanted by any of the patterns: `*` is any run of characters, `?` is one, all else is
 * itself, case does not count. A suffix of ours is looked through, so that a retry file which is dropped again
 * matches where its first round did; so does a report, though it is always `.csv`.
 */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const known = patterns.map((pattern) => ({
    fits: openNamePattern(pattern.normalize('NFC')),
    extension: /\.[^.*?]+$/.exec(pattern)?.[0] ?? '',
  }));
  return (written) => {
    const name = written.normalize('NFC');
    const { base, suffix, extension } = splitName(name);
    return known.some(({ fits, extension: wanted }) => {
      const first = base + (suffix?.kind === 'report' ? wanted : extension);
      return [name, base + extension, first].some(fits);
    });
  };
}

/** The name under which a file is taken inside its inbox; cut where the whole would be too long for a name. */
export function claimName(dropId: string, name: string): string {
  return marked(`${CLAIM_PREFIX}${dropId}-`, name);
}

/** The name of the file that a writer may still hold, where its drop is read from a copy; cut as a claim's. */
export function witnessName(dropId: string, name: string): string {
  return marked(`${WITNESS_PREFIX}${dropId}-`, name);
}

function marked(prefix: string, name: string): string {
  return prefix + cutToBytes(name, LONGEST_NAME_BYTES - Buffer.byteLength(prefix));
}

/** Takes a claim name apart; undefined for any other name. `name` may be cut, see `claimName`. */
export function parseClaimName(claimed: string): { dropId: string; name: string } | undefined {
  return unmarked(CLAIM, claimed);
}

/** The same of a witness. */
export function parseWitnessName(witness: string): { dropId: string; name: string } | undefined {
  return unmarked(WITNESS, witness);
}

function unmarked(pattern: RegExp, marked: string): { dropId: string; name: string } | undefined {
  const [, dropId, name] = pattern.exec(marked) ?? [];
  return dropId !== undefined && name !== undefined ? { dropId, name } : undefined;
}

/** The names that the files of a settled drop share. */
export interface SettledNames {
  readonly drop: string;
  readonly report: string;
  readonly retry: string;
}

/**
 * The names of a drop's files. `copy` is 1 for the plain names; where those are taken, 2 and up give the same
 * suffix to all three. A second round counts on instead of piling suffixes up:
 *
 *     orders.csv        orders.report.csv        orders.retry.csv
 *     orders.retry.csv  orders.retry.report.csv  orders.retry-2.csv
 *     orders.report.csv orders.report-2.csv      orders.retry-2.csv
 *     (copy 2)          orders-2.report.csv      orders-2.retry.csv
 */
export function settledNames(name: string, copy: number): SettledNames {
  const { base, suffix, extension } = splitName(name);
  const round = suffix === null ? '' : `-${suffix.round + 1}`;
  const ofStem = (stem: string): SettledNames => {
    const own = stem + (suffix?.text ?? '');
    return {
      drop: own + extension,
      report: suffix?.kind === 'report' ? `${stem}.report${round}.csv` : `${own}.report.csv`,
      retry: `${stem}.retry${round}${extension}`,
    };
  };
  const mark = copy === 1 ? '' : `-${copy}`;
  const bare = Object.values(ofStem('')).map((rest) => Buffer.byteLength(rest));
  return ofStem(cutToBytes(base, LONGEST_NAME_BYTES - Math.max(...bare) - mark.length) + mark);
}

/**
 * The name of the file that a drop's waiting rows go into; a second round counts on, as in `settledNames`:
 * `orders.csv` has `orders.waiting.csv`, `orders.retry.csv` has `orders.waiting-2.csv`.
 */
export function waitingName(name: string): string {
  const { base, suffix, extension } = splitName(name);
  const own = `.waiting${suffix === null ? '' : `-${suffix.round + 1}`}${extension}`;
  return cutToBytes(base, LONGEST_NAME_BYTES - Buffer.byteLength(own)) + own;
}

/** The name of the file whose rows wait in a file of this name. */
export function nameAsDropped(waiting: string): string {
  const { base, extension } = splitName(waiting);
  return base + extension;
}

/** The name of a report that somebody changed, beside one that was written anew. */
export function changedReportName(report: string): string {
  const mark = ' (changed).csv';
  return cutToBytes(report.replace(/\.csv$/i, ''), LONGEST_NAME_BYTES - mark.length) + mark;
}

/** What a name says that the file is: a report, retry or waiting file of ours, or a copy of one. */
export interface SecondRoundName {
  readonly kind: 'report' | 'retry' | 'waiting';
  /** The name under which we wrote it, as far as that can be told, without extension and in lower case. */
  readonly stem: string;
}

/**
 * What became of a file's name on its way back: `orders.report (1).csv`, `orders.report - Kopie.csv` and
 * `Copy of orders.report.csv` are all `orders.report`. Undefined for a name that is none of ours.
 */
export function secondRoundName(name: string): SecondRoundName | undefined {
  const { base, suffix } = splitName(name.normalize('NFC').replace(COPY_OF, ''));
  if (suffix === null) return undefined;
  const round = suffix.round === 1 ? '' : `-${suffix.round}`;
  return { kind: suffix.kind, stem: `${base}.${suffix.kind}${round}`.toLowerCase() };
}

interface NameParts {
  readonly base: string;
  /** Our own suffix, `.retry` or `.report-2`, with the mark of a copy; null where the name has none. */
  readonly suffix: {
    readonly text: string;
    readonly kind: SecondRoundName['kind'];
    readonly round: number;
  } | null;
  /** With its dot; empty where there is none. */
  readonly extension: string;
}

/** The extension with its dot; empty where there is none, as in a name whose only dot is its first character. */
export function splitExtension(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}

/** A name that fits into one, its extension kept where that leaves room for anything else. */
export function cutName(name: string): string {
  const { stem, extension } = splitExtension(name);
  const roomBytes = LONGEST_NAME_BYTES - Buffer.byteLength(extension);
  return roomBytes > 0 ? cutToBytes(stem, roomBytes) + extension : cutToBytes(name, LONGEST_NAME_BYTES);
}

function splitName(name: string): NameParts {
  const { stem, extension } = splitExtension(name);
  const [, base, text, kind, round] = OUR_SUFFIX.exec(stem) ?? [];
  if (base === undefined || text === undefined || kind === undefined) {
    return { base: stem, suffix: null, extension };
  }
  const ours = kind.toLowerCase() as SecondRoundName['kind'];
  return { base, suffix: { text, kind: ours, round: Number(round ?? 1) }, extension };
}

/** Cuts between characters, never inside one. */
function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
