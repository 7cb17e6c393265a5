/**
 * One stream out of several, each item as soon as its stream has it; ends when all have ended. Where one of
 * them rejects, so does the stream. Whoever stops reading early ends them all: each may hold something open.
 */
export async function* merge<Item>(
  streams: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item, void, undefined> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask = async (iterator: AsyncIterator<Item>) => ({ iterator, result: await iterator.next() });
  const asked = new Map(iterators.map((iterator) => [iterator, ask(iterator)]));
  try {
    while (asked.size > 0) {
      const { iterator, result } = await Promise.race(asked.values());
      if (result.done) asked.delete(iterator);
      else {
        yield result.value;
        asked.set(iterator, ask(iterator));
      }
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}
