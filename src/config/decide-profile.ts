import { isDeepStrictEqual } from 'node:util';
import {
  type CarrierEntry,
  COLUMN_ROLES,
  type ColumnChoice,
  type Profile,
  positionsMissing,
  type RowRule,
  type SourceEntry,
  type StoreViewEntry,
} from '../domain/profile.ts';
import type { CheckedProfile } from './profile-check.ts';

/** What a written profile means, starting from another; what is wrong with it as a whole is noted. */
export function decideProfile(checked: CheckedProfile, base: Profile, origin: 'own' | 'preset'): Profile {
  const { written } = checked;
  const profile: Profile = {
    name: checked.name,
    about: written('about') ?? (base.origin === 'plain' ? '' : base.about),
    origin,
    files: written('files') ?? base.files,
    headers: written('headers') ?? base.headers,
    encoding: written('encoding') ?? base.encoding,
    delimiter: written('delimiter') ?? base.delimiter,
    quotes: written('quotes') ?? base.quotes,
    header: written('header') ?? base.header,
    restColumn: orElse(written('restColumn'), base.restColumn),
    columns: {
      order: written('columns.order') ?? base.columns.order,
      tracking: written('columns.tracking') ?? base.columns.tracking,
      carrier: written('columns.carrier') ?? base.columns.carrier,
      carrierCode: written('columns.carrierCode') ?? base.columns.carrierCode,
      title: written('columns.title') ?? base.columns.title,
      sku: written('columns.sku') ?? base.columns.sku,
      quantity: written('columns.quantity') ?? base.columns.quantity,
      shipment: written('columns.shipment') ?? base.columns.shipment,
      storeView: written('columns.storeView') ?? base.columns.storeView,
      source: written('columns.source') ?? base.columns.source,
    },
    order: {
      stripPrefixes: written('orderNumber.stripPrefixes') ?? base.order.stripPrefixes,
      stripSuffixes: written('orderNumber.stripSuffixes') ?? base.order.stripSuffixes,
      pattern: orElse(written('orderNumber.pattern'), base.order.pattern),
      padTo: orElse(written('orderNumber.padTo'), base.order.padTo),
    },
    tracking: {
      stripPrefixes: written('trackingNumber.stripPrefixes') ?? base.tracking.stripPrefixes,
      stripSuffixes: written('trackingNumber.stripSuffixes') ?? base.tracking.stripSuffixes,
      pattern: orElse(written('trackingNumber.pattern'), base.tracking.pattern),
    },
    split: {
      order: orElse(written('split.order'), base.split.order),
      tracking: orElse(written('split.tracking'), base.split.tracking),
    },
    rows: decideRows(checked) ?? base.rows,
    excelDamage: written('excelDamage') ?? base.excelDamage,
    carriers: {
      default: orElse(written('carriers.default'), base.carriers.default),
      defaultTitle: orElse(written('carriers.defaultTitle'), base.carriers.defaultTitle),
      defaultLink: orElse(written('carriers.defaultLink'), base.carriers.defaultLink),
      map: decideMap(checked) ?? base.carriers.map,
      recognise: written('carriers.recognise') ?? base.carriers.recognise,
    },
    sources: decideSources(checked) ?? base.sources,
    storeViews: decideStoreViews(checked) ?? base.storeViews,
  };
  noteContradictions(checked, profile);
  return profile;
}

/** `null` is a value that may be written, to undo what the other profile says. */
function orElse<T>(written: T | undefined, base: T): T {
  return written === undefined ? base : written;
}

function decideRows({ written, has, count, problem }: CheckedProfile): RowRule[] | undefined {
  const length = count('rows');
  if (length === undefined) return undefined;
  return Array.from({ length }, (_, at) => {
    if (!has('rows[].column', at))
      problem('rows[]', 'found no column; expected the one that the rule looks at', at);
    if (!has('rows[].only', at) && !has('rows[].skip', at)) {
      problem('rows[]', 'found no values; expected only, skip, or both', at);
    }
    return {
      // What is missing is a problem, noted and thrown before anyone uses what stands in for it.
      column: written('rows[].column', at) ?? { kind: 'position', position: 1 },
      only: written('rows[].only', at) ?? [],
      skip: written('rows[].skip', at) ?? [],
    };
  });
}

