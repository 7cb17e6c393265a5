import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type EventMap, type EventName, Events } from '../../src/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type LogOptions, openLog } from '../../src/runtime/log.ts';
import { logEvents } from '../../src/runtime/log-events.ts';
import { printable } from '../../src/runtime/printable.ts';
import { Secrets } from '../../src/runtime/secrets.ts';

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const DROP = { drop: 'd-1', inbox: 'main', name: 'a.csv' };

function logOf(options: Partial<LogOptions> = {}) {
  const chunks: string[] = [];
  const clock = { ...systemClock, wallMs: () => AT_MS };
  const log = openLog(
    { level: 'info', format: 'json', colour: false, secrets: new Secrets([]), clock, ...options },
    (chunk) => chunks.push(chunk),
  );
  const events = new Events();
  logEvents(events, log);
  return {
    events,
    log,
    async lines(): Promise<string[]> {
      await log.close();
      return chunks.join('').split('\n').slice(0, -1);
    },
  };
}

async function lineOf<Name extends EventName>(
  name: Name,
  facts: EventMap[Name],
  options: Partial<LogOptions> = {},
): Promise<string> {
  const { events, lines } = logOf({ level: 'debug', ...options });
  events.emit(name, facts);
  const [line = '', ...others] = await lines();
  assert.deepEqual(others, []);
  return line;
}

const ROW: EventMap['row.settled'] = {
  ...DROP,
  line: 12,
  part: 0,
  order: '000000042',
  trackingNumber: '1Z1',
  note: null,
  outcome: 'tracked',
  message: 'added to shipment 3',
  orderId: 1,
  shipmentId: 3,
  trackId: 9,
};

