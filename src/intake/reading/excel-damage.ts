import { quoted } from '../wording.ts';

/** What a number looks like that went through a spreadsheet; `words` follow the name of its column. */
export interface Damage {
  readonly isBad: boolean;
  readonly words: string;
}

/** Columns of a file whose long numbers a spreadsheet has damaged as a whole. */
export type DamagedColumns = readonly ('order' | 'tracking')[];

/** Of one column: a whole number in another says nothing of its own. */
export interface ExcelDamage {
  /** Undefined where nothing is odd. */
  look(value: string): Damage | undefined;
  /** After the last record: every number of 16 to 19 digits, and there are three at least, ends in zeros. */
  looksDamaged(): boolean;
}

/** Excel keeps 15 digits of a number (IEEE 754 doubles, shown to 15) and writes zeros for the rest. */
const KEPT_DIGITS = 15;
/** One number of 20 digits in 100,000 ends so by chance; of those of 16 digits, one in ten. */
const SURELY_DAMAGED_DIGITS = 20;
/** As many as must agree before a file is held to be damaged. */
const WITNESSES = 3;
const LONG_DIGITS = /^\d{16,}$/;
/** Fewer letters and digits than a spreadsheet loses, or no number for a spreadsheet, since it begins with a letter. */
const ORDINARY = /^[0-9A-Za-z]{1,15}$|^[A-Za-z]/;
/** What Excel and LibreOffice show of a long number, in any language: they always write the sign, or decimals. */
const EXPONENT = /^\d(?:[.,]\d+)?E\+\d+$|^\d[.,]\d+E[+-]?\d+$/i;
/** As other programs write one, and as a carrier's number may look. */
const MAY_BE_EXPONENT = /^\d{1,12}E\d{1,3}$/i;
/** What a program writes that has read a whole number as a decimal one (pandas, where the column has an empty cell). */
const DECIMAL = /^\d{3,}[.,]0{1,2}$/;

/**
 * Tells numbers that a spreadsheet has damaged. An exponent and `.0` are always bad, but `12E5` is a note; zeros from the 16th digit on are bad in
 * numbers of 20 digits and more (a note, where the profile says `warn`); in shorter ones they are a note, until the
 * whole column speaks against them: then it is judged once more with `refuse`.
 */
export function openExcelDamage(profile: 'refuse' | 'warn', given: 'judge' | 'refuse'): ExcelDamage {
  const damaged = new Set<string>();
  let anyWhole = false;

  return {
    look(value) {
      if (ORDINARY.test(value)) return MAY_BE_EXPONENT.test(value) ? maybeShortened(value) : undefined;
      if (!LONG_DIGITS.test(value)) return EXPONENT.test(value) ? shortened(value) : madeDecimal(value);
      if (value.length >= SURELY_DAMAGED_DIGITS && endsInZeros(value))
        return profile === 'refuse' ? lost(value) : doubted(value);
      // A cell whose format puts zeros in front has kept 15 of the digits behind them.
      const digits = value.length >= SURELY_DAMAGED_DIGITS ? value.replace(/^0+/, '') : value;
      if (digits.length <= KEPT_DIGITS || digits.length >= SURELY_DAMAGED_DIGITS) return undefined;
      if (!endsInZeros(digits)) {
        anyWhole = true;
        return undefined;
      }
      if (damaged.size < WITNESSES) damaged.add(value);
      return profile === 'refuse' && given === 'refuse' ? lost(value) : doubted(value);
    },
    looksDamaged: () => profile === 'refuse' && !anyWhole && damaged.size >= WITNESSES,
  };
}

function shortened(value: string): Damage {
  return {
    isBad: true,
    words: `holds ${quoted(value)}: a spreadsheet has shortened the number, and the rest of it is lost; take it from the original file`,
  };
}

function maybeShortened(value: string): Damage {
  return {
    isBad: false,
    words: `holds ${quoted(value)}, which is a number that a program has shortened, unless it has an E as it stands`,
  };
}

function madeDecimal(value: string): Damage | undefined {
  if (!DECIMAL.test(value)) return undefined;
  return {
    isBad: true,
    words: `holds ${quoted(value)}: some program has taken the number for a decimal one, and its leading zeros may be lost; take it from the original file`,
  };
}

/** Of digits that are more than a spreadsheet keeps. */
function endsInZeros(digits: string): boolean {
  return /^0+$/.test(digits.slice(KEPT_DIGITS));
}

function lost(value: string): Damage {
  const { words } = doubted(value);
  return {
    isBad: true,
    words: `${words}; take it from the original file (or, where such numbers are right, say excelDamage: warn in the profile)`,
  };
}

function doubted(value: string): Damage {
  return {
    isBad: false,
    words: `holds ${quoted(value)}: nothing but zeros after ${KEPT_DIGITS} digits, as a spreadsheet leaves a number that it has damaged`,
  };
}
