/**
 * A drop's place in the order of the claims, of a drop by that name in a query. Rows that wait keep the place of the drop
 * that they came in: a large file is put away, and its waiting rows become a drop of their own, after those of a small one
 * that was claimed later.
 */
export const placeInClaims = (drop: string): string =>
  `coalesce((SELECT p.seq FROM drops p WHERE p.waits_as = ${drop}.id), ${drop}.seq)`;
