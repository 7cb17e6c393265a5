import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import { RightWatch } from '../../src/magento/right-state.ts';
import type { Failure, Verdict } from '../../src/magento/verdict.ts';
import { answering, DONE, failed, pausingClock } from './watch-parts.ts';

const never = new AbortController().signal;

const refused = (blame: Failure['blame']) => failed({ kind: 'refused', blame });

/** A watch whose questions are answered from a list, then as granted, and whose pauses take no time. */
function watching(answers: readonly (Verdict | Error)[]) {
  const told: string[] = [];
  const asked: string[] = [];
  const answer = answering(answers);
  const { clock, pausesMs } = pausingClock();
  const events = new Events();
  events.onAny((name) => told.push(name));
  const watch = new RightWatch({
    store: 'main',
    right: 'Magento_Sales::ship',
    pauses: { firstDelayMs: 200, maxDelayMs: 1_000 },
    clock,
    events,
    async ask(call) {
      asked.push(call);
      return answer();
    },
  });
  return { watch, asked, told, pausesMs };
}

test('a refusal whose question is answered was the call’s own: nothing is announced, and there is no pause', async () => {
  for (const answer of [DONE, refused('call')]) {
    const { watch, asked, told, pausesMs } = watching([answer]);
    const wasGranted = watch.doubt('ship', '401');
    assert.equal(watch.isGranted, false, 'calls wait while it is asked for');
    assert.equal(await wasGranted, true);
    assert.equal(watch.isGranted, true);
    assert.deepEqual(told, ['store.right-doubted', 'store.right-there']);
    assert.deepEqual([asked, pausesMs], [['ship'], []]);
  }
});

test('refusals that come together share one question and its answer', async () => {
  const { watch, asked } = watching([DONE]);
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((each) => watch.doubt('ship', each))), [
    true,
    true,
    true,
  ]);
  assert.equal(asked.length, 1);
});

test('a right that is missing is asked for in growing pauses until it is granted', async () => {
  const { watch, told, pausesMs } = watching([
    refused('right'),
    refused('right'),
    refused('store'),
    refused('right'),
  ]);
  assert.equal(await watch.doubt('ship', '401'), false);
  assert.equal(await watch.doubt('ship', '401, again'), false);
  assert.equal(watch.isGranted, false);
  await watch.whenGranted(never);
  assert.equal(watch.isGranted, true);
  assert.deepEqual(pausesMs, [100, 200, 400, 500]);
  assert.deepEqual(told, [
    'store.right-doubted',
    'store.right-missing',
    ...Array(3).fill('store.right-still-missing'),
    'store.right-granted',
  ]);
});

test('a question that a store cannot answer tells nothing: it is put again, and nobody is to blame', async () => {
  for (const blame of ['store', 'rate'] as const) {
    const { watch, told, pausesMs } = watching([refused(blame), refused(blame)]);
    assert.equal(await watch.doubt('ship', '401'), false);
    assert.equal(watch.isGranted, true);
    assert.deepEqual(pausesMs, [100, 200]);
    assert.deepEqual(told, ['store.right-doubted', 'store.right-there']);
  }
});

test('the pauses go on growing until a call that needs it comes through', async () => {
  const { watch, pausesMs } = watching(
    Array(4)
      .fill([refused('right'), DONE])
      .flat(),
  );
  const missAndWait = async () => {
    void watch.doubt('ship', '401');
    // The answer to a question is no call.
    watch.worked();
    await watch.whenGranted(never);
  };
  for (let times = 0; times < 3; times += 1) await missAndWait();
  watch.worked();
  await missAndWait();
  assert.deepEqual(pausesMs, [100, 200, 400, 100]);
});

test('whoever waits for it leaves when its own signal fires, and the others go on', async () => {
  const { watch } = watching([refused('right')]);
  const stop = new AbortController();
  void watch.doubt('ship', '401');
  const first = watch.whenGranted(never);
  const second = watch.whenGranted(stop.signal);
  stop.abort();
  await assert.rejects(second, StoppedError);
  await first;
});

test('a bug in asking is told, and the right stays missing until there is an answer', async () => {
  const { watch, told } = watching([refused('right'), new TypeError('oops')]);
  void watch.doubt('ship', '401');
  await watch.whenGranted(never);
  assert.deepEqual(told, [
    'store.right-doubted',
    'store.right-missing',
    'bug',
    'store.right-still-missing',
    'store.right-granted',
  ]);
});

test('once disposed of it is never granted again, and those who wait are told', async () => {
  const { watch, told } = watching([refused('right')]);
  const wasGranted = watch.doubt('ship', '401');
  const waiting = watch.whenGranted(never);
  watch[Symbol.dispose]();
  assert.equal(await wasGranted, false);
  assert.equal(await watch.doubt('ship', '401'), false);
  await assert.rejects(waiting, StoppedError);
  await new Promise(setImmediate);
  await assert.rejects(watch.whenGranted(never), StoppedError);
  assert.deepEqual(told, ['store.right-doubted']);
});
