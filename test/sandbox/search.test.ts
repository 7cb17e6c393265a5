import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { parseCriteria, parseQuery } from '../../src/sandbox/search.ts';
import { call, search } from './caller.ts';

async function numbers(
  sandbox: Sandbox,
  filter: readonly [string, string, string],
  more: Readonly<Record<string, string>> = {},
): Promise<unknown[]> {
  const { items } = await search(sandbox, 'orders', filter, more);
  return (items ?? []).map((item) => item.increment_id);
}

describe('a search', () => {
  it('compares increment ids without regard to case, accents and trailing blanks', async () => {
    await using sandbox = await startSandbox();
    sandbox.addOrder({ incrementId: 'Größe-7' });
    sandbox.addOrder({ incrementId: '0042' });
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'eq', 'grosse-7']), []);
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'eq', 'GROßE-7  ']), ['Größe-7']);
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'in', 'x,große-7']), ['Größe-7']);
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'eq', '42']), []);
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'eq', ' 0042']), []);
  });

  it('finds a number in every store view that has it', async () => {
    await using sandbox = await startSandbox();
    sandbox.addOrder({ incrementId: '7', storeId: 1 });
    sandbox.addOrder({ incrementId: '7', storeId: 2 });
    sandbox.addOrder({ incrementId: '8', storeId: 2 });
    for (const [condition, value, found] of [
      ['eq', '7', ['7 in 1', '7 in 2']],
      ['in', '7', ['7 in 1', '7 in 2']],
      ['in', '8,7,9', ['7 in 1', '7 in 2', '8 in 2']],
    ] as const) {
      const { items, total_count: count } = await search(
        sandbox,
        'orders',
        ['increment_id', condition, value],
        {
          'searchCriteria[sortOrders][0][field]': 'entity_id',
          'searchCriteria[sortOrders][0][direction]': 'ASC',
        },
      );
      assert.deepEqual(
        items?.map((item) => `${item.increment_id} in ${item.store_id}`),
        found,
      );
      assert.equal(count, found.length);
    }
  });

  it('knows the conditions', async () => {
    await using sandbox = await startSandbox();
    for (const incrementId of ['a', 'b', 'c', 'd']) sandbox.addOrder({ incrementId });
    const found = async (condition: string, value: string) =>
      (await numbers(sandbox, ['entity_id', condition, value])).join('');
    assert.equal(await found('gt', '2'), 'cd');
    assert.equal(await found('gteq', '2'), 'bcd');
    assert.equal(await found('lt', '2'), 'a');
    assert.equal(await found('lteq', '2'), 'ab');
    assert.equal(await found('neq', '2'), 'acd');
    assert.equal(await found('nin', '2,3'), 'ad');
    assert.equal(await found('notnull', ''), 'abcd');
    assert.equal(await found('null', ''), '');
    assert.deepEqual(await numbers(sandbox, ['increment_id', 'like', '%B']), ['b']);
  });

  it('joins groups by AND and filters within a group by OR, in camel and in snake case', async () => {
    await using sandbox = await startSandbox();
    for (const state of ['new', 'holded', 'processing']) sandbox.addOrder({ state });
    const [first, second, third] = ['[0][filters][0]', '[0][filters][1]', '[1][filters][0]'];
    for (const [criteria, groups, condition] of [
      ['searchCriteria', 'filterGroups', 'conditionType'],
      ['search_criteria', 'filter_groups', 'condition_type'],
    ]) {
      const query = new URLSearchParams({
        [`${criteria}[${groups}]${first}[field]`]: 'state',
        [`${criteria}[${groups}]${first}[value]`]: 'new',
        [`${criteria}[${groups}]${second}[field]`]: 'state',
        [`${criteria}[${groups}]${second}[value]`]: 'holded',
        [`${criteria}[${groups}]${third}[field]`]: 'entity_id',
        [`${criteria}[${groups}]${third}[value]`]: '1',
        [`${criteria}[${groups}]${third}[${condition}]`]: 'gt',
      });
      const { text } = await call(sandbox, 'GET', `orders?${query}`);
      assert.deepEqual(
        JSON.parse(text).items.map((item: { state: string }) => item.state),
        ['holded'],
      );
    }
  });

  it('gives pages that together are the whole, in either order', async () => {
    await using sandbox = await startSandbox();
    const all = sandbox.generate(23);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('ASC', 'DESC'),
        async (size, direction) => {
          const pages: unknown[] = [];
          for (let page = 1; page <= Math.ceil(all.length / size); page++) {
            const more = {
              'searchCriteria[pageSize]': String(size),
              'searchCriteria[currentPage]': String(page),
              'searchCriteria[sortOrders][0][field]': 'entity_id',
              'searchCriteria[sortOrders][0][direction]': direction,
            };
            const found = await numbers(sandbox, ['increment_id', 'in', all.join(',')], more);
            assert.ok(found.length <= size);
            pages.push(...found);
          }
          assert.deepEqual(pages, direction === 'ASC' ? all : all.toReversed());
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps more than a thousand parameters', () => {
    const query = Array.from(
      { length: 1500 },
      (_, i) => `searchCriteria[filterGroups][0][filters][${i}][value]=${i}`,
    ).join('&');
    assert.equal(parseCriteria(parseQuery(query))?.groups[0]?.length, 1500);
  });

  it('answers nothing for fields that cannot be read', async () => {
    await using sandbox = await startSandbox();
    sandbox.addOrder();
    const { text } = await call(sandbox, 'GET', 'orders/1?fields=entity_id;state');
    assert.equal(text, '[]');
  });
});
