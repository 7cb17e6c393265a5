import type { ColumnRole, Profile } from '../../domain/profile.ts';

/**
 * The configuration that says which column is which, and where it belongs, as a sentence. The YAML stands on one
 * line: a report's cell and a log line keep no line breaks, without which indented YAML means something else.
 */
export function profileHint(
  profile: Profile,
  columns: Readonly<Partial<Record<ColumnRole, string | number>>>,
): string {
  const named = Object.entries(columns).map(([role, column]) => `${role}: ${yaml(column)}`);
  const inner = `columns: { ${named.join(', ')} }`;
  if (profile.origin === 'own') return `Say in the profile ${profile.name} which is which, such as ${inner}.`;
  const start = profile.origin === 'preset' ? `extends: ${yaml(profile.name)}, ` : '';
  return `Say in a profile which is which, such as profiles: { acme: { ${start}${inner} } }, and give the inbox profile: acme.`;
}

/** JSON's strings are YAML's: a name with a colon, a bracket or `#` would be read as something else without quotes. */
function yaml(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const isPlain = /^[\p{L}_][\p{L}\p{N} _-]*[\p{L}\p{N}]$/u.test(value);
  return isPlain && !/^(true|false|null|yes|no|on|off|auto|none)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
