import type { Result } from './answer.ts';

/** Magento's names of the resources that the endpoints here ask for. */
export const RIGHTS = [
  'Magento_Sales::actions_view',
  'Magento_Sales::shipment',
  'Magento_Sales::ship',
] as const;
/** See RIGHTS. */
export type Right = (typeof RIGHTS)[number];

/** What is known of a caller: somebody with rights, nobody, or a refusal of its signature. */
export type Caller =
  | { readonly kind: 'integration' | 'admin'; readonly rights: ReadonlySet<Right> }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'refused'; readonly refusal: Result };

/** The one who has no rights at all: without a sign-in, with an unknown token or with an expired one. */
export const NOBODY: Caller = { kind: 'nobody' };

/** The token of an `Authorization: Bearer` header; null for any other header, and without one. */
export function bearerToken(authorization: string | undefined): string | null {
  return authorization !== undefined && /^bearer /iu.test(authorization)
    ? authorization.slice('bearer '.length)
    : null;
}

/** @throws RangeError for a right that no endpoint here asks for. */
export function knownRights(rights: readonly Right[]): ReadonlySet<Right> {
  for (const right of rights) {
    if (!RIGHTS.includes(right)) throw new RangeError(`The sandbox knows no right ${right}`);
  }
  return new Set(rights);
}
