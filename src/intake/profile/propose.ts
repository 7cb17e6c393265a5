import { COLUMN_ROLES, type ColumnRole, PLAIN } from '../../domain/profile.ts';
import { candidatesIn, NEEDED } from './candidates.ts';

/** What a starting profile says of one role. */
export interface Proposal {
  readonly role: ColumnRole;
  /**
   * `sure`: the name says so; `check`: the name may mean something else, and no other column fits; `choose`: a person
   * must say which of the columns it is, if any; `absent`: no name hints at it.
   */
  readonly certainty: 'sure' | 'check' | 'choose' | 'absent';
  /**
   * The columns that it may be, counted from 0, the likeliest first; one of them where the certainty is sure or check.
   */
  readonly at: readonly number[];
}

/** For each role the columns of a header line that it may be: what a person starts a profile from. */
export function propose(fields: readonly string[]): readonly Proposal[] {
  const candidates = candidatesIn(fields, PLAIN);
  const proposals = COLUMN_ROLES.map((role): Proposal => {
    const { sure, possible, misleading } = candidates[role];
    const [one] = sure.length > 0 ? sure : possible;
    // Beside a word that misleads, a column that has to be there is not taken by a word that is possible.
    const rivals = sure.length > 0 ? sure : NEEDED.includes(role) ? [...possible, ...misleading] : possible;
    if (one !== undefined && rivals.length === 1)
      return { role, certainty: sure.length > 0 ? 'sure' : 'check', at: [one] };
    const at = rivals.length > 0 ? rivals : misleading;
    return { role, certainty: at.length > 0 ? 'choose' : 'absent', at };
  });
  const hasSku = proposals.some(({ role, certainty }) => role === 'sku' && certainty !== 'absent');
  const isOfParcels = ({ role }: Proposal) =>
    role === 'quantity' && !hasSku && candidates.quantity.sure.length === 0;
  return proposals.map((proposal) =>
    isOfParcels(proposal) ? { ...proposal, certainty: 'absent', at: [] } : proposal,
  );
}
