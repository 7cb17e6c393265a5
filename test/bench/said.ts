/** What one process says of one reading of a file. */
export interface Said {
  readonly rows: number;
  readonly tookMs: number;
  readonly mostResidentBytes: number;
}

const BYTES_PER_KIB = 1024;

/** Says it on one line of stdout. */
export function tell(rows: number, startedAtMs: number): void {
  const tookMs = performance.now() - startedAtMs;
  const mostResidentBytes = process.resourceUsage().maxRSS * BYTES_PER_KIB;
  const said: Said = { rows, tookMs, mostResidentBytes };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
