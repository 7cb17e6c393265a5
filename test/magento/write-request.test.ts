import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeRequest } from '../../src/magento/write-request.ts';
import { shipAll } from '../domain/orders.ts';

const PARCELS = [{ trackingNumber: '1Z1', carrierCode: 'ups', title: 'UPS' }];

describe('The comment of a shipment', () => {
  const asked = (isVisible: boolean, mails: boolean) => {
    const ship = shipAll(1, PARCELS, { mails, comment: { text: 'on its way', isVisible } });
    const { notify, appendComment, comment } = JSON.parse(writeRequest(ship, 'w1').body ?? '');
    return { notify, appendComment, comment };
  };

  it('is in the mail, too, where there is one and the customer is to see it', () => {
    const comment = { comment: 'on its way', is_visible_on_front: 1 };
    assert.deepEqual(asked(true, true), { notify: true, appendComment: true, comment });
    assert.deepEqual(asked(true, false), { notify: false, appendComment: false, comment });
  });

  it('is in no mail where the customer is not to see it', () => {
    const comment = { comment: 'on its way', is_visible_on_front: 0 };
    assert.deepEqual(asked(false, true), { notify: true, appendComment: false, comment });
  });

  it('is none where there is none', () => {
    const { comment, appendComment } = JSON.parse(
      writeRequest(shipAll(1, PARCELS, { mails: true }), 'w1').body ?? '',
    );
    assert.deepEqual([comment, appendComment], [undefined, false]);
  });
});
