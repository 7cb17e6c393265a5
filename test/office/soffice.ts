import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Why tests that need LibreOffice cannot run here; false where they can. */
export const withoutOffice: string | false =
  spawnSync('soffice', ['--version'], { timeout: 60_000 }).status === 0
    ? false
    : 'LibreOffice is not installed (Debian: apt-get install libreoffice-calc-nogui)';

/** How a CSV file is opened or saved: what the dialog "Text Import" asks. */
export interface CsvFilter {
  readonly delimiter: ',' | ';';
  readonly encoding: 'utf-8' | 'windows-1252';
  readonly language: 'en-US' | 'de-DE';
  /** "Evaluate formulas", as Excel always does. */
  readonly evaluatesFormulas: boolean;
}

/** A conversion starts the program and takes some two seconds; beyond this it hangs. */
const CONVERTED_WITHIN_MS = 60_000;
const ENCODINGS = { 'utf-8': 76, 'windows-1252': 1 };
const LANGUAGES = { 'en-US': 1033, 'de-DE': 1031 };

/**
 * The tokens of LibreOffice's CSV filter, by its help page "CSV Filter Parameters": separator, quote, encoding, first
 * line, columns, language, quote all, detect numbers and dates, save as shown, formulas, spaces, sheet, evaluate.
 */
function tokens({ delimiter, encoding, language, evaluatesFormulas }: CsvFilter): string {
  const separator = delimiter.charCodeAt(0);
  return `${separator},34,${ENCODINGS[encoding]},1,,${LANGUAGES[language]},false,true,true,false,false,0,${evaluatesFormulas}`;
}

/** LibreOffice with a profile of its own, started once for each file. */
export class Office implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Office> {
    return new Office(await mkdtemp(join(tmpdir(), 'trackdrop-office-')));
  }

  /** The file as LibreOffice saves it after it opened it. */
  async saved(csv: string | Uint8Array, opened: CsvFilter, savedAs: CsvFilter = opened): Promise<Buffer> {
    return this.#convert(csv, opened, 'csv', `csv:Text - txt - csv (StarCalc):${tokens(savedAs)}`);
  }

  /** The formulas in the file as LibreOffice opens it, in OpenDocument's own way of writing. */
  async formulas(csv: string | Uint8Array, opened: CsvFilter): Promise<string[]> {
    const document = (await this.#convert(csv, opened, 'fods', 'fods')).toString();
    if (!document.includes('<table:table-cell')) throw new Error('LibreOffice found no cells');
    return Array.from(document.matchAll(/table:formula="([^"]*)"/g), ([, formula = '']) =>
      formula.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  async #convert(
    csv: string | Uint8Array,
    opened: CsvFilter,
    extension: string,
    filter: string,
  ): Promise<Buffer> {
    const source = join(this.#folder, 'in.csv');
    const target = join(this.#folder, 'out');
    await writeFile(source, csv);
    await rm(target, { recursive: true, force: true });
    const args = [
      `-env:UserInstallation=file://${this.#folder}/profile`,
      '--headless',
      `--infilter=Text - txt - csv (StarCalc):${tokens(opened)}`,
      '--convert-to',
      filter,
      '--outdir',
      target,
      source,
    ];
    await promisify(execFile)('soffice', args, { timeout: CONVERTED_WITHIN_MS });
    return readFile(join(target, `in.${extension}`));
  }
}
