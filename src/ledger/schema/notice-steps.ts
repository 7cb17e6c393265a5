/**
 * What is wrong in the folders, for those who ask for the status: one line for each thing, gone when it is. `kind` is one of
 * those in notices.ts.
 */
export const NOTICES = `
  CREATE TABLE notices (
    kind     TEXT NOT NULL,
    inbox    TEXT NOT NULL,
    name     TEXT NOT NULL,
    message  TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, inbox, name)
  ) STRICT, WITHOUT ROWID;
`;
