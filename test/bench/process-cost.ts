import { readFile } from 'node:fs/promises';

/** The kernel's clock ticks in /proc/PID/stat; 100 a second on every Linux (proc_pid_stat(5), USER_HZ). */
const TICK_MS = 10;
const BYTES_PER_KIB = 1024;

/** Processor time of all its threads so far, in user and kernel mode; Linux only. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets, and may hold blanks: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, kernelTicks] = [fields[11], fields[12]];
  return (Number(userTicks) + Number(kernelTicks)) * TICK_MS;
}

export interface Memory {
  readonly residentBytes: number;
  /** The most since its start. */
  readonly mostResidentBytes: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytesOf = (field: string) => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kib === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
    return Number(kib) * BYTES_PER_KIB;
  };
  return { residentBytes: bytesOf('VmRSS'), mostResidentBytes: bytesOf('VmHWM') };
}