function decideMap({ written, has, count, problem }: CheckedProfile): CarrierEntry[] | undefined {
  const length = count('carriers.map');
  if (length === undefined) return undefined;
  return Array.from({ length }, (_, at) => {
    if (!has('carriers.map[].says', at)) {
      problem('carriers.map[]', 'found no says; expected what the file says of the carrier', at);
    }
    return {
      says: written('carriers.map[].says', at) ?? [],
      code: written('carriers.map[].code', at) ?? 'custom',
      title: written('carriers.map[].title', at) ?? null,
      link: written('carriers.map[].link', at) ?? null,
    };
  });
}

function decideSources({ written, has, count, problem }: CheckedProfile): SourceEntry[] | undefined {
  const length = count('sources');
  if (length === undefined) return undefined;
  return Array.from({ length }, (_, at) => {
    if (!has('sources[].says', at))
      problem('sources[]', 'found no says; expected what the file says of the warehouse', at);
    if (!has('sources[].code', at))
      problem('sources[]', "found no code; expected Magento's code of the source", at);
    return { says: written('sources[].says', at) ?? [], code: written('sources[].code', at) ?? '' };
  });
}

function decideStoreViews({ written, has, count, problem }: CheckedProfile): StoreViewEntry[] | undefined {
  const length = count('storeViews');
  if (length === undefined) return undefined;
  return Array.from({ length }, (_, at) => {
    if (!has('storeViews[].says', at))
      problem('storeViews[]', 'found no says; expected what the file says of the shop', at);
    if (!has('storeViews[].id', at))
      problem('storeViews[]', "found no id; expected Magento's id of the store view", at);
    return { says: written('storeViews[].says', at) ?? [], id: written('storeViews[].id', at) ?? 0 };
  });
}

/** Each would make every file of the profile fail, or be read as nobody meant it. */
function noteContradictions({ problem }: CheckedProfile, profile: Profile): void {
  const { columns, restColumn, quotes, origin } = profile;
  for (const role of COLUMN_ROLES) {
    if (profile.header === 'auto' || !isByName(columns[role])) continue;
    problem(`columns.${role}`, 'found a name, and header: none; expected the position of the column');
  }
  if (origin === 'own') {
    for (const role of positionsMissing(profile)) {
      problem(`columns.${role}`, 'missing; with header: none expected the position of the column');
    }
  }
  const { order, tracking, shipment } = columns;
  if (areOne(order, tracking)) {
    problem('columns.tracking', 'found the column of the order number; expected another');
  }
  if (areOne(shipment, order) || areOne(shipment, tracking)) {
    const whose = areOne(shipment, order) ? 'order' : 'tracking';
    problem(
      'columns.shipment',
      `found the column of the ${whose} number; expected that of Magento's shipment`,
    );
  }
  for (const [at, { column }] of profile.rows.entries()) {
    if (profile.header === 'auto' || !isByName(column)) continue;
    problem('rows[].column', 'found a name, and header: none; expected the position of the column', at);
  }
  if (restColumn !== null && quotes) {
    problem('restColumn', `found ${restColumn}, and cells may be quoted; expected quotes: false with it`);
  }
  if (columns.sku === 'none' && isGiven(columns.quantity)) {
    problem('columns.quantity', 'found a column, and columns.sku: none; expected a column for both, or none');
  }
}

function areOne(one: ColumnChoice, other: ColumnChoice): boolean {
  return isGiven(one) && isDeepStrictEqual(one, other);
}

function isByName(column: ColumnChoice): boolean {
  return isGiven(column) && column.kind === 'name';
}

function isGiven(column: ColumnChoice): column is Exclude<ColumnChoice, string> {
  return typeof column !== 'string';
}
