import { stringify } from 'yaml';

/** A value on one line, as a person would write it in the file. */
export function inYaml(value: unknown): string {
  return stringify(value, {
    defaultStringType: 'PLAIN',
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
  }).trim();
}
