import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import { segments } from './option.ts';
import { OPTION_LIST, OTHER_VARIABLES } from './options.ts';
import { nearest } from './suggest.ts';
import { isTree, type Place, parseYaml, type Tree } from './yaml-file.ts';

/** What was written, before anyone asks what it means. */
export interface Written {
  /** Plain values as YAML gives them, the environment's laid over them. */
  readonly tree: unknown;
  /** The file's path, or `the environment`. */
  readonly source: string;
  /** Relative paths start here. */
  readonly folder: string;
  /** TRACKDROP_DATA, absolute. */
  readonly data: string | undefined;
  /** `line 4`, or the variable's name; empty where neither is known. */
  readonly whereIs: (place: Place) => string;
  /** What was wrong already while reading. Never holds a secret. */
  readonly problems: readonly string[];
}

/** Where a configuration is looked for. */
export interface Surroundings {
  /** The file that `--config` names. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const SYSTEM_FILE = '/etc/trackdrop/trackdrop.yaml';

/**
 * Reads the file that applies (`--config`, else TRACKDROP_CONFIG, else ./trackdrop.yaml, else the one under
 * /etc), or none, and lays the environment over it: a variable wins over the file, an empty one counts as
 * unset, and each secret's variable may end in `_FILE` and name a file that holds it.
 *
 * @throws ConfigError when the file cannot be read or is no YAML.
 */
export async function readWritten(around: Surroundings): Promise<Written> {
  const written = await readWrittenIfAny(around);
  if (written !== undefined) return written;
  throw new ConfigError(
    [
      `no configuration: neither ./trackdrop.yaml nor ${SYSTEM_FILE} is there, and TRACKDROP_STORE_URL is not set`,
    ],
    'Write one with: trackdrop init',
  );
}

/**
 * The same; undefined where neither a file nor a variable is there.
 *
 * @throws ConfigError when the file cannot be read or is no YAML.
 */
export async function readWrittenIfAny(around: Surroundings): Promise<Written | undefined> {
  const file = await findFile(around);
  const folder = file ? resolve(file.path, '..') : around.cwd;
  const parsed = file ? parseYaml(file.path, file.text) : { tree: {}, lineOf: () => '' };
  const problems: string[] = [];
  const variables = await readVariables(around, problems);
  const named = layOver(parsed.tree, variables, problems);
  const data = around.env.TRACKDROP_DATA;
  if (!file && variables.size === 0) return undefined;
  return {
    tree: parsed.tree,
    source: file?.path ?? 'the environment',
    folder,
    data: data ? resolve(around.cwd, data) : undefined,
    whereIs: (place) => named.get(place.join('.')) ?? parsed.lineOf(place),
    problems,
  };
}

async function findFile(around: Surroundings): Promise<{ path: string; text: string } | undefined> {
  const told = around.file || around.env.TRACKDROP_CONFIG;
  for (const path of told ? [told] : ['trackdrop.yaml', SYSTEM_FILE]) {
    const absolute = resolve(around.cwd, path);
    try {
      return { path: absolute, text: await readFile(absolute, 'utf8') };
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (code === 'ENOENT' && !told) continue;
      if (code === '') throw cause;
      const words = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
      throw new ConfigError([`${absolute}: ${words}`], told ? '' : 'Name another one with --config FILE');
    }
  }
  return undefined;
}

interface Variable {
  readonly name: string;
  readonly value: unknown;
}

/** By the path of the option that the variable sets. */
async function readVariables(around: Surroundings, problems: string[]): Promise<Map<string, Variable>> {
  const variables = new Map<string, Variable>();
  const known = new Set<string>(Object.keys(OTHER_VARIABLES));
  for (const [path, { env: name, kind }] of OPTION_LIST) {
    if (!name) continue;
    known.add(name);
    const text = around.env[name];
    if (kind.secret) {
      known.add(`${name}_FILE`);
      const file = around.env[`${name}_FILE`];
      if (text && file) problems.push(`${name}: given twice, here and by ${name}_FILE`);
      else if (file) {
        const held = await secretIn(resolve(around.cwd, file), `${name}_FILE`, problems);
        // A file that cannot be read is said once, not a second time as a missing secret.
        variables.set(path, { name: `${name}_FILE`, value: held ?? UNREADABLE_SECRET });
        continue;
      }
    }
    if (text) variables.set(path, { name, value: kind.fromText(text) });
  }
  for (const name of Object.keys(around.env)) {
    if (!name.startsWith('TRACKDROP_') || known.has(name) || OF_KUBERNETES.test(name)) continue;
    const meant = nearest(name, known);
    problems.push(`${name}: no such variable${meant ? `; did you mean ${meant}?` : ''}`);
  }
  return variables;
}

/** Stands in until the problem, already noted, is thrown. */
const UNREADABLE_SECRET = 'unreadable';

/** A service called trackdrop makes Kubernetes set these in every container beside it. */
const OF_KUBERNETES =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

async function secretIn(file: string, variable: string, problems: string[]): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    problems.push(`${variable}: ${file} cannot be read (${String(cause.code)})`);
    return undefined;
  }
}

/** Sets the variables' values in the tree; returns the variable's name by place. */
function layOver(tree: unknown, variables: Map<string, Variable>, problems: string[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const [path, { name, value }] of variables) {
    const [group = ''] = segments(path);
    const entries = isTree(tree) ? tree[group] : undefined;
    const members = typeof entries === 'object' && entries !== null ? Object.keys(entries) : [];
    if (path !== group && /[*[]/.test(path) && members.length > 1) {
      problems.push(`${name}: the file has ${members.length} ${group}; set ${path} in each of them`);
      continue;
    }
    const first = members[0] ?? (group === 'stores' ? 'main' : '0');
    const place = segments(path).map((each) => (each === '*' ? first : each === '[]' ? Number(first) : each));
    if (setAt(tree, place, value)) named.set(place.join('.'), name);
  }
  return named;
}

/** False where something else than a map or list is in the way; whoever checks the tree will say so. */
function setAt(tree: unknown, place: Place, value: unknown): boolean {
  let node = tree;
  for (const [i, step] of place.entries()) {
    if (!(typeof step === 'number' ? Array.isArray(node) : isTree(node))) return false;
    const parent = node as Tree;
    if (i === place.length - 1) parent[step] = value;
    else parent[step] ??= typeof place[i + 1] === 'number' ? [] : {};
    node = parent[step];
  }
  return true;
}
