import { RE2JS } from 're2js';
import type { NumberRules, OrderRules } from '../../domain/profile.ts';
import { quoted } from '../wording.ts';

/** A number as it counts, or what is wrong with the cell's, in words that follow its column's name. */
type RuledNumber = { readonly value: string } | { readonly problem: string };

/**
 * Prepares making the shop's order number, or the carrier's number, of what a file says, by a profile's rules: `ACME-1234-1` becomes `000001234`
 * where `ACME-` and `-1` are taken off and nine digits are wanted. Undefined where the profile has no such rule.
 */
export function openNumberRules(
  rules: NumberRules & Partial<OrderRules>,
): ((written: string) => RuledNumber) | undefined {
  const { stripPrefixes, stripSuffixes, pattern, padTo = null } = rules;
  if (stripPrefixes.length === 0 && stripSuffixes.length === 0 && pattern === null && padTo === null)
    return undefined;
  const prefixes = stripPrefixes.map((text) => text.toLowerCase());
  const suffixes = stripSuffixes.map((text) => text.toLowerCase());
  const expression = pattern === null ? undefined : RE2JS.compile(pattern);

  return (written) => {
    const bare = withoutSuffix(withoutPrefix(written, prefixes), suffixes);
    if (bare === '' && written !== '')
      return { problem: `holds ${quoted(written)}, of which the profile's rules leave nothing` };
    const found = expression === undefined ? { value: bare } : matched(expression, bare);
    if ('fault' in found)
      return {
        problem: `holds ${quoted(written)}, in which the profile's pattern ${quoted(pattern ?? '')} finds ${found.fault}`,
      };
    const { value } = found;
    return { value: padTo !== null && /^\d+$/.test(value) ? value.padStart(padTo, '0') : value };
  };
}

/** Cut by its own length: lower case may be longer than what it is made of. */
function withoutPrefix(value: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((text) => value.slice(0, text.length).toLowerCase() === text);
  return prefix === undefined ? value : value.slice(prefix.length).trim();
}

function withoutSuffix(value: string, suffixes: readonly string[]): string {
  const suffix = suffixes.find((text) => text !== '' && value.slice(-text.length).toLowerCase() === text);
  return suffix === undefined ? value : value.slice(0, -suffix.length).trim();
}

/**
 * The first group where there is one and it took part, else the whole match; or why that is no number to rely on, in
 * words that follow "finds": a part of a longer number would be another order's, and of two nothing says which.
 */
function matched(expression: RE2JS, value: string): { readonly value: string } | { readonly fault: string } {
  const matcher = expression.matcher(value);
  if (!matcher.find()) return { fault: 'no number' };
  const group = matcher.groupCount() > 0 ? matcher.group(1) : null;
  const number = (group ?? matcher.group())?.trim();
  if (!number) return { fault: 'no number' };
  if (isAmongDigits(value, matcher.start()) || isAmongDigits(value, matcher.end()))
    return { fault: `only a part of a longer number: ${quoted(number)}` };
  while (matcher.find())
    if (matcher.end() > matcher.start()) return { fault: `more than one number, ${quoted(number)} first` };
  return { value: number };
}

/** True where a digit stands on both sides of a place in a text. */
function isAmongDigits(value: string, at: number): boolean {
  return /^\d\d$/.test(value.slice(Math.max(at - 1, 0), at + 1));
}
