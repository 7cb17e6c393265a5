/** The bytes that cut a text into records and cells; in UTF-8 none of them is part of another character. */
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const BLANK = 0x20;
export const QUOTE = 0x22;
