import { code, markdownTable } from '../../config/markdown.ts';
import { PROFILE_OPTION_LIST } from '../../config/profile-options.ts';
import { soundPresets } from '../../config/profiles.ts';
import { COLUMN_ROLES, type Profile } from '../../domain/profile.ts';
import { PHRASES } from '../../intake/profile/words.ts';
import { yamlList, yamlText } from '../../intake/profile/yaml-text.ts';
import { wrapWords } from '../table.ts';
import { KEY_EXAMPLES } from './key-examples.ts';

/** The sections of docs/profiles.md that say what the code says, by their marks. */
const SECTIONS: Readonly<Record<string, () => readonly string[]>> = {
  keys: keysTable,
  presets: presetsTable,
  words: wordLists,
};

/**
 * The page with what stands between `<!-- keys -->` and `<!-- end of keys -->`, and the like, made anew from the code.
 * @throws Error for a page without such a mark, or where a preset cannot be used.
 */
export function withGenerated(page: string): string {
  return Object.entries(SECTIONS).reduce((text, [name, lines]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/profiles.md has no ${start.trim()} with its end`);
    return `${text.slice(0, from)}${start}\n${lines().join('\n')}\n\n${text.slice(to)}`;
  }, page);
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
