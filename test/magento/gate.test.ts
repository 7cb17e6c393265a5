import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { type Asked, Gate } from '../../src/magento/gate.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

const never = new AbortController().signal;
const down = (message: string, retryAfterMs?: number): Asked => ({ well: false, message, retryAfterMs });

/** A gate whose questions are answered from a list, and whose pauses take no time. */
function gate(answers: (Asked | Error)[]) {
  const told: string[] = [];
  const slept: number[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    wallMs: () => 0,
    random: () => 0,
    async sleep(delayMs, signal) {
      slept.push(delayMs);
      await new Promise(setImmediate);
      if (signal?.aborted) throw new StoppedError();
    },
  };
  const subject = new Gate({
    clock,
    pauses: { firstDelayMs: 200, maxDelayMs: 1_000 },
    async ask() {
      const next = answers.shift() ?? { well: true };
      if (next instanceof Error) throw next;
      return next;
    },
    onChange: (open) => told.push(open ? 'open' : 'shut'),
    onClosed: (message) => told.push(`closed: ${message}`),
    onStillClosed: (message, nextMs) => told.push(`still closed: ${message}, ${nextMs}`),
    onOpened: () => told.push('opened'),
    onBug: (error) => told.push(`bug: ${error}`),
  });
  return { gate: subject, told, slept };
}

test('a doubt that proves wrong opens it again without a word', async () => {
  const { gate: subject, told } = gate([{ well: true }]);
  const verdict = subject.doubt('timeout');
  assert.equal(subject.state, 'asking');
  assert.equal(await verdict, true);
  assert.equal(subject.state, 'open');
  assert.deepEqual(told, ['shut', 'open']);
});

test('calls that fail together share one question and its answer', async () => {
  let asked = 0;
  const { gate: subject } = gate([]);
  using counting = new Gate({
    clock: systemClock,
    pauses: { firstDelayMs: 1, maxDelayMs: 1 },
    ask: async () => {
      asked += 1;
      return { well: true };
    },
    onClosed: () => {},
    onOpened: () => {},
    onBug: () => {},
  });
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => counting.doubt('reset'))), [true, true, true]);
  assert.equal(asked, 1);
  subject[Symbol.dispose]();
});

test('asks with growing pauses until the answer is well', async () => {
  const answers = ['a', 'b', 'c', 'd'].map((message) => down(message));
  const { gate: subject, told, slept } = gate(answers);
  assert.equal(await subject.doubt('refused'), false);
  assert.equal(subject.state, 'open');
  assert.deepEqual(slept, [100, 200, 400, 500]);
  assert.deepEqual(told, [
    'shut',
    'closed: refused',
    'still closed: b, 200',
    'still closed: c, 400',
    'still closed: d, 500',
    'opened',
    'open',
  ]);
});

test('a rest that the store asks for wins over its own pauses', async () => {
  const { gate: subject, slept } = gate([down('a', 5_000), down('b', 7_000)]);
  await subject.doubt('503');
  assert.deepEqual(slept, [5_000, 7_000]);
});

test('the pauses go on growing while no call works between two closings', async () => {
  const { gate: subject, slept } = gate([]);
  for (let closing = 0; closing < 3; closing += 1) {
    subject.close('401');
    await subject.whenOpen(never);
  }
  assert.deepEqual(slept, [100, 200, 400]);
  subject.worked();
  subject.close('401');
  await subject.whenOpen(never);
  assert.equal(slept.at(-1), 100);
});

test('whoever waits at it goes on when it opens, and leaves when its own signal fires', async () => {
  const { gate: subject } = gate([]);
  const stop = new AbortController();
  subject.close('401');
  const first = subject.whenOpen(never);
  const second = subject.whenOpen(stop.signal);
  stop.abort();
  await assert.rejects(second, StoppedError);
  await first;
  assert.equal(subject.state, 'open');
});

test('a bug in asking is told, and leaves it closed until an answer comes', async () => {
  const { gate: subject, told } = gate([new TypeError('oops')]);
  assert.equal(await subject.doubt('reset'), false);
  assert.deepEqual(told, ['shut', 'bug: TypeError: oops', 'closed: reset', 'opened', 'open']);
});

test('once disposed of it stays shut, and those who wait are told', async () => {
  const { gate: subject } = gate([down('a')]);
  const verdict = subject.doubt('refused');
  const waiting = subject.whenOpen(never);
  subject[Symbol.dispose]();
  await assert.rejects(waiting, StoppedError);
  assert.equal(await verdict, false);
  await assert.rejects(subject.whenOpen(never), StoppedError);
});
