import type { ColumnRole } from '../../domain/profile.ts';
import { yamlList, yamlText } from '../../intake/profile/yaml-text.ts';
import type { ProposedRole, StartingProfile } from './starting-profile.ts';

const MOST_WORDS = 12;
/** The configuration takes no longer pattern. */
const LONGEST_WORD = 255;

/** A column whose words the shop may not know, and the map that says what they mean. */
interface Mapped {
  readonly role: ColumnRole;
  /** What the shop itself knows it by, as YAML; undefined where it does not know the word. */
  readonly known: (word: string) => string | undefined;
  readonly question: string;
  readonly map: string;
  readonly target: string;
}

const MAPPED: readonly Mapped[] = [
  {
    role: 'storeView',
    known: (word) => (/^\d{1,5}$/.test(word) ? String(Number(word)) : undefined),
    question: "# Which store views are these? Write Magento's ids, and take the # away:",
    map: 'storeViews',
    target: 'id',
  },
  {
    role: 'source',
    known: (word) => (/\s/.test(word) ? undefined : yamlText(word)),
    question: "# Which inventory sources are these? Write Magento's codes, and take the # away:",
    map: 'sources',
    target: 'code',
  },
];

/** The lines of the maps that a profile needs, as comments: only the merchant knows what the words mean. */
export function mapLines({ roles }: Pick<StartingProfile, 'roles'>): string[] {
  return MAPPED.flatMap(({ role, known, question, map, target }) => {
    const words = wordsOf(roles.find((each) => each.role === role));
    if (words.every((word) => known(word) !== undefined)) return [];
    const entries = words
      .slice(0, MOST_WORDS)
      .map((word) => `#   - { says: ${yamlList([word])}, ${target}: ${known(word) ?? ''} }`);
    return [question, `# ${map}:`, ...entries];
  });
}

function wordsOf(role: ProposedRole | undefined): readonly string[] {
  const isTaken = role?.certainty === 'sure' || role?.certainty === 'check';
  const counts = isTaken ? (role.columns[0]?.values.counts ?? []) : [];
  return counts.map(([word]) => word).filter((word) => word.length <= LONGEST_WORD);
}
