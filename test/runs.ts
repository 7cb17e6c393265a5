/** `npm run test:generated` tries each generated case so many times as often as `npm test` does. */
const TIMES = Number(process.env.GENERATED_TIMES ?? 1);
if (!Number.isInteger(TIMES) || TIMES < 1) throw new RangeError('GENERATED_TIMES takes a whole number');

/** For fast-check: how many generated cases are tried, where `npm test` tries so many. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: count * TIMES };
}
