import { isDropId } from '../../domain/drop.ts';
import type { TellingCells } from '../../domain/returned-record.ts';
import type { Columns } from '../profile/columns.ts';
import { unwrapped } from '../protect.ts';

type TellingColumns = Pick<Columns, keyof TellingCells>;

/** The cells of a record that say what is done, as they are compared with those of another file. */
export function tellingCells(fields: readonly string[], columns: TellingColumns): TellingCells {
  const at = (index: number): string => unwrapped(fields[index] ?? '');
  const ifAny = (index: number | null): string | null => (index === null ? null : at(index));
  return {
    order: at(columns.order),
    tracking: at(columns.tracking),
    moreTracking: columns.moreTracking.map(at),
    sku: ifAny(columns.sku),
    quantity: ifAny(columns.quantity),
    shipment: ifAny(columns.shipment),
    storeView: ifAny(columns.storeView),
    source: ifAny(columns.source),
  };
}

/** The line of the earlier file on which a record of a report stood; undefined where the report does not say. */
export function earlierLine(fields: readonly string[], { line }: Pick<Columns, 'line'>): number | undefined {
  const written = line === null ? '' : unwrapped(fields[line] ?? '');
  return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : undefined;
}

/** The id of the drop of which a record's report is; undefined where the report does not say. */
export function earlierDrop(fields: readonly string[], { drop }: Pick<Columns, 'drop'>): string | undefined {
  const written = drop === null ? '' : unwrapped(fields[drop] ?? '');
  return isDropId(written) ? written : undefined;
}
