import type { ColumnRole } from '../../domain/profile.ts';
import { ORDER, TRACKING } from './number-words.ts';
import { CARRIER, CARRIER_CODE, QUANTITY, SKU, TITLE } from './parcel-words.ts';
import type { Certainty, Phrases } from './phrases.ts';
import { SHIPMENT, SOURCE, STORE_VIEW } from './place-words.ts';

/** The words for each role in English, German, French, Italian, Spanish and Dutch, by their kinds. */
export const PHRASES: Readonly<Record<ColumnRole, Phrases>> = {
  order: ORDER,
  tracking: TRACKING,
  carrier: CARRIER,
  carrierCode: CARRIER_CODE,
  title: TITLE,
  sku: SKU,
  quantity: QUANTITY,
  shipment: SHIPMENT,
  storeView: STORE_VIEW,
  source: SOURCE,
};

type Words = Readonly<Record<Certainty, readonly string[]>>;

const oneByOne = ({ sure, possible, misleading }: Phrases): Words => ({
  sure: sure.flatMap(({ words: some }) => some),
  possible: possible.flatMap(({ words: some }) => some),
  misleading: misleading.flatMap(({ words: some }) => some),
});

/** The same, one by one, as people write them. */
export const WORDS: Readonly<Record<ColumnRole, Words>> = {
  order: oneByOne(ORDER),
  tracking: oneByOne(TRACKING),
  carrier: oneByOne(CARRIER),
  carrierCode: oneByOne(CARRIER_CODE),
  title: oneByOne(TITLE),
  sku: oneByOne(SKU),
  quantity: oneByOne(QUANTITY),
  shipment: oneByOne(SHIPMENT),
  storeView: oneByOne(STORE_VIEW),
  source: oneByOne(SOURCE),
};