describe('the log', () => {
  test('has one JSON object a line, with time, level, event and a sentence', async () => {
    const settled = { ...DROP, folder: '/failed', file: 'a.csv', counts: { tracked: 2, 'bad-row': 1 } };
    assert.deepEqual(JSON.parse(await lineOf('drop.settled', settled)), {
      time: '2026-01-02T03:04:05.006Z',
      level: 'info',
      event: 'drop.settled',
      msg: 'a.csv done: 2 tracked, 1 bad-row; now a.csv in /failed',
      ...settled,
      failed: 1,
    });
  });

  test('says by which profile a file was read, and why by that one', async () => {
    const read = { ...DROP, rows: 3, bad: 1, skipped: 0 };
    const profile = { name: 'dhl', why: 'its header has Sendungsnummer' };
    const { msg, ...facts } = JSON.parse(await lineOf('drop.read', { ...read, profile }));
    assert.equal(msg, 'a.csv read as dhl (its header has Sendungsnummer): 3 rows, 1 bad, 0 skipped');
    assert.partialDeepStrictEqual(facts, { ...read, profile: 'dhl', why: profile.why });
    const blank = JSON.parse(await lineOf('drop.read', { ...read, profile: null }));
    assert.equal(blank.msg, 'a.csv read: 3 rows, 1 bad, 0 skipped');
  });

  test('says each line once, and one row of one', async () => {
    const msgOf = async (line: Promise<string>): Promise<string> => JSON.parse(await line).msg;
    const message = 'Line 12: the column "a" is empty.';
    assert.equal(
      await msgOf(lineOf('drop.unreadable', { ...DROP, line: 12, message })),
      'a.csv cannot be read, line 12: the column "a" is empty.',
    );
    assert.equal(
      await msgOf(lineOf('row.settled', { ...ROW, outcome: 'bad-row', message })),
      'a.csv line 12: bad-row: the column "a" is empty.',
    );
    assert.equal(
      await msgOf(lineOf('drop.unreadable', { ...DROP, line: 1, message: 'Line 12: x' })),
      'a.csv cannot be read, line 1: Line 12: x',
    );
    const read = { ...DROP, rows: 1, bad: 0, skipped: 0, profile: null };
    assert.equal(await msgOf(lineOf('drop.read', read)), 'a.csv read: 1 row, 0 bad, 0 skipped');
  });

  test('says what looks odd about a row behind what became of it', async () => {
    const { msg, note } = JSON.parse(
      await lineOf('row.settled', { ...ROW, note: 'the check digit is wrong' }),
    );
    assert.equal(msg, 'a.csv line 12: tracked: added to shipment 3; the check digit is wrong');
    assert.equal(note, 'the check digit is wrong');
  });

  test('names drop, line and order of a row, at debug', async () => {
    const { level, drop, line, order, name, outcome } = JSON.parse(await lineOf('row.settled', ROW));
    assert.deepEqual(
      { level, drop, line, order, name, outcome },
      {
        level: 'debug',
        drop: 'd-1',
        line: 12,
        order: '000000042',
        name: 'a.csv',
        outcome: 'tracked',
      },
    );
  });

  test('flattens a write and its answer', async () => {
    const action = {
      kind: 'track',
      orderId: 1,
      shipmentId: 3,
      trackingNumber: '1Z1',
      carrierCode: 'ups',
      title: 'UPS',
    } as const;
    const answer = { kind: 'refused', message: 'no' } as const;
    const line = await lineOf('write.answered', {
      ...DROP,
      store: 'main',
      write: 'w1',
      action,
      order: '000000042',
      lines: [2, 9],
      answer,
      tookMs: 12.3,
    });
    const { msg, answer: kind, message, action: verb, shipmentId, order, lines } = JSON.parse(line);
    assert.deepEqual(
      { msg, kind, message, verb, shipmentId, order, lines },
      {
        msg: 'track 1Z1 on shipment 3: refused: no, after 12 ms',
        kind: 'refused',
        message: 'no',
        verb: 'track',
        shipmentId: 3,
        order: '000000042',
        lines: [2, 9],
      },
    );
  });

  test('builds nothing for a level that is off', async () => {
    const { events, lines } = logOf({ level: 'info' });
    const untouchable = new Proxy(ROW, {
      get: () => assert.fail('was looked at'),
      ownKeys: () => assert.fail(),
    });
    events.emit('row.settled', untouchable);
    events.emit('drop.resumed', DROP);
    assert.equal((await lines()).length, 1);
  });

  test('keeps up with many rows and loses none', async () => {
    const { events, lines } = logOf({ level: 'debug' });
    for (let line = 1; line <= 5000; line++) events.emit('row.settled', { ...ROW, line });
    const written = (await lines()).map((line) => JSON.parse(line).line);
    assert.deepEqual(
      written,
      Array.from({ length: 5000 }, (_, i) => i + 1),
    );
  });

  test('tells of a bug with the stack of the error and of its causes', async () => {
    const error = new Error('outer', { cause: new TypeError('inner') });
    const { level, stack } = JSON.parse(await lineOf('bug', { where: 'pipeline', error }));
    assert.equal(level, 'error');
    assert.match(stack, /^Error: outer\n {4}at .*\ncaused by TypeError: inner\n {4}at /s);
    const pretty = logOf({ format: 'pretty' });
    pretty.events.emit('bug', { where: 'pipeline', error });
    const [first, ...rest] = await pretty.lines();
    assert.match(first ?? '', /^03:04:05\.006 error bug {16} A bug in Trackdrop, in pipeline: Error: outer$/);
    assert.ok(rest.length > 2 && rest.every((line) => line.startsWith('    ')));
  });

  test('never prints what an error of an HTTP client carries with it', async () => {
    const error = Object.assign(new Error('failed'), {
      config: { headers: { Authorization: 'Bearer hushhush' } },
    });
    assert.doesNotMatch(await lineOf('bug', { where: 'x', error }), /hushhush/);
  });

  test('is aligned for people, and coloured only where asked', async () => {
    const plain = await lineOf('drop.resumed', DROP, { format: 'pretty' });
    assert.equal(
      plain,
      '03:04:05.006 info  drop.resumed        a.csv was interrupted; going on with it [d-1]',
    );
    const colourful = await lineOf('drop.resumed', DROP, { format: 'pretty', colour: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are such characters
    assert.equal(colourful.replace(/\x1b\[\d+m/g, ''), plain);
    assert.notEqual(colourful, plain);
  });

  test('warns of an outage that goes on at growing distances, and tells the rest to who looks at debug', async () => {
    const right = 'Magento_Sales::ship';
    for (const [level, most] of [
      ['info', 14],
      ['debug', 5_760],
    ] as const) {
      const { events, lines } = logOf({ level });
      for (let times = 1; times <= 5_760; times += 1) {
        const facts = { store: 'main', message: 'away', times };
        events.emit('store.still-down', { ...facts, failing: 'everything', nextProbeMs: 15_000 });
        events.emit('store.right-still-missing', { ...facts, right, nextAskMs: 15_000 });
      }
      const told = (await lines()).map((line) => JSON.parse(line));
      const downs = told.filter(({ event }) => event === 'store.still-down');
      assert.deepEqual([downs.length, told.length], [most, 2 * most]);
      const warned = downs.filter((each) => each.level === 'warn').map(({ times }) => times);
      assert.deepEqual(warned, [1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096]);
    }
  });

  for (const format of ['json', 'pretty'] as const) {
    test(`takes known secrets out of every text, quoted and percent-encoded too (${format})`, async () => {
      const secrets = new Secrets(['hush"hush/0123', 'hush', 'ab']);
      const message = `refused hush"hush/0123, ${encodeURIComponent('hush"hush/0123')}, hush; about`;
      const line = await lineOf(
        'store.down',
        { store: 'main', failing: 'everything', message },
        { format, secrets },
      );
      assert.match(line, /refused \*\*\*, \*\*\*, \*\*\*; about/);
      assert.doesNotMatch(line, /hush/);
    });

    test(`takes a token out that became known while the log was open (${format})`, async () => {
      const secrets = new Secrets(['configured']);
      const { events, lines } = logOf({ format, secrets });
      for (let round = 1; round <= 30; round += 1) {
        secrets.keep(`token-${round}`);
        events.emit('store.down', {
          store: 'main',
          failing: 'everything',
          message: `refused token-${round}, configured`,
        });
      }
      const all = await lines();
      assert.equal(all.length, 30);
      for (const line of all) assert.match(line, /refused \*\*\*, \*\*\*/);
    });

    test(`never passes on a control character of a file (${format})`, async () => {
      const nasty = fc.string({
        unit: fc.constantFrom(
          ...'a\u0000\n\r\t\u001b\u007f\u0085\u009b\u2028\u2029\u202e\u2066\u200f\ufeff"\\',
        ),
      });
      await fc.assert(
        fc.asyncProperty(nasty, async (text) => {
          const line = await lineOf(
            'row.settled',
            { ...ROW, name: text, order: text, message: text, drop: text },
            { format },
          );
          assert.match(line, /^[\x20-\x7e]+$/);
          if (format === 'json') {
            const { name, order, message } = JSON.parse(line);
            assert.deepEqual([name, order, message], [text, text, text]);
          }
        }),
      );
    });
  }
});

test('text made printable is on one line and otherwise as it was', () => {
  assert.equal(printable('Zoë 包裹 \u001b[31m\n'), 'Zoë 包裹 \\u001b[31m\\u000a');
});
