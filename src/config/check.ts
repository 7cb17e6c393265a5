import { Checker } from './checker.ts';
import { segments } from './option.ts';
import { NAME } from './option-kinds.ts';
import { OPTIONS, type OptionPath, type OptionValue, optionTree } from './options.ts';
import { type CheckedProfile, profileAt } from './profile-check.ts';
import type { Written } from './written.ts';
import { isTree, type Place } from './yaml-file.ts';

/** The written configuration with every value checked by itself; what it means together is decided elsewhere. */
export interface Checked {
  readonly storeNames: readonly string[];
  readonly inboxCount: number;
  /** Those that stand in the configuration itself. */
  readonly profiles: readonly CheckedProfile[];
  /** The option's value; `at` is the store's name or the inbox's position. */
  value<P extends OptionPath>(path: P, at?: string | number): OptionValue<P>;
  /** Whether anything stands at the option or group. */
  has(path: string, at?: string | number): boolean;
  /** Whether something stands at the option, and was not taken: a problem already, and its default a stand-in. */
  isRefused(path: OptionPath, at?: string | number): boolean;
  /** Notes a problem at an option or group. */
  problem(path: string, at: string | number | undefined, words: string): void;
  /** Every problem, those found while reading first; others may be added. */
  readonly problems: string[];
}

/**
 * Checks what was written against the options: keys, kinds, and which entries there are. Nothing is thrown:
 * what is wrong is in `problems`, and a value that is refused counts as its default meanwhile.
 */
export function check(written: Written): Checked {
  const { tree } = written;
  const problems = [...written.problems];
  const checker = new Checker(optionTree(), written.whereIs, problems);
  checker.check(tree, 'keys such as stores: and inboxes:');
  const inboxes = isTree(tree) && Array.isArray(tree.inboxes) ? tree.inboxes.length : undefined;
  if (inboxes === 0) checker.note(['inboxes'], 'found an empty list; expected at least one inbox');
  return {
    storeNames: namesUnder(tree, 'stores'),
    inboxCount: inboxes ?? 1,
    profiles: namesUnder(tree, 'profiles').map((name) => profileAt(checker, ['profiles', name], name)),
    value(path, at) {
      const option = OPTIONS[path];
      const found = checker.valueAt(placeOf(path, at));
      // A refused value leaves the default in its place: the problem is noted and thrown before anyone uses it. Null
      // is a value: `forever`, for one.
      const isMissing = found === undefined && option.need === 'default';
      const value = isMissing ? option.kind.read(option.written) : found;
      // What the table's kind has read is of the type that the table's type names.
      return value as OptionValue<typeof path>;
    },
    has: (path, at) => checker.has(placeOf(path, at)),
    isRefused: (path, at) =>
      checker.has(placeOf(path, at)) && checker.valueAt(placeOf(path, at)) === undefined,
    problem: (path, at, words) => checker.note(placeOf(path, at), words),
    problems,
  };
}

function namesUnder(tree: unknown, group: string): string[] {
  const below = isTree(tree) ? tree[group] : undefined;
  return isTree(below) ? Object.keys(below).filter((name) => NAME.test(name)) : [];
}

function placeOf(path: string, at?: string | number): Place {
  return segments(path).map((part) => ((part === '*' || part === '[]') && at !== undefined ? at : part));
}
