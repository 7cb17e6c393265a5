import type { ColumnRef } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';

/** Where the column stands that a profile names, counted from 0; undefined where the line has none. */
export function columnAt(ref: ColumnRef, fields: readonly string[]): number | undefined {
  return placesOf(ref, fields)[0];
}

/**
 * Every place that a profile's words fit. Of several names the first that is there counts; of several columns of one
 * name the one that is written exactly so, since `Order-No` and `Order No` may stand side by side.
 */
export function placesOf(ref: ColumnRef, fields: readonly string[]): readonly number[] {
  if (ref.kind === 'position') return ref.position <= fields.length ? [ref.position - 1] : [];
  const names = fields.map(simplified);
  for (const name of ref.names) {
    const wanted = simplified(name);
    const alike = names.flatMap((found, index) => (found === wanted ? [index] : []));
    const exact = alike.filter((index) => fields[index]?.trim() === name.trim());
    if (alike.length > 0) return exact.length > 0 ? exact : alike;
  }
  return [];
}

/** A column as a profile names it: by its name, or by its position where that says nothing, or says it of two. */
export function shortRef(index: number, fields: readonly string[]): string | number {
  const name = fields[index]?.trim() ?? '';
  return name !== '' && placesOf({ kind: 'name', names: [name] }, fields).length === 1 ? name : index + 1;
}
