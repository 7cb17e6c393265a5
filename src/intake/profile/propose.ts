import { COLUMN_ROLES, type ColumnRole, PLAIN } from '../../domain/profile.ts';
import { list, quoted } from '../wording.ts';
import { candidatesIn, NEEDED } from './candidates.ts';
import { shortRef } from './columns-named.ts';

/** What a starting profile says of one role. */
export interface Proposal {
  readonly role: ColumnRole;
  /** As a profile names it; null where no column should be taken without a person's word. */
  readonly column: string | number | null;
  /** `sure`: the file says so; `check`: a person should look; `open`: a needed column that a person must name. */
  readonly certainty: 'sure' | 'check' | 'open' | 'absent';
  /** Why, for a comment beside the line. */
  readonly why: string;
}

/** For each role the best column of a header line, and how sure that is: what a person starts a profile from. */
export function propose(fields: readonly string[]): readonly Proposal[] {
  const candidates = candidatesIn(fields, PLAIN);
  const names = (at: readonly number[]) => list(at.map((index) => quoted(fields[index] ?? '')));
  const proposals = COLUMN_ROLES.map((role): Proposal => {
    const { sure, possible, misleading } = candidates[role];
    const isNeeded = NEEDED.includes(role);
    const [at, ...others] = [
      ...(sure.length > 0 ? sure : possible),
      ...(isNeeded && sure.length === 0 ? misleading : []),
    ];
    if (at === undefined) {
      const perhaps = misleading.length > 0 ? `perhaps ${names(misleading)}` : 'no column looks like it';
      return { role, column: null, certainty: isNeeded ? 'open' : 'absent', why: perhaps };
    }
    const column = shortRef(at, fields);
    if (others.length > 0) return { role, column, certainty: 'check', why: `or ${names(others)}` };
    if (sure.length > 0) return { role, column, certainty: 'sure', why: `the name says so` };
    return { role, column, certainty: 'check', why: 'the name may mean something else' };
  });
  const hasSku = proposals.some(({ role, column }) => role === 'sku' && column !== null);
  const isOfItems = ({ role }: Proposal) =>
    role === 'quantity' && !hasSku && candidates.quantity.sure.length === 0;
  return proposals.map((proposal) =>
    isOfItems(proposal)
      ? { ...proposal, column: null, certainty: 'absent', why: 'no column looks like a SKU to count' }
      : proposal,
  );
}
