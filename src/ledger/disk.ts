import { stat, statfs } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';

/** What a file lies on, as far as it matters for SQLite's write-ahead log and its locks. */
export interface Disk {
  /**
   * - `local`: a file system of this machine.
   * - `network`: shared with other machines, where neither the log's shared memory nor the lock can be relied on
   *   (https://sqlite.org/wal.html, "All processes using a database must be on the same host computer").
   * - `fuse`: made by a program, which may keep it here or anywhere.
   * - `memory`: gone with the next start of the machine.
   * - `container`: the writable layer of a container, gone with the container.
   * - `unknown`: this system does not tell.
   */
  readonly kind: 'local' | 'network' | 'fuse' | 'memory' | 'container' | 'unknown';
  /** As people call it, such as `NFS`; for one that is not in the list, its number in hex. */
  readonly name: string;
}

/**
 * Asks the kernel what the file lies on, or the nearest folder above it that is there.
 * @throws the file system's own error where nothing of the path can be asked.
 */
export async function diskOf(file: string): Promise<Disk> {
  // Elsewhere the number means something else (macOS counts its file systems in the order they were loaded).
  if (platform() !== 'linux') return { kind: 'unknown', name: platform() };
  const { type } = await statfs(await nearest(file));
  return diskOfType(type);
}

/** `type` as statfs(2) has it in `f_type`. */
export function diskOfType(type: number): Disk {
  // Signed on 32-bit systems.
  const magic = type >>> 0;
  return DISKS.get(magic) ?? { kind: 'local', name: `0x${magic.toString(16)}` };
}

async function nearest(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const above = dirname(path);
    if (above === path) throw error;
    return await nearest(above);
  }
}

/**
 * By linux/magic.h and statfs(2); ZFS, GFS2, Lustre, GPFS and PanFS by the list in coreutils' src/stat.c. Local ones
 * are named for people only: what is not listed counts as local, as most of what is mounted is.
 */
const DISKS: ReadonlyMap<number, Disk> = new Map([
  [0xef53, { kind: 'local', name: 'ext4' }],
  [0x58465342, { kind: 'local', name: 'XFS' }],
  [0x9123683e, { kind: 'local', name: 'Btrfs' }],
  [0x2fc12fc1, { kind: 'local', name: 'ZFS' }],
  [0xf2f52010, { kind: 'local', name: 'F2FS' }],
  [0x01021994, { kind: 'memory', name: 'tmpfs' }],
  [0x858458f6, { kind: 'memory', name: 'ramfs' }],
  [0x794c7630, { kind: 'container', name: 'overlayfs' }],
  [0x65735546, { kind: 'fuse', name: 'FUSE' }],
  // Plan 9's protocol, by which some virtual machines (Docker Desktop, WSL) show folders of their host.
  [0x01021997, { kind: 'fuse', name: '9P' }],
  [0x6969, { kind: 'network', name: 'NFS' }],
  [0x517b, { kind: 'network', name: 'SMB' }],
  [0xff534d42, { kind: 'network', name: 'CIFS' }],
  [0xfe534d42, { kind: 'network', name: 'SMB' }],
  [0x00c36400, { kind: 'network', name: 'CephFS' }],
  [0x5346414f, { kind: 'network', name: 'AFS' }],
  [0x6b414653, { kind: 'network', name: 'AFS' }],
  [0x73757245, { kind: 'network', name: 'Coda' }],
  [0x564c, { kind: 'network', name: 'NCP' }],
  [0x7461636f, { kind: 'network', name: 'OCFS2' }],
  [0x01161970, { kind: 'network', name: 'GFS2' }],
  [0x0bd00bd0, { kind: 'network', name: 'Lustre' }],
  [0x47504653, { kind: 'network', name: 'GPFS' }],
  [0xaad7aaea, { kind: 'network', name: 'PanFS' }],
]);
