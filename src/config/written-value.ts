import { stringify } from 'yaml';

/** A value on one line, as a person would write it in the file. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`;
  return stringify(value, { defaultStringType: 'PLAIN', lineWidth: 0 }).trim();
}
