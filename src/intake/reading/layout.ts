import type { ChosenProfile } from '../../domain/profile.ts';
import type { Columns } from '../profile/columns.ts';
import type { Dialect } from './cells.ts';

/** How a file was understood before its first record was read; goes through JSON. */
export interface DropLayout {
  /** Names of the columns as the header has them; `column_1` and so on where the file has no header. */
  readonly fields: readonly string[];
  readonly dialect: Dialect;
  readonly columns: Columns;
  /** Null for a file whose first line is a row already. */
  readonly header: HeaderPlace | null;
  readonly profile: ChosenProfile;
}

/** Where the header line stands; bytes count as in FileRecord. */
interface HeaderPlace {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
}
