import { code, markdownTable } from '../../config/markdown.ts';
import { PROFILE_OPTION_LIST } from '../../config/profile-options.ts';
import { soundPresets } from '../../config/profiles.ts';
import { COLUMN_ROLES, type Profile } from '../../domain/profile.ts';
import { PHRASES } from '../../intake/profile/words.ts';
import { yamlList, yamlText } from '../../intake/profile/yaml-text.ts';
import { type Sections, withSections } from '../generated-sections.ts';
import { wrapWords } from '../table.ts';
import { KEY_EXAMPLES } from './key-examples.ts';

const SECTIONS: Sections = { keys: keysTable, presets: presetsTable, words: wordLists };

/**
 * docs/profiles.md with its tables and lists made anew from the code.
 * @throws Error for a page without one of their marks, or where a preset cannot be used.
 */
export function withGenerated(page: string): string {
  return withSections(page, 'docs/profiles.md', SECTIONS);
}

function keysTable(): string[] {
  const examples = new Map(Object.entries(KEY_EXAMPLES));
  const rows = PROFILE_OPTION_LIST.map(([path, { doc }]) => [
    code(path),
    code(flow(examples.get(path))),
    doc,
  ]);
  return markdownTable(['Key', 'Such as', 'What it does'], rows);
}

function presetsTable(): string[] {
  return markdownTable(
    ['Name', 'What it reads', 'Taken by `auto` for'],
    soundPresets().map((preset) => [code(preset.name), preset.about, signs(preset)]),
  );
}

function signs({ files, headers }: Profile): string {
  const parts = [
    ...(files.length > 0 ? [`files called ${files.map(code).join(', ')}`] : []),
    ...(headers.length > 0 ? [`headers with ${headers.map(code).join(', ')}`] : []),
  ];
  return parts.join('; ') || 'nothing: name it in the inbox';
}

const PAGE_WIDTH = 120;

const CLASSES = [
  ['sure', 'Sure'],
  ['possible', 'Taken where no other column could be it'],
  ['misleading', 'Never taken by itself'],
] as const;

function wordLists(): string[] {
  return COLUMN_ROLES.flatMap((role, at) => [
    ...(at > 0 ? [''] : []),
    '<details>',
    `<summary><code>${role}</code></summary>`,
    '',
    ...CLASSES.flatMap(([certainty, title]) => {
      const words = PHRASES[role][certainty].map(({ shown }) => shown);
      return words.length === 0 ? [] : [...wrapWords(`${title}: ${words.join(', ')}.`, PAGE_WIDTH), ''];
    }),
    '</details>',
  ]);
}

/** A word that means itself to YAML or to a key stands as it is. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return yamlList(value.map(String));
  return typeof value === 'string' && !/^(?:auto|none)$/.test(value) ? yamlText(value) : String(value);
}
