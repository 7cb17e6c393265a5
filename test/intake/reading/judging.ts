import { type ColumnRole, PLAIN, type Profile } from '../../../src/domain/profile.ts';
import type { RecordVerdict } from '../../../src/domain/row.ts';
import { type Given, type Judge, openJudge } from '../../../src/intake/reading/judge.ts';
import type { DropLayout } from '../../../src/intake/reading/layout.ts';

const GIVEN: Given = {
  carriers: { default: 'custom', defaultTitle: 'Parcel' },
  fieldBytes: 1024,
  damaged: null,
};

/** A layout whose columns stand under these names, in this order; `Status` and `-` mean nothing. */
export function layoutOf(...fields: readonly (ColumnRole | 'outcome' | 'Status' | '-')[]): DropLayout {
  const at = (role: ColumnRole | 'outcome') => {
    const index = fields.indexOf(role);
    return index < 0 ? null : index;
  };
  return {
    fields,
    dialect: { delimiter: ';', lineEnd: 'lf', quotes: true, restColumn: null },
    columns: {
      order: at('order') ?? 0,
      tracking: at('tracking') ?? 1,
      moreTracking: [],
      carrier: at('carrier'),
      carrierCode: at('carrierCode'),
      title: at('title'),
      sku: at('sku'),
      quantity: at('quantity'),
      shipment: at('shipment'),
      storeView: at('storeView'),
      source: at('source'),
      outcome: at('outcome'),
      line: null,
      drop: null,
    },
    header: { line: 1, startByte: 0, endByte: 10 },
    profile: { name: 'acme', why: 'the test says so' },
  };
}

/** Opens a judge of the plain profile, but for what is said. */
export function judgeOf(
  layout: DropLayout,
  profile: Partial<Profile> = {},
  given: Partial<Given> = {},
): Judge {
  return openJudge(layout, { ...PLAIN, ...profile }, { ...GIVEN, ...given });
}

/** Orders and tracking numbers, and nothing else. */
export const NUMBERS = layoutOf('order', 'tracking');

/** A verdict in a line of words: its rows, or why there is none. */
function shown(verdict: RecordVerdict): string {
  if (verdict.kind === 'bad') return verdict.message;
  if (verdict.kind === 'skipped') return `skipped: ${verdict.reason}`;
  return verdict.rows
    .map(({ orderNumber, trackingNumber, carrierCode, title, item, note, ...aims }) =>
      [
        orderNumber,
        trackingNumber,
        ...(carrierCode === 'custom' ? [] : [carrierCode]),
        ...(title === 'Parcel' ? [] : [title]),
        ...(item === null ? [] : [`${item.quantity}x${item.sku}`]),
        ...(aims.shipmentNumber === null ? [] : [`shipment=${aims.shipmentNumber}`]),
        ...(aims.storeView === null ? [] : [`view=${aims.storeView}`]),
        ...(aims.source === null ? [] : [`source=${aims.source}`]),
        ...(aims.link === null ? [] : [aims.link]),
        ...(note === null ? [] : [`(${note})`]),
      ].join(' '),
    )
    .join(' + ');
}

/** The verdict on one record, on line 2. */
export const judged = (judge: Judge, ...cells: readonly string[]) => shown(judge.judge(cells, 2));
