import { trackingKey } from './row.ts';
import { type SpreadsheetDamage, spreadsheetDamage } from './spreadsheet-damage.ts';

/** The cells of a record that say what is done, without what protects them; null where the file has no such column. */
export interface TellingCells {
  readonly order: string;
  readonly tracking: string;
  /** Of the columns of further numbers. */
  readonly moreTracking: readonly string[];
  readonly sku: string | null;
  readonly quantity: string | null;
  readonly shipment: string | null;
  readonly storeView: string | null;
  readonly source: string | null;
}

/** A cell that came back as something that nobody meant. */
export interface DamagedCell {
  readonly role: (typeof ROLES)[number];
  /** 0 for the role's column; from 1 on, for those of further tracking numbers. */
  readonly nth: number;
  readonly original: string;
  readonly returned: string;
  readonly damage: SpreadsheetDamage;
}

const ROLES = ['order', 'tracking', 'sku', 'quantity', 'shipment', 'storeView', 'source'] as const;

/** The cells that a spreadsheet damaged on the way from the original record to the one that came back. */
export function damagedCells(original: TellingCells, returned: TellingCells): DamagedCell[] {
  return ROLES.flatMap((role) =>
    cellsOf(original, role).flatMap((before, nth) => {
      const after = cellsOf(returned, role)[nth] ?? null;
      if (before === null || after === null) return [];
      const damage = spreadsheetDamage(before, after);
      if (damage === undefined) return [];
      // `2.0000` and `2` are as many pieces; `2.0000`, read as thousands, and `20000` are not.
      if (role === 'quantity' && Number(before) === Number(after)) return [];
      return { role, nth, original: before, returned: after, damage };
    }),
  );
}

function cellsOf(cells: TellingCells, role: DamagedCell['role']): readonly (string | null)[] {
  return role === 'tracking' ? [cells.tracking, ...cells.moreTracking] : [cells[role]];
}

/**
 * How well a record fits to be the original of one that came back, from 0, where nothing speaks for it, to 4: its
 * order number and its tracking number each count twice where they are the same, once where a spreadsheet makes
 * the one of the other.
 */
export function likeness(original: TellingCells, returned: TellingCells): number {
  return alike(original.order, returned.order) + alike(original.tracking, returned.tracking);
}

/** Whether both name one order, as far as a spreadsheet left it readable. */
export function areOfOneOrder(original: TellingCells, returned: TellingCells): boolean {
  return alike(original.order, returned.order) > 0;
}

function alike(original: string, returned: string): number {
  if (original === '' || returned === '') return 0;
  if (trackingKey(original) === trackingKey(returned)) return 2;
  const damage = spreadsheetDamage(original, returned);
  // `########` may have been anything.
  return damage === undefined || damage === 'error' ? 0 : 1;
}
