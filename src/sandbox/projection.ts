/** Asked-for fields: `true` for the whole field, a tree for a part of it; null is everything. */
export type Fields = { readonly [name: string]: Fields | true };

/** A record's columns in the order in which Magento answers them; undefined leaves a column out. */
export type Columns<Row> = Readonly<Record<string, (row: Row, fields: Fields | null) => unknown>>;

/**
 * Reads the `fields` parameter; null when it holds anything but letters, digits, `_ [ ] ,` or is not closed,
 * for which Magento answers with an empty list.
 */
export function parseFields(text: string): Fields | null {
  if (text === '' || /[^\w[\],]/u.test(text)) return null;
  const root: Record<string, Fields | true> = {};
  const open: Record<string, Fields | true>[] = [root];
  for (const [, name, mark] of text.matchAll(/(\w*)([[\],]|$)/gu)) {
    const level = open.at(-1);
    if (!level) return null;
    if (mark === '[') {
      const inner: Record<string, Fields | true> = {};
      level[name ?? ''] = inner;
      open.push(inner);
      continue;
    }
    if (name) level[name] = true;
    if (mark === ']') open.pop();
  }
  return open.length === 1 ? root : null;
}

/** The columns that are asked for, computed no further than needed. */
export function project<Row>(
  columns: Columns<Row>,
  row: Row,
  fields: Fields | null,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(columns)) {
    const wanted = fields === null ? true : fields[name];
    if (wanted === undefined) continue;
    const value = columns[name]?.(row, wanted === true ? null : wanted);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** A list inside an answer; one that is asked for by its parts and is empty comes back as null. */
export function projectList<Row>(
  columns: Columns<Row>,
  rows: readonly Row[],
  fields: Fields | null,
): unknown[] | null {
  if (rows.length === 0 && fields !== null) return null;
  return rows.map((row) => project(columns, row, fields));
}

/** The same filter on a value that is made already. */
export function projectValue(value: unknown, fields: Fields | null): unknown {
  if (fields === null || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.length === 0 ? null : value.map((one) => projectValue(one, fields));
  }
  const result: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    const wanted = fields[name];
    if (wanted !== undefined) result[name] = projectValue(one, wanted === true ? null : wanted);
  }
  // PHP knows one kind of empty array, so an object that lost all its fields is an empty list
  // (orders-in-50-no-pagesize).
  return Object.keys(result).length === 0 ? [] : result;
}
