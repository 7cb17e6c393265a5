import type { ColumnRole, Profile } from '../../domain/profile.ts';
import { yamlColumn, yamlText } from './yaml-text.ts';

/** What a profile is told to say; a column by its name or its position. */
interface SuggestedKeys {
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
  const named = Object.entries(columns).map(([role, column]) => `${role}: ${yamlColumn(column)}`);
  const keys = `${header ? `header: ${header}, ` : ''}columns: { ${named.join(', ')} }`;
  if (profile.origin === 'own') return `${advice}: profiles: { ${yamlText(profile.name)}: { ${keys} } }.`;
  const start = profile.origin === 'preset' ? `extends: ${yamlText(profile.name)}, ` : '';
  return `${advice}: profiles: { acme: { ${start}${keys} } }, and profile: acme for the inbox.`;
}
