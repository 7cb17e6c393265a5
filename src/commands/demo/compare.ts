import { sep } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Expected } from './fixtures.ts';
import type { SettledFile } from './settled.ts';

/**
 * Names everything that did not end as expected, a line each: files that are missing, too many or in the wrong
 * folder, rows with another outcome, and whatever stands in the shop that should not, not at all, or twice.
 */
export function differences(
  expected: Expected,
  files: readonly SettledFile[],
  shop: Pick<Sandbox, 'shipments' | 'tracks'>,
): string[] {
  return [...fileDifferences(expected, files), ...shopDifferences(expected, shop)];
}

/** The name under which a settled file is expected. */
export function fileKey({ inbox, file }: Pick<SettledFile, 'inbox' | 'file'>): string {
  return `${inbox}/${file}`;
}

function* fileDifferences({ files: expected }: Expected, files: readonly SettledFile[]): Generator<string> {
  const found = new Map(files.map((file) => [fileKey(file), file]));
  for (const [key, { folder, rows }] of Object.entries(expected)) {
    const file = found.get(key);
    if (!file) {
      yield `${key}: was not settled`;
      continue;
    }
    // `processed/` has a folder for each day.
    const isThere = file.folder.split(sep).slice(-2).includes(folder);
    if (!isThere) yield `${key}: expected in ${folder}, lies in ${file.folder}`;
    const outcomes = new Map(file.rows.map(({ line, outcome }) => [line, outcome]));
    if (outcomes.size < file.rows.length) yield `${key}: its report names a line twice`;
    for (const line of new Set([...Object.keys(rows), ...outcomes.keys()])) {
      const [wanted = 'no such row', is = 'no such row'] = [rows[line], outcomes.get(line)];
      if (wanted !== is) yield `${key}, line ${line}: expected ${wanted}, found ${is}`;
    }
  }
  for (const key of found.keys()) if (!(key in expected)) yield `${key}: nobody dropped such a file`;
}

function* shopDifferences(
  { shop: expected, titles }: Expected,
  shop: Pick<Sandbox, 'shipments' | 'tracks'>,
): Generator<string> {
  const found = Map.groupBy(shop.shipments(), ({ order }) => order);
  for (const order of new Set([...Object.keys(expected), ...found.keys()])) {
    const [wanted, is] = [
      expected[order] ?? [],
      found.get(order)?.map((each) => each.trackNumbers) ?? [],
    ].map(inWords);
    if (wanted !== is) yield `order ${order}: expected ${wanted}, the shop has ${is}`;
  }
  for (const { trackNumber, title } of shop.tracks()) {
    const wanted = titles[trackNumber];
    if (wanted !== undefined && wanted !== title) {
      yield `number ${trackNumber}: expected the title ${wanted}, the shop has ${title}`;
    }
  }
}

/** Shipments in the order in which they were made; the numbers of one may come in any order. */
function inWords(shipments: readonly (readonly string[])[]): string {
  if (shipments.length === 0) return 'no shipment';
  return shipments
    .map((numbers) => `a shipment with ${numbers.length === 0 ? 'no number' : numbers.toSorted().join(', ')}`)
    .join(' and ');
}
