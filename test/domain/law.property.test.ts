import assert from 'node:assert/strict';
import { after, before, it, mock } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { outcomeClass } from '../../src/domain/outcome.ts';
import type { Row } from '../../src/domain/row.ts';
import { runs } from '../runs.ts';
import { type Dropped, type Fate, type Played, play } from './file-under-way.ts';
import { type File, fileFor } from './files-of-every-kind.ts';
import { placeOf } from './ledger-without-disk.ts';
import { Life, type Mails } from './life.ts';
import { type OrderPlan, orderPlan } from './orders-of-every-kind.ts';
import { strangers } from './strangers.ts';

before(() => mock.timers.enable({ apis: ['Date'] }));
after(() => mock.timers.reset());

/** The orders of one number, and files for it that come one after the other. */
interface Scene {
  readonly plans: readonly OrderPlan[];
  readonly mails: Mails;
  readonly files: readonly File[];
}

const scenes = (maxFiles: number): fc.Arbitrary<Scene> =>
  fc
    .record({
      plans: fc.oneof(
        { weight: 4, arbitrary: fc.tuple(orderPlan) },
        { weight: 1, arbitrary: fc.tuple(orderPlan, orderPlan) },
      ),
      mails: fc.constantFrom<Mails>('sent', 'sent', 'sent', 'left to the cron', 'turned off'),
      files: fc.array(fileFor, { minLength: maxFiles > 1 ? 2 : 1, maxLength: maxFiles }),
    })
    .map(({ plans, mails, files }) => ({ plans, mails, files: files.map((fileOf) => fileOf(plans)) }));

const way = fc.constantFrom<Fate['way']>('answered', 'answered', 'unheard', 'lost', 'late', 'unsent');
const end = fc.constantFrom<Fate['ends']>(
  'before the intent',
  'before it is sent',
  'before its answer is kept',
  'before its answer is kept',
);

/** What the first writes of a file meet, and a process that is killed now and then. */
const fates: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.record({ way, ends: fc.option(end, { freq: 1, nil: 'nowhere' as const }), forgets: fc.constant(0) }),
  { maxLength: 4 },
);

/** Writes that all come through, and processes that do not hear of it. */
const ends: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.record({
    way: fc.constantFrom<Fate['way']>('answered', 'unheard'),
    ends: fc.option(end, { freq: 1, nil: 'nowhere' as const }),
    forgets: fc.constant(0),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What the first writes meet, but that one comes after it was repeated; what comes after it meets nothing any more. */
const fatesWithOneTooLate: fc.Arbitrary<readonly Fate[]> = fc
  .tuple(fates, fc.option(end, { freq: 1, nil: 'nowhere' as const }))
  .map(([before, ends]) => [...before.slice(0, 2), { way: 'too late' as const, ends, forgets: 0 }]);

/** Writes that come through, one that does not get over its end, and what was kept just before is lost. */
const powerCut: fc.Arbitrary<readonly Fate[]> = fc
  .record({
    before: fc.array(fc.record({ way, ends: fc.constant('nowhere' as const), forgets: fc.constant(0) }), {
      maxLength: 3,
    }),
    cut: fc.record({ way, ends: end, forgets: fc.integer({ min: 1, max: 5 }) }),
    since: fates,
  })
  .map(({ before, cut, since }) => [...before, cut, ...since]);

/** The same rows again: what is done is not asked for again, and the others come to an end. */
function assertNothingLeft(life: Life, file: File, { ends }: Played): void {
  const isDone = (row: Row, of: Played['ends']) =>
    outcomeClass(of.get(placeOf(row))?.outcome ?? 'gave-up') === 'done';
  const done = file.rows.filter((row) => isDone(row, ends));
  const shown = life.shown();
  const again = play(life, { file: { ...file, rows: done } });
  assert.deepEqual(again.sent, [], 'what is done is not asked for again');
  for (const row of done) assert.ok(isDone(row, again.ends), again.ends.get(placeOf(row))?.message);
  assert.deepEqual(life.shown(), shown);

  // What one time brings may be what a row of the next time waits for, as a shipment that it names.
  for (const _ of [...file.rows, ...file.badRows, 'once more']) {
    const before = life.shown();
    play(life, { file });
    if (isDeepStrictEqual(life.shown(), before)) return;
  }
  assert.fail('the same file again and again comes to rest');
}

/**
 * Where nobody knows whether the customer was mailed, he is not mailed again; and of two orders either may be shipped first, by
 * which the shop numbers; of two numbers on one shipment either may have come first.
 */
function withoutMailsAndIds({ shipments, ...order }: ReturnType<Life['shown']>[number]) {
  const shown = shipments.map(({ mails, entityId, numbers, ...shipment }) => ({
    ...shipment,
    numbers: numbers.toSorted(),
  }));
  return { ...order, shipments: shown };
}

function playAll(
  { plans, mails, files }: Scene,
  meetings: readonly Omit<Dropped, 'file'>[] = [],
): { readonly life: Life; readonly last: Played } {
  const life = new Life(plans, mails);
  const played = files.map((file, at) => play(life, { file, ...meetings[at] }));
  return { life, last: played.at(-1) as Played };
}

it('any file for orders of any kind is done or refused as it says, and there is nothing left to do', () => {
  fc.assert(
    fc.property(scenes(1), (scene) => {
      const { life, last } = playAll(scene);
      assertNothingLeft(life, scene.files[0] as File, last);
    }),
    runs(200),
  );
});

it('the same holds where answers are lost, writes come late or never, and the process ends in between', () => {
  fc.assert(
    fc.property(scenes(1), fc.oneof(fates, fatesWithOneTooLate), (scene, met) => {
      const { life, last } = playAll(scene, [{ fates: met }]);
      assertNothingLeft(life, scene.files[0] as File, last);
    }),
    runs(120),
  );
});

it('what stands in the shop does not hang on where the process ends, nor on answers that are lost', () => {
  fc.assert(
    fc.property(scenes(1), ends, (scene, met) => {
      const calm = playAll(scene).life.shown();
      const { life } = playAll(scene, [{ fates: met }]);
      assert.deepEqual(life.shown().map(withoutMailsAndIds), calm.map(withoutMailsAndIds));
    }),
    runs(100),
  );
});

it('the same holds of the last of several files, whatever their inboxes, and what befell those before it', () => {
  fc.assert(
    fc.property(scenes(3), fc.array(fates, { maxLength: 3 }), (scene, met) => {
      const { life, last } = playAll(
        scene,
        met.map((each) => ({ fates: each })),
      );
      assertNothingLeft(life, scene.files.at(-1) as File, last);
    }),
    runs(80),
  );
});

it('the same holds where the power is cut, and what was kept last is lost', () => {
  fc.assert(
    fc.property(scenes(2), powerCut, powerCut, (scene, first, second) => {
      playAll(scene, [{ fates: first }, { fates: second }]);
    }),
    runs(100),
  );
});

it('rows tell what came of them, too, where somebody ships, adds, deletes, refunds, cancels or holds meanwhile', () => {
  fc.assert(
    fc.property(scenes(2), strangers, fates, (scene, first, met) => {
      playAll(scene, [{ strangers: first, fates: met }]);
    }),
    runs(150),
  );
});
