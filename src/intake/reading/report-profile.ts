import type { ProfileChoice } from '../../domain/profile.ts';
import type { Chosen } from '../profile/choose.ts';
import { unwrapped } from '../protect.ts';
import { cutRecords, DELIMITERS_TRIED } from './cells.ts';
import type { Head } from './head.ts';

const PROFILE_COLUMN = 'trackdrop_profile';

/**
 * The profile that read the drop of which this is the report, as the report says in its first row. Neither the name,
 * which people change, nor the header, which a file without one got from us, always leads to it. Undefined where the
 * inbox names its profile, where the report names none, and where it names one that is not there any more.
 */
export function profileByReport(
  { text, lines: [first] }: Head,
  { fixed, known }: ProfileChoice,
): Chosen | undefined {
  if (fixed !== null || first === undefined) return undefined;
  for (const delimiter of DELIMITERS_TRIED) {
    const dialect = { delimiter, lineEnd: first.lineEnd, quotes: true, restColumn: null };
    const { records } = cutRecords(text.subarray(first.start), dialect);
    const at = records[0]?.cells.indexOf(PROFILE_COLUMN) ?? -1;
    if (at < 0) continue;
    const named = unwrapped(records[1]?.cells[at] ?? '', 'text');
    const profile = known.find(({ name }) => named.startsWith(`${name}: `));
    return profile && { profile, why: 'it read the drop of which this is the report' };
  }
  return undefined;
}
