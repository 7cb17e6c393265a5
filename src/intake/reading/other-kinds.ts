import { UnreadableDropError } from '../../domain/failure.ts';

const SAVE_AS_CSV = 'Open it in the program that made it, save it as CSV (UTF-8), and drop that file.';
const SAVE_WORKBOOK =
  'In Excel: File > Save As > CSV UTF-8 (Comma delimited); in LibreOffice: File > Save As > Text CSV. Then drop that file.';
const NO_ROWS =
  'A picture holds no rows that can be read: have them exported as CSV where they come from, and drop that file.';
const SAVE_TABLE =
  'Where a browser shows the rows in it, have them exported as CSV; else whoever fetched the file got a message in its place, and should fetch it again.';
const SAVE_AS_UTF8 = 'Save it as UTF-8, and drop that file.';
const UNPACK = 'Unpack it, and drop the CSV file that is inside.';
const ASK_AGAIN =
  'Whoever fetched it got a message instead of the file: fetch the file again, and drop that.';

/** Signatures of what is dropped under a name like `orders.csv` and is something else. */
const OTHER_KINDS: readonly {
  readonly what: string;
  readonly starts: readonly (string | RegExp)[];
  readonly hint: string;
}[] = [
  { what: 'an old Excel workbook (XLS)', starts: ['\xd0\xcf\x11\xe0'], hint: SAVE_WORKBOOK },
  { what: 'a PDF document', starts: ['%PDF-'], hint: SAVE_AS_CSV },
  { what: 'a document in Rich Text Format (RTF)', starts: ['{\\rtf'], hint: SAVE_AS_CSV },
  {
    what: 'a picture',
    starts: [
      '\x89PNG',
      '\xff\xd8\xff',
      'GIF8',
      /^BM.{4}\0{4}/s,
      'II*\0',
      'MM\0*',
      /^RIFF....WEBP/s,
      /^....ftyp(heic|heix|mif1|avif)/s,
    ],
    hint: NO_ROWS,
  },
  {
    what: 'a compressed file',
    starts: ['\x1f\x8b', '7z\xbc\xaf', 'Rar!', /^BZh[1-9]1AY/, '\xfd7zXZ', '(\xb5/\xfd'],
    hint: UNPACK,
  },
  { what: 'a TAR archive', starts: [/^.{257}ustar/s], hint: UNPACK },
  {
    what: 'an Excel workbook (XML)',
    starts: [/^(\xef\xbb\xbf)?\s*<\?xml\s[^>]*>\s*<\?mso-application\s+progid="Excel/is],
    hint: SAVE_WORKBOOK,
  },
  {
    what: 'a web page (HTML) with a table',
    starts: [/^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|meta|body|table)\b.*?<t[dh]\b/is],
    hint: SAVE_TABLE,
  },
  {
    what: 'a web page (HTML)',
    starts: [
      /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body|table)\b/is,
    ],
    hint: ASK_AGAIN,
  },
  { what: 'an XML document', starts: [/^(\xef\xbb\xbf)?\s*<\?xml\s/is], hint: SAVE_AS_CSV },
  {
    what: 'a JSON document',
    starts: [/^(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*(\{|\[|"[^"]*"\s*[,\]]))/s],
    hint: ASK_AGAIN,
  },
  {
    what: 'an e-mail',
    starts: [
      /^(Return-Path|Received|Delivered-To|MIME-Version|Message-ID|X-[\w-]+): [^\n]*\n([\w-]+: |[ \t]+\S)/i,
    ],
    hint: 'Save the file that is attached to it, and drop that.',
  },
  {
    what: 'text in UTF-32',
    starts: ['\xff\xfe\0\0', '\0\0\xfe\xff', /^[^\0]\0{3}[^\0]\0{3}/, /^\0{3}[^\0]\0{3}[^\0]/],
    hint: SAVE_AS_UTF8,
  },
  { what: 'a program', starts: ['MZ\x90\0', '\x7fELF'], hint: SAVE_AS_CSV },
];

/**
 * Looks at the first bytes of a file, for what is no CSV file whatever its name says.
 * @throws UnreadableDropError `not-text`, with what it is and what to do.
 */
export function refuseOtherKinds(start: Buffer): void {
  const text = start.toString('latin1');
  const kind = text.startsWith('PK\x03\x04')
    ? zipKind(text)
    : OTHER_KINDS.find(({ starts }) =>
        starts.some((sign) => (typeof sign === 'string' ? text.startsWith(sign) : sign.test(text))),
      );
  if (kind === undefined) return;
  throw notText(`This is ${kind.what}, not a CSV file, whatever its name says.`, kind.hint);
}

/** A file that is no text, or not the text that it should be. */
export function notText(message: string, hint = SAVE_AS_CSV): UnreadableDropError {
  return new UnreadableDropError('not-text', message, 1, hint);
}

/** An office document is a ZIP archive whose entries say what it is; OpenDocument has its type in the first entry. */
function zipKind(text: string): { what: string; hint: string } {
  if (text.includes('opendocument.spreadsheet'))
    return { what: 'a LibreOffice workbook (ODS)', hint: SAVE_WORKBOOK };
  if (/xl\/|sheet\d*\.xml|\.xlsx/i.test(text))
    return { what: 'an Excel workbook (XLSX)', hint: SAVE_WORKBOOK };
  if (text.includes('word/')) return { what: 'a Word document (DOCX)', hint: SAVE_AS_CSV };
  // Excel may put its entries in an order that shows none of its own names in the first of them.
  if (text.includes('[Content_Types].xml'))
    return { what: 'an office document, probably an Excel workbook (XLSX)', hint: SAVE_WORKBOOK };
  return { what: 'a ZIP archive', hint: UNPACK };
}
