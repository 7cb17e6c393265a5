import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, mounted over a folder; gone when it is disposed of. */
export interface SmallDisk extends Disposable {
  /** Leaves no room on it, in one go and before anything else happens. */
  fill(): void;
  free(): void;
}

/** Why no disk can be mounted here; false where one can. For the `skip` of a test. */
export function noMount(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'trackdrop-mount-'));
  try {
    mountSmallDisk(folder, 1)[Symbol.dispose]();
    return false;
  } catch (error) {
    return `nothing can be mounted here: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    rmdirSync(folder);
  }
}

/** @throws Error of mount(8), as where this process is not root */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
  const size = `size=${megabytes}m`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'pipe', timeout: 5_000 });
  const ballast = join(folder, '.ballast.tmp');
  return {
    fill() {
      const file = openSync(ballast, 'w');
      try {
        // Large pieces first; what is left then takes less than one.
        for (const bytes of [64 * 1024, 4 * 1024, 1]) writeUntilFull(file, Buffer.alloc(bytes));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
    [Symbol.dispose]() {
      // Lazily: somebody may have a file of it open still.
      execFileSync('umount', ['-l', folder], { stdio: 'pipe', timeout: 5_000 });
    },
  };
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
