import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from '../domain/failure.ts';

/** Where a value stands: `['inboxes', 0, 'folder']`. */
export type Place = readonly (string | number)[];

/** Plain values by their keys. */
export type Tree = { [key: string]: unknown };

/** Whether a value of YAML is a map. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a YAML file holds, and on which line of it a value stands: `line 4`, empty where it is not written.
 *
 * @throws ConfigError for text that is no YAML; the problems quote nothing of it, since it may hold secrets.
 */
export function parseYaml(path: string, text: string): { tree: unknown; lineOf: (place: Place) => string } {
  const lineCounter = new LineCounter();
  // Pretty errors quote the line, and the line may hold a secret.
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number) => `${path}, line ${lineCounter.linePos(offset).line}`;
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    // The words after a colon or a quote repeat the file.
    const [words = ''] = message.split(/:\s|["'`]/);
    return `${lineAt(pos[0])}: ${words.trim()}`;
  });
  visit(document, {
    // YAML takes a whole map for a key, and yaml prints it, with the secrets inside, when it makes text of it.
    Pair(_, { key }) {
      if (isScalar(key)) return;
      faults.push(`${lineAt((isNode(key) && key.range?.[0]) || 0)}: a key must be a plain word`);
    },
  });
  if (faults.length > 0) throw new ConfigError(faults, 'The file is no valid YAML');
  let tree: unknown;
  try {
    tree = document.toJS();
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    // yaml tells only here of an alias that leads nowhere, or to too much.
    throw new ConfigError([`${path}: an alias (*name) leads nowhere or to too much`], 'Write the values out');
  }
  return {
    tree: tree ?? {},
    lineOf(place) {
      const offset = keyRange(document.contents, place);
      return offset === undefined ? '' : `line ${lineCounter.linePos(offset).line}`;
    },
  };
}

/** Offset of the key, or of the list entry, at a place; undefined where the file has none. */
function keyRange(node: unknown, place: Place): number | undefined {
  let offset: number | undefined;
  for (const step of place) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair || !isScalar(pair.key)) return undefined;
      offset = pair.key.range?.[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : offset;
    } else return offset;
  }
  return offset;
}
