/** The known name that was probably meant, or undefined: at most two typing slips away, case and - _ aside. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const bare = plain(written);
  let best: string | undefined;
  let bestSlips = Math.min(2, Math.floor(bare.length / 3)) + 1;
  for (const name of known) {
    const slips = slipsBetween(bare, plain(name));
    if (slips < bestSlips) {
      best = name;
      bestSlips = slips;
    }
  }
  return best;
}

function plain(name: string): string {
  return name.slice(0, 100).replace(/[-_ ]/g, '').toLowerCase();
}

/** Levenshtein's distance. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
