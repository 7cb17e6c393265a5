import type { ColumnRef } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';

/** Every place that a profile's words fit, counted from 0; none where the line lacks the column. */
export type PlacesOf = (ref: ColumnRef) => readonly number[];

/**
 * Prepares a line for being asked where columns stand: a line of 30,000 cells is asked by every profile. Of several
 * names the first that is there counts; of several columns of one name the one that is written exactly so, since
 * `Order-No` and `Order No` may stand side by side.
 */
export function placesIn(fields: readonly string[]): PlacesOf {
  const byName = new Map<string, number[]>();
  for (const [index, field] of fields.entries()) {
    const name = simplified(field);
    const alike = byName.get(name);
    if (alike === undefined) byName.set(name, [index]);
    else alike.push(index);
  }
  return (ref) => {
    if (ref.kind === 'position') return ref.position <= fields.length ? [ref.position - 1] : [];
    for (const name of ref.names) {
      const alike = byName.get(simplified(name)) ?? [];
      const exact = alike.filter((index) => fields[index]?.trim() === name.trim());
      if (alike.length > 0) return exact.length > 0 ? exact : alike;
    }
    return [];
  };
}

/** Where the column stands that a profile names, counted from 0; undefined where the line has none. */
export function columnAt(ref: ColumnRef, fields: readonly string[]): number | undefined {
  return placesIn(fields)(ref)[0];
}

/** A column as a profile names it: by its name, or by its position where that says nothing, or says it of two. */
export function shortRef(index: number, fields: readonly string[]): string | number {
  const name = fields[index]?.trim() ?? '';
  return name !== '' && placesIn(fields)({ kind: 'name', names: [name] }).length === 1 ? name : index + 1;
}
