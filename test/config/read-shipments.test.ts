import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configFiles, inbox } from './config-files.ts';

const { written, problems } = configFiles();

describe('a configuration file', () => {
  test('says of shipments what becomes of orders, customers and warehouses', async () => {
    const { config } = await written(
      inbox(
        'shipments: { create: true, notify: shipment, onPartlyShipped: ship, attach: refuse, requirePaid: true, source: berlin, storeView: 2, comment: "{carrier} {number}: {link} ({drop})", commentVisible: true }',
      ),
    );
    const { createShipments, notify, onPartlyShipped, attach, requirePaid, source, storeView, comment } =
      config.inboxes[0] ?? assert.fail();
    assert.deepEqual(
      { createShipments, notify, onPartlyShipped, attach, requirePaid, source, storeView, comment },
      {
        createShipments: true,
        notify: 'shipment',
        onPartlyShipped: 'ship',
        attach: 'refuse',
        requirePaid: true,
        source: 'berlin',
        storeView: 2,
        comment: { text: '{carrier} {number}: {link} ({drop})', isVisible: true },
      },
    );
  });

  test('may say with null what holds where nothing is said', async () => {
    const { config } = await written(inbox('shipments: { source: null, storeView: null, comment: null }'));
    const { source, storeView, comment } = config.inboxes[0] ?? assert.fail();
    assert.deepEqual([source, storeView, comment], [null, null, null]);
  });

  const WITHOUT_CREATE = 'and create: false, so that no shipment is made; expected create: true with it';
  for (const [shipments, ...expected] of [
    ['onPartlyShipped: ship', `onPartlyShipped (line 6): found "ship", ${WITHOUT_CREATE}`],
    [
      'notify: shipment',
      `notify (line 6): found "shipment", ${WITHOUT_CREATE} (TRACKDROP_CREATE_SHIPMENTS), or always, which mails for shipments that are there as well`,
    ],
    ['source: berlin', `source (line 6): found "berlin", ${WITHOUT_CREATE}`],
    ['comment: sent', `comment (line 6): found a comment, ${WITHOUT_CREATE}`],
    [
      'source: berlin, comment: sent, commentVisible: true',
      `source (line 6): found "berlin", ${WITHOUT_CREATE}`,
      `comment (line 6): found a comment, ${WITHOUT_CREATE}`,
    ],
    [
      'commentVisible: true',
      'commentVisible (line 6): found true, and no comment; expected a comment with it',
    ],
    [
      'create: true, commentVisible: true',
      'commentVisible (line 6): found true, and no comment; expected a comment with it',
    ],
    [
      'create: true, comment: "sent {nummer}", commentVisible: true',
      'comment (line 6): found "sent {nummer}"; expected text of 1 to 1,000 characters, not blanks alone, with no other braces than {carrier}, {number}, {drop} and {link}',
    ],
    [
      'create: true, comment: "  "',
      'comment (line 6): found "  "; expected text of 1 to 1,000 characters, not blanks alone, with no other braces than {carrier}, {number}, {drop} and {link}',
    ],
    [
      'create: yes, notify: shipment, onPartlyShipped: ship, source: berlin, comment: sent',
      'create (line 6): found "yes"; expected true or false',
    ],
  ] as const) {
    test(`is refused where its shipments have ${shipments}`, async () => {
      assert.deepEqual(
        await problems(inbox(`shipments: { ${shipments} }`)),
        expected.map((words) => `inboxes[0].shipments.${words}`),
      );
    });
  }

  test('may mail and mark what is not shipped here', async () => {
    for (const shipments of ['notify: always', 'storeView: 2', 'attach: refuse', 'requirePaid: true'])
      await written(inbox(`shipments: { ${shipments} }`));
  });
});
