import { CONTENTS } from './contents.ts';
import { CREATING } from './creating.ts';
import { EXISTING_NUMBERS } from './existing-numbers.ts';
import { MAILS } from './mails.ts';
import type { Chapter } from './merchant-case.ts';
import { PARCELS } from './parcels.ts';
import { PARTLY_SHIPPED } from './partly-shipped.ts';
import { PRODUCTS } from './products.ts';
import { SEVERAL_SHIPMENTS } from './several-shipments.ts';
import { SOURCES } from './sources.ts';
import { STATES } from './states.ts';
import { STORE_VIEWS } from './store-views.ts';

/** Every sentence about orders and shipments, in the order in which a merchant meets them. */
export const CHAPTERS: readonly Chapter[] = [
  CREATING,
  PARCELS,
  CONTENTS,
  PRODUCTS,
  PARTLY_SHIPPED,
  SEVERAL_SHIPMENTS,
  EXISTING_NUMBERS,
  STATES,
  MAILS,
  SOURCES,
  STORE_VIEWS,
];
