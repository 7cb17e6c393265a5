import type { Clock } from './clock.ts';

/**
 * Turns single questions into shared ones: questions that come within `gatherMs` of each other are asked
 * together, at most `most` at once. Where `load` fails, each of its questions fails alike.
 */
export function batched<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  options: { readonly most: number; readonly gatherMs: number; readonly clock: Clock },
): (key: string) => Promise<Value | undefined> {
  let gathering: { keys: string[]; answer: Promise<ReadonlyMap<string, Value>> } | undefined;

  const gather = () => {
    const keys: string[] = [];
    const answer = options.clock.sleep(options.gatherMs).then(() => {
      if (gathering?.keys === keys) gathering = undefined;
      return load(keys);
    });
    return { keys, answer };
  };

  return async (key) => {
    if (!gathering || gathering.keys.length >= options.most) gathering = gather();
    gathering.keys.push(key);
    return (await gathering.answer).get(key);
  };
}
