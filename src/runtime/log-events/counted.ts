/** So many files, in words. */
export function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

/** So many requests, in words. */
export function requests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}
