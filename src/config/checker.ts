import { Refusal } from './kind.ts';
import type { OptionNode } from './option.ts';
import { NAME } from './option-kinds.ts';
import { nearest } from './suggest.ts';
import { isTree, type Place } from './yaml-file.ts';

/** Goes through what was written beside a table of options, reads each value by its kind and notes what is wrong. */
export class Checker {
  readonly #tree: OptionNode;
  readonly #whereIs: (place: Place) => string;
  readonly #problems: string[];
  readonly #seen = new Set<string>();
  readonly #values = new Map<string, unknown>();
  readonly #lengths = new Map<string, number>();

  /** `problems` is added to. */
  constructor(options: OptionNode, whereIs: (place: Place) => string, problems: string[]) {
    this.#tree = options;
    this.#whereIs = whereIs;
    this.#problems = problems;
  }

  /** `expected` is what a file has at its top, in words. */
  check(written: unknown, expected: string): void {
    this.#walk(this.#tree, isTree(written) ? written : {}, []);
    if (!isTree(written)) this.note([], `found ${kindOf(written)}; expected ${expected}`);
  }

  /** Whether anything stands at a place. */
  has(place: Place): boolean {
    return this.#seen.has(key(place));
  }

  /** What the option's kind has made of what stands there; undefined where nothing does, or was refused. */
  valueAt(place: Place): unknown {
    return this.#values.get(key(place));
  }

  /** How many entries the list at a place has; undefined where none was written. */
  lengthAt(place: Place): number | undefined {
    return this.#lengths.get(key(place));
  }

  note(place: Place, words: string, label = shown(place)): void {
    const where = this.#whereIs(place);
    this.#problems.push(`${label}${where ? ` (${where})` : ''}: ${words}`);
  }

  #walk(node: OptionNode, value: unknown, place: Place): void {
    if (place.length > 0) this.#seen.add(key(place));
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
    this.#lengths.set(key(place), value.length);
    for (const [i, each] of value.entries()) this.#walk(item, each, [...place, i]);
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
      // A forgotten colon makes a key of a secret: `bearer 0123abcd`. No secret has its place among profiles.
      const told = node.path === 'profiles' ? /^[\p{L}\p{N} ._-]{1,40}$/u : /^[A-Za-z][A-Za-z_-]{0,39}$/;
      const label = told.test(name) ? shown(here) : shown([...place, '***']);
      if (any && !NAME.test(name))
        this.note(here, "a name has letters, digits, '.', '_' and '-' only", label);
      else if (child) this.#walk(child, each, here);
      else this.note(here, `no such key${this.#meant(node, name)}`, label);
    }
  }

  #meant(node: OptionNode, name: string): string {
    const near = nearest(name, node.children.keys());
    if (near) return `; did you mean ${near}?`;
    const elsewhere = pathsBelow(this.#tree).find((path) => path.split('.').at(-1) === name);
    return elsewhere ? `; did you mean ${elsewhere}?` : `; expected one of ${namesIn(node).join(', ')}`;
  }
}

/** The keys that may stand in a group; those of a later version need not be offered. */
function namesIn(node: OptionNode): string[] {
  if (node.children.has('*')) return [node.path === 'profiles' ? 'acme' : 'main'];
  return [...node.children].filter(([, child]) => isThere(child)).map(([name]) => name);
}

function pathsBelow({ path, option, children }: OptionNode): string[] {
  return option ? [path] : [...children.values()].flatMap(pathsBelow);
}

function isThere({ option, children }: OptionNode): boolean {
  return option ? option.need !== 'later' : [...children.values()].some(isThere);
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
