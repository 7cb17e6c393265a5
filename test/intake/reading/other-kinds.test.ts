import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseOtherKinds } from '../../../src/intake/reading/other-kinds.ts';
import { unreadable } from './contents.ts';

const SAVE_WORKBOOK = /In Excel: File > Save As > CSV UTF-8 \(Comma delimited\); in LibreOffice/;

/** The first bytes, as the formats' specifications and their programs write them; what it is; what to do. */
const KINDS: readonly [starts: string, what: RegExp, hint: RegExp][] = [
  [
    'PK\x03\x04\x14\0\x06\0[Content_Types].xml....xl/workbook.xml',
    /an Excel workbook \(XLSX\)/,
    SAVE_WORKBOOK,
  ],
  ['PK\x03\x04\x14\0\x08\x08[Content_Types].xml', /probably an Excel workbook/, SAVE_WORKBOOK],
  [
    'PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
    /LibreOffice workbook/,
    SAVE_WORKBOOK,
  ],
  ['PK\x03\x04\x14\0[Content_Types].xml....word/document.xml', /Word document/, /save it as CSV/],
  ['PK\x03\x04\x14\0orders.csv', /a ZIP archive/, /Unpack it/],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /old Excel workbook/, SAVE_WORKBOOK],
  [
    '<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>',
    /Excel workbook \(XML\)/,
    SAVE_WORKBOOK,
  ],
  ['%PDF-1.7\n', /PDF/, /save it as CSV/],
  ['{\\rtf1\\ansi', /Rich Text/, /save it as CSV/],
  ['\x89PNG\r\n\x1a\n', /picture/, /have them exported as CSV/],
  ['\xff\xd8\xff\xe0\0\x10JFIF', /picture/, /have them exported as CSV/],
  ['GIF89a', /picture/, /have them exported as CSV/],
  ['II*\0\x08\0\0\0', /picture/, /have them exported as CSV/],
  ['BM\x36\x10\0\0\0\0\0\0\x36\0', /picture/, /have them exported as CSV/],
  ['RIFF\x24\x10\0\0WEBPVP8 ', /picture/, /have them exported as CSV/],
  ['\0\0\0\x18ftypheic', /picture/, /have them exported as CSV/],
  ['\x1f\x8b\x08\0', /compressed/, /Unpack it/],
  ['7z\xbc\xaf\x27\x1c', /compressed/, /Unpack it/],
  ['Rar!\x1a\x07', /compressed/, /Unpack it/],
  ['BZh91AY&SY', /compressed/, /Unpack it/],
  ['\xfd7zXZ\0', /compressed/, /Unpack it/],
  [`orders.csv${'\0'.repeat(247)}ustar\0`, /TAR archive/, /Unpack it/],
  ['\xef\xbb\xbf\n<!DOCTYPE html><html>', /web page/, /fetch the file again/],
  ['<html><head><title>502 Bad Gateway</title>', /web page/, /fetch the file again/],
  ['<table border="1"><tr><th>Order</th>', /web page.*with a table/, /shows the rows.*exported as CSV/],
  ['<html xmlns:x="urn:x">\n<body><table>\n<tr><td>1', /with a table/, /shows the rows/],
  ['\xff\xfe\0\0o\0\0\0r\0\0\0', /UTF-32/, /Save it as UTF-8/],
  ['\0\0\xfe\xff\0\0\0o\0\0\0r', /UTF-32/, /Save it as UTF-8/],
  ['o\0\0\0r\0\0\0', /UTF-32/, /Save it as UTF-8/],
  ['<!-- login -->\n<HTML>', /web page/, /fetch the file again/],
  ['<?xml version="1.0" encoding="UTF-8"?>\n<Orders>', /XML/, /save it as CSV/],
  ['{"error":"unauthorized"}', /JSON/, /fetch the file again/],
  ['[{"order":1}]', /JSON/, /fetch the file again/],
  ['Received: from mail.example.com by mx\r\n\tfor <a@b>', /e-mail/, /attached/],
  ['MIME-Version: 1.0\r\nContent-Type: text/plain\r\n', /e-mail/, /attached/],
  ['\x7fELF\x02\x01', /program/, /save it as CSV/],
];

for (const [starts, what, hint] of KINDS) {
  test(`a file that starts with ${JSON.stringify(starts.slice(0, 24))} is called by its name`, async () => {
    const error = await unreadable(Buffer.from(starts, 'latin1'));
    assert.equal(error.code, 'not-text');
    assert.match(error.message, what);
    assert.match(error.hint, hint);
  });
}

test('a CSV file is not taken for anything else by what its first cell holds', () => {
  const first = [
    'BZhang',
    'Received',
    'MM',
    '{order}',
    '[1]',
    'GIFT',
    '<none>',
    'PK',
    'X-Order: no',
    'Rar',
    'II*',
    'BMW',
  ];
  for (const cell of first) refuseOtherKinds(Buffer.from(`${cell},tracking_number\n1,2\n`));
});
