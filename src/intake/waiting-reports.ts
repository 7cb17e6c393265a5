import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Access } from '../runtime/access.ts';
import { isGone, unlessGone } from './file-errors.ts';
import { grantAt } from './grant.ts';
import { settledNames } from './names.ts';
import { flushFolder } from './place.ts';
import { isReportStart } from './reading/report-sign.ts';
import type { OutputSource, SettledRow } from './report/outputs.ts';
import { writeWaitingReport } from './report/waiting-file.ts';

/** The end of a report, where its last line names the drop. */
const REPORT_END_BYTES = 4_096;
/** Its start, where the header names our columns. */
const REPORT_START_BYTES = 65_536;

/** The reports beside files of waiting rows. What somebody put in the place of one is theirs, and stays. */
export class WaitingReports {
  readonly #folder: string;
  readonly #access: Access;

  constructor(folder: string, access: Access) {
    this.#folder = folder;
    this.#access = access;
  }

  /** Puts a new report in the place of the old one; false, and nothing done, where something else lies there. */
  async replace(
    name: string,
    source: Pick<OutputSource, 'id' | 'layout'>,
    rows: Iterable<SettledRow>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const report = this.#reportOf(name);
    if (!(await mayReplace(report, source.id))) return false;
    const next = join(this.#folder, `.report-${source.id}`);
    try {
      await writeWaitingReport(source, rows, next, signal);
      await grantAt(next, this.#access);
      await rename(next, report);
      await flushFolder(this.#folder);
      return true;
    } finally {
      await rm(next, { force: true });
    }
  }

  /** Removes that of a file that waits no more. */
  async remove(name: string, dropId: string): Promise<void> {
    const report = this.#reportOf(name);
    if (await mayReplace(report, dropId)) await rm(report, { force: true });
  }

  /** Removes that of a file which the ledger does not know, whichever drop it names. */
  async removeStrangers(name: string): Promise<void> {
    const report = this.#reportOf(name);
    if (await isReport(report)) await rm(report, { force: true });
  }

  #reportOf(name: string): string {
    return join(this.#folder, settledNames(name, 1).report);
  }
}

/** True where nothing is there, or a report of that drop. */
async function mayReplace(report: string, dropId: string): Promise<boolean> {
  try {
    const stats = await stat(report);
    if (!stats.isFile()) return false;
    await using handle = await open(report, 'r');
    const buffer = Buffer.alloc(REPORT_END_BYTES);
    const from = Math.max(0, stats.size - REPORT_END_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, REPORT_END_BYTES, from);
    return buffer.subarray(0, bytesRead).includes(dropId);
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

async function isReport(path: string): Promise<boolean> {
  const isRegular = (await stat(path).catch(unlessGone))?.isFile() === true;
  if (!isRegular) return false;
  await using handle = await open(path, 'r');
  const buffer = Buffer.alloc(REPORT_START_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return isReportStart(buffer.subarray(0, bytesRead));
}
