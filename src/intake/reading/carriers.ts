import type { CarrierRules } from '../../domain/profile.ts';
import { isStorable, storableLine } from '../../domain/storable.ts';
import { unwrapped } from '../protect.ts';
import { quoted } from '../wording.ts';
import { openEntries, remembered } from './cell-pattern.ts';
import { columnName, UNPRINTABLE } from './cell-problem.ts';
import type { DropLayout } from './layout.ts';
import { openRecognition } from './recognise.ts';

/** `sales_shipment_track`: the database cuts longer values without a word (recordings of POST shipment/track). */
const CODE_LENGTH = 32;
const TITLE_LENGTH = 255;

/** The inbox's. */
export interface CarrierDefaults {
  readonly default: string;
  readonly defaultTitle: string;
}

/** How Magento is to call a number's carrier. */
export interface Carrier {
  readonly code: string;
  readonly title: string;
  /** The carrier's page for the number; null where the profile has none. */
  readonly link: string | null;
  /** What the title lacks of what the file says, in words; null where it is all there. */
  readonly note: string | null;
}

/** Tells the carrier of each record of a file. */
interface Carriers {
  /** What keeps a record's cells from naming a carrier, in words; undefined where nothing does. */
  problem(cells: readonly string[]): string | undefined;
  /** Of a record without a problem. */
  of(cells: readonly string[], trackingNumber: string): Carrier;
}

/**
 * Prepares naming carriers. What the file says is looked up in the profile's map; where no entry fits, a column of
 * Magento's own codes counts as it is (none has a blank: what has one is words), and else the default code stands under the file's own words: a core code
 * such as `ups` never comes from a guess.
 */
export function openCarriers(layout: DropLayout, rules: CarrierRules, inbox: CarrierDefaults): Carriers {
  const { carrier, carrierCode, title } = layout.columns;
  const defaultCode = rules.default ?? inbox.default;
  const defaultTitle = rules.defaultTitle ?? inbox.defaultTitle;
  const entryOf = openEntries(rules.map);
  const recognised = rules.recognise ? openRecognition() : () => undefined;
  const shown = remembered(shownText);
  const cellOf = (cells: readonly string[], index: number | null) =>
    index === null ? '' : shown(cells[index] ?? '');
  const codeOf = remembered((cell: string) => unwrapped(cell));
  const isWords = (code: string) => /\s/.test(code) && entryOf(code) === undefined;
  const codeProblem = remembered((code: string) => codeFault(code) ?? '');

  return {
    problem(cells) {
      if (carrierCode === null) return undefined;
      const code = codeOf(cells[carrierCode] ?? '');
      const fault = code === '' || entryOf(code) !== undefined || isWords(code) ? '' : codeProblem(code);
      return fault === '' ? undefined : `${columnName(layout, carrierCode)} ${fault}`;
    },
    of(cells, trackingNumber) {
      const said = carrierCode === null ? '' : codeOf(cells[carrierCode] ?? '');
      const code = isWords(said) ? '' : said;
      const named = cellOf(cells, carrier) || (code === said ? '' : cellOf(cells, carrierCode));
      const words = named || (code === '' ? recognised(trackingNumber) : undefined) || '';
      const entry = entryOf(code) ?? entryOf(words);
      const written = cellOf(cells, title) || words;
      const template = entry === undefined ? rules.defaultLink : entry.link;
      const link = template === null ? null : linkOf(template, trackingNumber);
      if (entry === undefined) return titled(code || defaultCode, written || defaultTitle, link);
      return titled(entry.code, entry.title || written || cellOf(cells, carrierCode) || defaultTitle, link);
    },
  };
}

function titled(code: string, title: string, link: string | null): Carrier {
  if (title.length <= TITLE_LENGTH) return { code, title, link, note: null };
  const note = `the title is cut to the ${TITLE_LENGTH} characters that Magento holds`;
  return { code, title: title.slice(0, TITLE_LENGTH).trim(), link, note };
}

/** Of the blanks in a number its carrier's page knows nothing. */
function linkOf(template: string, trackingNumber: string): string {
  return template.replace('{number}', encodeURIComponent(trackingNumber.replace(/\s/gu, '')));
}

function codeFault(code: string): string | undefined {
  if (code === '0') return 'holds "0", which Magento takes for empty';
  if (UNPRINTABLE.test(code) || !isStorable(code))
    return `holds a character that no carrier code has: ${quoted(code)}`;
  if (code.length > CODE_LENGTH) return `is longer than ${CODE_LENGTH} characters: ${quoted(code)}`;
  return undefined;
}

/** A text on one line, of characters that Magento can store, and no more of it than shows that it is too long. */
function shownText(cell: string): string {
  const line = storableLine(unwrapped(cell, 'text')).replace(/\s+/gu, ' ').trim();
  return line.slice(0, TITLE_LENGTH + 1);
}
