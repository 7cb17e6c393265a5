import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { merge } from '../../src/runtime/merge.ts';

/** Gives its items when they are let out, and says when it was ended. */
async function* stream(items: readonly (string | Promise<string>)[], ended: string[] = []) {
  try {
    for (const item of items) yield await item;
  } finally {
    ended.push(String(items[0]));
  }
}

describe('Merged streams', () => {
  it('give each item as soon as its own stream has it', async () => {
    const slow = Promise.withResolvers<string>();
    const seen: string[] = [];
    for await (const item of merge([stream([slow.promise, 'slow again']), stream(['a', 'b'])])) {
      seen.push(item);
      if (item === 'b') slow.resolve('slow');
    }
    assert.deepEqual(seen, ['a', 'b', 'slow', 'slow again']);
  });

  it('are all ended when the reader stops early', async () => {
    const ended: string[] = [];
    for await (const item of merge([stream(['a', 'b'], ended), stream(['c', 'd'], ended)])) {
      assert.equal(item, 'a');
      break;
    }
    assert.deepEqual(ended.sort(), ['a', 'c']);
  });

  it('reject when one of them does', async () => {
    const failing = stream([Promise.reject(new Error('no folder'))]);
    await assert.rejects(async () => {
      for await (const item of merge([stream(['a']), failing])) assert.equal(item, 'a');
    }, /no folder/);
  });
});
