import type { Profile } from '../domain/profile.ts';
import { code, markdownTable } from './markdown.ts';
import type { Option } from './option.ts';
import { OPTION_LIST, OTHER_VARIABLES } from './options.ts';
import { PROFILE_OPTION_LIST } from './profile-options.ts';
import { soundPresets } from './profiles.ts';
import { inYaml } from './written-value.ts';

/** The reference of all keys, presets and variables, in Markdown. */
export function referencePage(): string {
  const there = OPTION_LIST.filter(([, { need }]) => need !== 'later');
  const later = OPTION_LIST.filter(([, { need }]) => need === 'later');
  const variables = OPTION_LIST.filter(([, { env }]) => env !== undefined);
  return [
    '# Configuration reference',
    '',
    'Generated from `src/config/options.ts`, `src/config/profile-options.ts` and `config/profiles/` by `npm run generate`.',
    '',
    'The file is the one that `--config` names, else `TRACKDROP_CONFIG`, else `./trackdrop.yaml`, else',
    '`/etc/trackdrop/trackdrop.yaml`; without any, the environment alone. A variable wins over the file. Relative',
    'paths start at the folder of the file. Durations are written `500ms`, `5s`, `2m`, `4h`, `14d`, sizes `64KiB`,',
    '`1MiB`, `2GiB`. The file is read at start.',
    '',
    '## Keys',
    '',
    ...markdownTable(
      ['Key', 'Value', 'Default', 'What it does'],
      there.map(([path, option]) => [code(path), option.kind.name, defaultOf(option), option.doc]),
    ),
    '',
    'Each store has exactly one of `auth.oauth`, `auth.bearer` and `auth.admin`.',
    '',
    ...profileSection(),
    '## Not there yet',
    '',
    'These keys have their place already, and are refused when set to anything but what is shown.',
    '',
    ...markdownTable(
      ['Key', 'Value', 'Only', 'What it will do'],
      later.map(([path, option]) => [code(path), option.kind.name, defaultOf(option), option.doc]),
    ),
    '',
    '## Environment',
    '',
    'For one store and one inbox. An empty variable counts as unset. A secret may be kept in a file of its own:',
    'append `_FILE` to the name of its variable, and set it to the path.',
    '',
    ...markdownTable(
      ['Variable', 'Sets'],
      [
        ...Object.entries(OTHER_VARIABLES).map(([name, doc]) => [code(name), doc]),
        ...variables.map(([path, { env = '', kind }]) => [
          [env, ...(kind.secret ? [`${env}_FILE`] : [])].map(code).join(', '),
          code(path),
        ]),
      ],
    ),
    '',
  ].join('\n');
}

function profileSection(): string[] {
  return [
    '## Profiles',
    '',
    'A profile says how the files of one 3PL are read. Those under `profiles` in the configuration, a name each, and',
    'those of `profilesFolder`, a file each, have these keys, and none of them must be written. An inbox names the one',
    'that holds, or leaves it to `auto`, which looks first at the name of the file (`files`), then at its header',
    '(`headers`), at your own profiles before the presets.',
    '',
    ...markdownTable(
      ['Key', 'Value', 'Default', 'What it does'],
      PROFILE_OPTION_LIST.map(([path, option]) => [
        code(path),
        option.kind.name,
        defaultOf(option),
        option.doc,
      ]),
    ),
    '',
    'Names of columns are compared without case, blanks, `_`, `-` and dots.',
    '',
    '### Presets',
    '',
    'They come with Trackdrop (`config/profiles/`), each written to a public description of the format. A profile of',
    'your own may start from one (`extends`), and takes its place where it has its name.',
    '',
    ...markdownTable(
      ['Name', 'What it reads', 'Found by `auto`'],
      soundPresets().map((preset) => [code(preset.name), preset.about, foundBy(preset)]),
    ),
    '',
  ];
}

function foundBy({ files, headers }: Profile): string {
  const codes = (words: readonly string[]) => words.map(code).join(', ');
  const ways = [
    ...(files.length > 0 ? [`the name ${codes(files)}`] : []),
    ...(headers.length > 0 ? [`the columns ${codes(headers)}`] : []),
  ];
  return ways.join('; or ') || 'never: name it';
}

function defaultOf({ words, written }: Option): string {
  if (words) return words;
  return written === null ? 'none' : code(inYaml(written));
}
