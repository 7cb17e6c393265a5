import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ORDER_FIELDS, SHIPMENT_FIELDS } from '../../src/magento/order-parser.ts';
import { PROBE_PATH, searchPath, windowsOf } from '../../src/magento/search.ts';

const search = {
  resource: 'orders',
  field: 'increment_id',
  page: 2,
  pageSize: 100,
  fields: ORDER_FIELDS,
} as const;

test('asks with in for several values and with eq for one', () => {
  const condition = (values: string[]) => {
    const { searchParams } = new URL(searchPath({ ...search, values }), 'http://shop.example/');
    const filter = 'searchCriteria[filterGroups][0][filters][0]';
    return [searchParams.get(`${filter}[conditionType]`), searchParams.get(`${filter}[value]`)];
  };
  assert.deepEqual(condition(['1', '2']), ['in', '1,2']);
  assert.deepEqual(condition(["a&b=+%'# ü"]), ['eq', "a&b=+%'# ü"]);
});

test('always says page, page size and order', () => {
  const { searchParams } = new URL(searchPath({ ...search, values: ['1'] }), 'http://shop.example/');
  assert.equal(searchParams.get('searchCriteria[pageSize]'), '100');
  assert.equal(searchParams.get('searchCriteria[currentPage]'), '2');
  assert.equal(searchParams.get('searchCriteria[sortOrders][0][field]'), 'entity_id');
  assert.equal(searchParams.get('searchCriteria[sortOrders][0][direction]'), 'ASC');
});

test('asks for fields in the letters that Magento lets through', () => {
  for (const fields of [ORDER_FIELDS, SHIPMENT_FIELDS]) assert.match(fields, /^[a-z0-9_[\],]+$/i);
});

test('probes for the order with id 0, which is nobody', () => {
  const { searchParams, pathname } = new URL(PROBE_PATH, 'http://shop.example/');
  assert.equal(pathname, '/orders');
  assert.equal(searchParams.get('searchCriteria[filterGroups][0][filters][0][field]'), 'entity_id');
  assert.equal(searchParams.get('searchCriteria[filterGroups][0][filters][0][value]'), '0');
  assert.equal(searchParams.get('searchCriteria[pageSize]'), '1');
});

test('windows hold every value once, no comma beside another value, and fit a request line', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 1e9 }).map((number) => String(number).padStart(9, '0')),
    fc.constantFrom('1,2', ',', 'ö'.repeat(50)),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (values, most) => {
      const windows = windowsOf(values, most);
      assert.deepEqual(windows.flat().sort(), [...values].sort());
      for (const window of windows) {
        assert.ok(window.length >= 1 && window.length <= most);
        assert.ok(window.length === 1 || !window.some((number) => number.includes(',')));
        const path = searchPath({ ...search, values: window });
        assert.ok(path.length < 8_000, `${path.length} characters`);
      }
    }),
  );
});
