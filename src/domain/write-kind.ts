import { sourceKey } from './named-source.ts';
import type { Action } from './write.ts';

/**
 * Writes that may fail for themselves: numbers for shipments that are there, or shipments from the source of this code
 * (null: for which none is named, so that the shop chooses).
 */
export type WriteKind =
  | { readonly writes: 'track' }
  | { readonly writes: 'ship'; readonly source: string | null };

/** Writes of one kind, or of all kinds together. */
export type Writes = WriteKind | { readonly writes: 'all' };

/** The key under which two are the same; see `sourceKey`. */
export function writesKey(kind: Writes): string {
  if (kind.writes !== 'ship' || kind.source === null) return kind.writes;
  return `ship from ${sourceKey(kind.source)}`;
}

/** The kind that fails and comes through together with this write; null for a mail, which may be sent whatever is kept. */
export function kindOf(action: Action): WriteKind | null {
  switch (action.kind) {
    case 'ship':
      return { writes: 'ship', source: action.source };
    case 'track':
    case 'untrack':
      return { writes: 'track' };
    case 'mail':
      return null;
  }
}
