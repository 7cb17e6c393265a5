import type { JsonSchema } from './kind.ts';
import { type OptionNode, treeOf } from './option.ts';
import { optionTree } from './options.ts';
import { PROFILE_OPTION_LIST } from './profile-options.ts';

/** The JSON Schema of the configuration file; keys of a later version take their default only. */
export function configurationSchema(): string {
  return schemaFile('Trackdrop configuration', optionTree());
}

/** The JSON Schema of a file that holds one profile. */
export function profileSchema(): string {
  return schemaFile('Trackdrop profile', treeOf(PROFILE_OPTION_LIST));
}

function schemaFile(title: string, options: OptionNode): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...schemaOf(options),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaOf({ path, option, children }: OptionNode): JsonSchema {
  if (option) {
    if (option.need === 'later')
      return { description: `Not there yet. ${option.doc}`, const: option.written };
    const fallback = option.need === 'default' ? { default: option.written } : {};
    return { description: option.doc, ...option.kind.schema, ...fallback };
  }
  const item = children.get('[]');
  if (item) return { type: 'array', ...(path === 'inboxes' ? { minItems: 1 } : {}), items: schemaOf(item) };
  const any = children.get('*');
  if (any) {
    const fewest = path === 'stores' ? { minProperties: 1 } : {};
    return { type: 'object', ...fewest, additionalProperties: schemaOf(any) };
  }
  const properties = Object.fromEntries([...children].map(([name, child]) => [name, schemaOf(child)]));
  const required = [...children].filter(([, { option }]) => option?.need === 'needed').map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length ? { required } : {}),
  };
}
