/**
 * Why the ledger cannot be written at the moment: its `disk` is full, over its quota or ill, another program has it `locked`,
 * or its file is `away`.
 */
export type UnwritableCause = 'disk' | 'locked' | 'away';
