import { exampleFile } from './example.ts';
import { referencePage } from './reference.ts';
import { configurationSchema, profileSchema } from './schema.ts';

/** Every file that is generated as a whole, by its path below the repository's root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['config/trackdrop.schema.json', configurationSchema()],
    ['config/profile.schema.json', profileSchema()],
    ['config/trackdrop.example.yaml', exampleFile()],
    ['config/REFERENCE.md', referencePage()],
  ]);
}
