import type { Row } from '../../domain/row.ts';
import { columnsUsed } from '../../intake/profile/columns-used.ts';
import { secondLooks } from './second-looks.ts';
import type { Tried } from './try-reading.ts';

/** What was tried, and what was said of it. */
export interface TriedAbout {
  /** The file's name. */
  readonly file: string;
  /** Where it lies, as the person named it. */
  readonly path: string;
  /** Where the configuration comes from; null where none was found. */
  readonly source: string | null;
  /** Null where no one inbox was meant. */
  readonly inbox: string | null;
  /** Why this profile, where a person named it; undefined where the file itself decided. */
  readonly why: string | undefined;
}

/** What was found in a file, as one object for programs; described in docs/profiles.md. */
export function triedForPrograms(tried: Tried, { file, inbox, why }: TriedAbout) {
  if (tried.kind === 'failed') {
    const { code, line, message, hint } = tried.error;
    return { file, inbox, failure: { code, line, message, hint } };
  }
  const { layout, profile, format, lineEnd, sighting, isDamaged } = tried;
  const { counts, rows, skipped, bad } = sighting;
  const found = {
    file,
    inbox,
    profile: profile.name,
    why: why ?? layout?.profile.why ?? null,
    encoding: format.encoding,
    hasByteOrderMark: format.hasMark,
    lineEnd,
  };
  const rest = { counts, isDamaged, rows: rows.map(rowForPrograms), skipped, bad };
  if (layout === null)
    return {
      ...found,
      delimiter: null,
      header: null,
      columns: [],
      ruling: [],
      unused: [],
      lookAt: [],
      ...rest,
    };
  const { used, ruling, unused } = columnsUsed(layout, profile);
  const { dialect, header } = layout;
  return {
    ...found,
    delimiter: dialect.delimiter,
    header: header === null ? null : { line: header.line },
    columns: used,
    ruling,
    unused,
    lookAt: secondLooks(layout, profile, sighting.sample),
    ...rest,
  };
}

function rowForPrograms({ item, ...row }: Row) {
  const { line, part, orderNumber, trackingNumber, carrierCode, title, note } = row;
  const { shipmentNumber, storeView, source, link } = row;
  const { sku = null, quantity = null } = item ?? {};
  const number = { line, part, orderNumber, trackingNumber, carrierCode, title, sku, quantity };
  return { ...number, shipmentNumber, storeView, source, link, note };
}
