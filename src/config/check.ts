import { Refusal } from './kinds.ts';
import { NAME, OPTIONS, type OptionNode, type OptionPath, type OptionValue, optionTree } from './options.ts';
import { nearest } from './suggest.ts';
import { isTree, type Place, type Written } from './written.ts';

/** The written configuration with every value checked by itself; what it means together is decided elsewhere. */
export interface Checked {
  readonly storeNames: readonly string[];
  readonly inboxCount: number;
  /** The option's value; `at` is the store's name or the inbox's position. */
  value<P extends OptionPath>(path: P, at?: string | number): OptionValue<P>;
  /** Whether anything stands at the option or group. */
  has(path: string, at?: string | number): boolean;
  /** Notes a problem at an option or group. */
  problem(path: string, at: string | number | undefined, words: string): void;
  /** Every problem, those found while reading first. */
  readonly problems: readonly string[];
}

export function check(written: Written): Checked {
  const checker = new Checker(written);
  const { tree } = written;
  checker.walk(optionTree(), isTree(tree) ? tree : {}, []);
  if (!isTree(tree)) checker.note([], `found ${kindOf(tree)}; expected keys such as stores: and inboxes:`);
  const stores = isTree(tree) && isTree(tree.stores) ? Object.keys(tree.stores).filter(isName) : [];
  const inboxes = isTree(tree) && Array.isArray(tree.inboxes) ? tree.inboxes.length : undefined;
  if (inboxes === 0) checker.note(['inboxes'], 'found an empty list; expected at least one inbox');
  const placeOf = (path: string, at?: string | number): Place => checker.placeOf(path, at);
  return {
    storeNames: stores,
    inboxCount: inboxes ?? 1,
    value: (path, at) => checker.valueAt(path, placeOf(path, at)),
    has: (path, at) => checker.seen.has(key(placeOf(path, at))),
    problem: (path, at, words) => checker.note(placeOf(path, at), words),
    problems: checker.problems,
  };
}

class Checker {
  readonly problems: string[];
  readonly seen = new Set<string>();
  readonly #values = new Map<string, unknown>();
  readonly #written: Written;

  constructor(written: Written) {
    this.#written = written;
    this.problems = [...written.problems];
  }

  note(place: Place, words: string, label = shown(place)): void {
    const where = this.#written.whereIs(place);
    this.problems.push(`${label}${where ? ` (${where})` : ''}: ${words}`);
  }

  placeOf(path: string, at?: string | number): Place {
    const parts = path.replaceAll('[]', '.[]').split('.');
    return parts.map((part) => ((part === '*' || part === '[]') && at !== undefined ? at : part));
  }

  valueAt<P extends OptionPath>(path: P, place: Place): OptionValue<P> {
    const option = OPTIONS[path];
    const found = this.#values.get(key(place));
    // A refused value leaves the default in its place: the problem is noted and thrown before anyone uses it.
    const value = found ?? (option.need === 'default' ? option.kind.read(option.written) : undefined);
    // What the table's kind has read is of the type that the table's type names.
    return value as OptionValue<P>;
  }

  walk(node: OptionNode, value: unknown, place: Place): void {
    if (place.length > 0) this.seen.add(key(place));
    if (node.option) this.#leaf(node, value, place);
    else if (node.children.has('[]')) this.#list(node, value, place);
    else this.#group(node, value, place);
  }

  #leaf({ option }: OptionNode, value: unknown, place: Place): void {
    if (!option) return;
    const { kind, need } = option;
    if (need === 'later') {
      if (value === null || JSON.stringify(value) === JSON.stringify(option.written)) return;
      const only = option.written === null ? 'leave it out' : `leave it out, or ${show(option.written)}`;
      const refusal = kind.read(value);
      this.note(
        place,
        `${refusal instanceof Refusal ? refusal.expected : ''}; ${only}`.replace(/^nothing: /, ''),
      );
      return;
    }
    const read = kind.read(value);
    if (!(read instanceof Refusal)) {
      this.#values.set(key(place), read);
      return;
    }
    const found = read.found ?? (kind.secret ? 'something else' : show(value));
    const orNothing = value === null ? ', or leave the key out' : '';
    this.note(place, `found ${found}; expected ${read.expected}${orNothing}`);
  }

  #list(node: OptionNode, value: unknown, place: Place): void {
    const item = node.children.get('[]');
    if (!item || value === null) return;
    if (!Array.isArray(value)) {
      this.note(place, `found ${kindOf(value)}; expected a list: each entry begins with '-'`);
      return;
    }
    for (const [i, each] of value.entries()) this.walk(item, each, [...place, i]);
  }

  #group(node: OptionNode, value: unknown, place: Place): void {
    // A key under which everything is commented out.
    if (value === null) return;
    if (!isTree(value)) {
      // Never the value itself: somebody may have put a token here.
      this.note(place, `found ${kindOf(value)}; expected keys such as ${namesIn(node).join(', ')}`);
      return;
    }
    const any = node.children.get('*');
    for (const [name, each] of Object.entries(value)) {
      const child = any ?? node.children.get(name);
      const here = [...place, name];
      // A forgotten colon makes a key of a secret: `bearer 0123abcd`.
      const label = /^[A-Za-z][A-Za-z_-]{0,39}$/.test(name) ? shown(here) : shown([...place, '***']);
      if (any && !isName(name)) this.note(here, "a name has letters, digits, '.', '_' and '-' only", label);
      else if (child) this.walk(child, each, here);
      else this.note(here, `no such key${this.#meant(node, name)}`, label);
    }
  }

  #meant(node: OptionNode, name: string): string {
    const near = nearest(name, node.children.keys());
    if (near) return `; did you mean ${near}?`;
    const elsewhere = Object.keys(OPTIONS).find((path) => path.split('.').at(-1) === name);
    return elsewhere ? `; did you mean ${elsewhere}?` : `; expected one of ${namesIn(node).join(', ')}`;
  }
}

/** The keys that may stand in a group; those of a later version need not be offered. */
function namesIn(node: OptionNode): string[] {
  if (node.children.has('*')) return ['main'];
  return [...node.children].filter(([, child]) => isThere(child)).map(([name]) => name);
}

function isThere({ option, children }: OptionNode): boolean {
  return option ? option.need !== 'later' : [...children.values()].some(isThere);
}

function isName(name: string): boolean {
  return NAME.test(name);
}

function key(place: Place): string {
  return JSON.stringify(place);
}

/** `stores.main.url`, `inboxes[0].folder`. */
function shown(place: Place): string {
  if (place.length === 0) return 'the file';
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return isTree(value) ? 'keys' : `a ${typeof value}`;
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
