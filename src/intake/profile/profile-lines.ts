import type { ColumnRole, Profile } from '../../domain/profile.ts';

/** What a profile is told to say; a column by its name or its position. */
export interface SuggestedKeys {
  readonly header?: 'none';
  readonly columns: Readonly<Partial<Record<ColumnRole, string | number>>>;
}

/**
 * The configuration that says which column is which, and where it belongs, as a sentence that begins with `advice`.
 * The YAML stands on one line: a report's cell and a log line keep no line breaks, without which indented YAML means
 * something else.
 */
export function profileHint(
  profile: Profile,
  { header, columns }: SuggestedKeys,
  advice = 'Say in a profile which column is which',
): string {
  const named = Object.entries(columns).map(([role, column]) => `${role}: ${yaml(column)}`);
  const keys = `${header ? `header: ${header}, ` : ''}columns: { ${named.join(', ')} }`;
  if (profile.origin === 'own') return `${advice}: profiles: { ${yaml(profile.name)}: { ${keys} } }.`;
  const start = profile.origin === 'preset' ? `extends: ${yaml(profile.name)}, ` : '';
  return `${advice}: profiles: { acme: { ${start}${keys} } }, and profile: acme for the inbox.`;
}

/** JSON's strings are YAML's: a name with a colon, a bracket or `#` would be read as something else without quotes. */
function yaml(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const isPlain = /^[\p{L}_]([\p{L}\p{N} _-]*[\p{L}\p{N}_])?$/u.test(value);
  return isPlain && !/^(true|false|null|yes|no|on|off|y|n|auto|none)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
