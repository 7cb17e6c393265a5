import { readFileSync } from 'node:fs';

/** One for each start of the machine, the same in all its containers; random(4). */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/**
 * Identity of this start of the machine; empty where the system does not tell (nothing but Linux does so in a file).
 */
export function bootOf(): string {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return '';
    throw error;
  }
}
