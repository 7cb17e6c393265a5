import type { Kind } from './kind.ts';

/**
 * Whether an option must be written:
 * - `default`: no; `written` holds.
 * - `derived`: no; what holds depends on other options, as `words` say.
 * - `needed`: yes, where the group that it stands in is written.
 * - `later`: the key belongs to a version to come; nothing but `written` is taken.
 */
type Need = 'default' | 'derived' | 'needed' | 'later';

/** An option of the tables, from which checking, schema, reference and example are made. */
export interface Option<T = unknown, N extends Need = Need> {
  readonly kind: Kind<T>;
  readonly need: N;
  /** The default as a person would write it. */
  readonly written: unknown;
  /** The default in words, where no value can say it. */
  readonly words: string;
  /** What it does, for the reference page and the example. */
  readonly doc: string;
  /** A value for the example file, where the default would not show what is meant. */
  readonly example: unknown;
  /** The environment variable of the short case. */
  readonly env: string | undefined;
}

interface About {
  readonly doc: string;
  readonly example?: unknown;
  readonly env?: string;
}

/** An option that may be left out; `written` is its default, as a person would write it. */
export function withDefault<T>(kind: Kind<T>, written: unknown, about: About): Option<T, 'default'> {
  return { kind, need: 'default', written, words: '', ...filled(about) };
}

/** An option that may be left out; what it is then is decided from the others, in `words` for the reference page. */
export function derived<T>(kind: Kind<T>, words: string, about: About): Option<T, 'derived'> {
  return { kind, need: 'derived', written: undefined, words, ...filled(about) };
}

/** An option that must be written. */
export function needed<T>(kind: Kind<T>, about: About): Option<T, 'needed'> {
  return { kind, need: 'needed', written: undefined, words: 'must be written', ...filled(about) };
}

/** An option of a version to come: known, so that it is not called a typing error, and refused. */
export function later(kind: Kind<unknown>, written: unknown, about: About): Option<unknown, 'later'> {
  return { kind, need: 'later', written, words: '', ...filled(about) };
}

function filled(about: About): { doc: string; example: unknown; env: string | undefined } {
  return { doc: about.doc, example: about.example, env: about.env };
}

/** The value of an option; undefined only where it was not written and has no default of its own. */
export type ValueOf<O> =
  O extends Option<infer T, infer N> ? (N extends 'default' ? T : T | undefined) : never;

/** What an option's kind makes of a written value, whether it has a default or not. */
export type WrittenOf<O> = O extends Option<infer T, Need> ? T : never;

/** A table of options as a list. In a path `*` stands for a name and `[]` for a list entry. */
export type OptionList = readonly (readonly [path: string, option: Option])[];

/** A table of options as a tree: a node has children, or is an option. */
export interface OptionNode {
  readonly path: string;
  readonly children: Map<string, OptionNode>;
  option: Option | undefined;
}

/** Splits `inboxes[].name` into `inboxes`, `[]`, `name`. */
export function segments(path: string): string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

/** The options as the tree in which a file has them. `[]` and `*` stand for each entry of a list or a map. */
export function treeOf(options: OptionList): OptionNode {
  const root: OptionNode = { path: '', children: new Map(), option: undefined };
  for (const [path, option] of options) {
    let node = root;
    for (const segment of segments(path)) {
      const prefix = node.path === '' || segment === '[]' ? node.path : `${node.path}.`;
      const next = node.children.get(segment) ?? {
        path: prefix + segment,
        children: new Map(),
        option: undefined,
      };
      node.children.set(segment, next);
      node = next;
    }
    node.option = option;
  }
  return root;
}
