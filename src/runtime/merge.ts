/**
 * One stream out of several, each item as soon as its stream has it; ends when all have ended. Where one of
 * them rejects, so does the stream.
 */
export async function* merge<Item>(
  streams: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item, void, undefined> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask = async (index: number) => ({
    index,
    result: await (iterators[index] as AsyncIterator<Item>).next(),
  });
  const asked = new Map(iterators.map((_, index) => [index, ask(index)]));
  while (asked.size > 0) {
    const { index, result } = await Promise.race(asked.values());
    if (result.done) asked.delete(index);
    else {
      yield result.value;
      asked.set(index, ask(index));
    }
  }
}
