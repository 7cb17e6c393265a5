import assert from 'node:assert/strict';
import type { Look, Order } from '../../src/domain/order.ts';
import type { Action, WriteAnswer } from '../../src/domain/write.ts';
import { classify } from '../../src/magento/answers.ts';
import {
  ORDER_FIELDS,
  parseOrder,
  parsePage,
  parseShipment,
  SHIPMENT_FIELDS,
} from '../../src/magento/order-parser.ts';
import { obstacleTo, writeAnswer, writeRequest } from '../../src/magento/write-request.ts';
import { AdminUsers } from '../../src/sandbox/admin-users.ts';
import { JSON_TYPE, type Result } from '../../src/sandbox/answer.ts';
import { matchPath } from '../../src/sandbox/routes.ts';
import { DEFAULT_SETTINGS } from '../../src/sandbox/settings.ts';
import { Store } from '../../src/sandbox/store.ts';

/** What becomes of a write on its way: `unheard` is done and not answered, `lost` is neither. */
export type Way = 'answered' | 'unheard' | 'lost';

/**
 * The sandbox's tables and rules with nothing between: its requests are those that a store of this project would send, and its
 * answers are judged and parsed as that store's, but no socket carries them.
 */
export class ShopWithoutWire {
  readonly store = new Store();
  #writes = 0;
  readonly #shop = { store: this.store, admins: new AdminUsers(DEFAULT_SETTINGS) };

  /** No two writes of any file have the same. */
  newWriteId(): string {
    return `write-${this.#writes++}`;
  }

  /** `between`: called when the orders are read, and their shipments are not. */
  look(orderNumber: string, atMs: number, between: () => void = () => {}): Look {
    const found = this.#search('orders', 'increment_id', orderNumber, ORDER_FIELDS).map(parseOrder);
    between();
    const orders = found.map((order): Order => {
      const shipments = this.#search('shipments', 'order_id', String(order.entityId), SHIPMENT_FIELDS);
      return { ...order, shipments: shipments.map((each) => parseShipment(each).shipment) };
    });
    return { orders, atMs };
  }

  write(action: Action, id: string, way: Way = 'answered'): WriteAnswer {
    const obstacle = obstacleTo(action);
    if (obstacle !== undefined) return { kind: 'refused', message: obstacle };
    if (way === 'lost') return { kind: 'uncertain', message: 'no answer' };
    const { method, path, body = '' } = writeRequest(action, id);
    const { status, value } = this.#call(method, path, '', body);
    if (way === 'unheard') return { kind: 'uncertain', message: 'no answer' };
    return writeAnswer(
      action,
      classify(action.kind, {
        kind: 'answer',
        status,
        contentType: JSON_TYPE,
        body: JSON.stringify(value),
        location: undefined,
        retryAfterMs: undefined,
        dateMs: undefined,
        url: 'http://shop',
        signedAs: 'bearer',
      }),
    );
  }

  #search(table: string, field: string, value: string, fields: string): readonly unknown[] {
    const filter = 'searchCriteria[filterGroups][0][filters][0]';
    const sort = 'searchCriteria[sortOrders][0]';
    const query = new URLSearchParams({
      [`${filter}[field]`]: field,
      [`${filter}[value]`]: value,
      [`${filter}[conditionType]`]: 'in',
      [`${sort}[field]`]: 'entity_id',
      [`${sort}[direction]`]: 'ASC',
      'searchCriteria[pageSize]': '100',
      fields,
    });
    const { status, value: page } = this.#call('GET', table, query.toString(), '');
    assert.equal(status, 200);
    const { items, totalCount } = parsePage(page);
    assert.equal(items.length, totalCount, 'a generated order fits one page');
    return items;
  }

  #call(method: string, path: string, query: string, body: string): Result {
    const match = matchPath(method, `/rest/V1/${path}`, new Set());
    assert.ok(match.kind === 'route', `the sandbox has a route ${method} ${path}`);
    const { route } = match;
    const outcome = route.call(this.#shop, route.id, { query, body, contentType: 'application/json' });
    return typeof outcome === 'function' ? outcome() : outcome;
  }
}
