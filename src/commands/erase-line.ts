/** Goes back to the start of a terminal's line and clears it (ECMA-48: CR, then EL with 2). */
export const ERASE_LINE = '\r\u001b[2K';
