import type { Command } from 'commander';
import type { Shell } from './shell.ts';
import { type Asked, CONFIG, examples, upTo } from './usage.ts';

const SHOWN_ROWS = 20;
const MOST_SHOWN_ROWS = 10_000;

/** Adds what is done about profiles, a command below `profile` each. */
export function addProfileCommands(program: Command, asked: Asked, shell: Shell): void {
  const profile = program
    .command('profile')
    .description(
      "Say how a 3PL's files are read: try a file, start a profile, list and show those that are there",
    )
    .addHelpText(
      'after',
      examples(
        ['trackdrop profile try day.csv', 'see what would be read'],
        ['trackdrop profile new day.csv', 'a profile to start from'],
        ['trackdrop profile list', 'presets and your own'],
        ['trackdrop profile show dhl', 'a preset, or one of your own'],
      ),
    );

  addTry(profile, asked, shell);
  addNew(profile, asked, shell);
  addList(profile, asked, shell);
  addShow(profile, asked, shell);
}

function addTry(profile: Command, asked: Asked, shell: Shell): void {
  profile
    .command('try')
    .description('Show what would be read in a file: its rows, what is skipped, what is bad; writes nothing')
    .argument('<file>', 'a file as the 3PL drops it')
    .option(
      '--profile <name>',
      'a profile or preset, or a file that holds a profile (default: as the inbox says)',
    )
    .option('--inbox <name>', 'read it as this inbox would (default: the only one)')
    .option('--rows <n>', 'show so many rows', upTo(MOST_SHOWN_ROWS), SHOWN_ROWS)
    .option(...CONFIG)
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(
        ['trackdrop profile try day.csv', 'as the inbox would, or by the presets alone'],
        ['trackdrop profile try day.csv --profile dhl', 'by a preset'],
        ['trackdrop profile try day.csv --profile acme.yaml', 'by a profile in a file of its own'],
        ['trackdrop profile try day.csv --rows 100 --json', 'for programs'],
      ) +
        '\nExit codes: 0 every row can be read, 1 a bad row or an unreadable file, 2 no such file or profile',
    )
    .action(async (file: string, options: Partial<Named> & { rows: number; json?: true }) => {
      const [{ tryCommand }, { systemClock }] = await Promise.all([
        import('./profile/try.ts'),
        import('../runtime/clock.ts'),
      ]);
      const { config, profile, inbox, rows, json = false } = options;
      asked.exitCode = await tryCommand({ file, config, profile, inbox, rows, json }, shell, systemClock);
    });
}

function addNew(profile: Command, asked: Asked, shell: Shell): void {
  profile
    .command('new')
    .description('Write a profile to start from, by what a file shows; asks nothing, overwrites nothing')
    .argument('<file>', 'a file as the 3PL drops it')
    .option('--name <name>', "the profile's name (default: made of the file's)")
    .option('--write <path>', 'write it to a file of its own, called as the profile is')
    .option(...CONFIG)
    .addHelpText(
      'after',
      examples(
        ['trackdrop profile new ACME_20261122.csv', 'to read, or to put into trackdrop.yaml'],
        ['trackdrop profile new day.csv --name acme', 'called acme'],
        ['trackdrop profile new day.csv --write profiles/acme.yaml', 'for profilesFolder: profiles'],
      ),
    )
    .action(
      async (file: string, { name, write, config }: { name?: string; write?: string; config?: string }) => {
        const { newCommand } = await import('./profile/new.ts');
        asked.exitCode = await newCommand({ file, name, write, config }, shell);
      },
    );
}

function addList(profile: Command, asked: Asked, shell: Shell): void {
  profile
    .command('list')
    .description('List your own profiles and the presets')
    .option(...CONFIG)
    .addHelpText('after', examples(['trackdrop profile list', 'by name, with what they read']))
    .action(async ({ config }: { config?: string }) => {
      const { listCommand } = await import('./profile/list.ts');
      asked.exitCode = await listCommand({ config }, shell);
    });
}

function addShow(profile: Command, asked: Asked, shell: Shell): void {
  profile
    .command('show')
    .description('Print the YAML of a profile of your own or of a preset')
    .argument('<name>', 'the profile')
    .option(...CONFIG)
    .addHelpText(
      'after',
      examples(
        ['trackdrop profile show shipstation', 'to read'],
        ['trackdrop profile show dhl > profiles/acme.yaml', 'to start from, for profilesFolder: profiles'],
      ),
    )
    .action(async (name: string, { config }: { config?: string }) => {
      const { showCommand } = await import('./profile/show.ts');
      asked.exitCode = await showCommand({ name, config }, shell);
    });
}

interface Named {
  readonly config: string;
  readonly profile: string;
  readonly inbox: string;
}
