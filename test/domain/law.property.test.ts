import assert from 'node:assert/strict';
import { after, before, it, mock } from 'node:test';
import fc from 'fast-check';
import { outcomeClass } from '../../src/domain/outcome.ts';
import { runs } from '../runs.ts';
import { type File, fileFor } from './files-of-every-kind.ts';
import { type Dropped, type Fate, Life, type Mails, type Played } from './law-of-the-plan.ts';
import { placeOf } from './ledger-without-disk.ts';
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

/** What writes meet; seldom, and at the first ones of a file. */
const fatesWith = (forgets: fc.Arbitrary<number>): fc.Arbitrary<readonly Fate[]> =>
  fc.array(
    fc.record({
      way: fc.constantFrom<Fate['way']>('answered', 'answered', 'unheard', 'lost', 'late', 'unsent'),
      ends: fc.oneof(
        { weight: 3, arbitrary: fc.constant('nowhere' as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'before the intent' as const,
            'before it is sent' as const,
            'before its answer is kept' as const,
          ),
        },
      ),
      forgets,
    }),
    { maxLength: 4 },
  );

const fates = fatesWith(fc.constant(0));
const powerCuts = fatesWith(fc.nat(4));

/** The same rows again: those that are done are not asked for again, and nothing else comes of the others. */
function assertNothingLeft(life: Life, file: File, { ends }: Played): void {
  const isDone = (end: { outcome: Parameters<typeof outcomeClass>[0] } | undefined) =>
    end !== undefined && outcomeClass(end.outcome) === 'done';
  const done = file.rows.filter((row) => isDone(ends.get(placeOf(row))));
  if (done.length === 0) return;
  const shown = life.shown();
  const again = life.play({ file: { ...file, rows: done } });
  assert.deepEqual(again.sent, [], 'what is done is not asked for again');
  for (const end of again.ends.values()) assert.ok(isDone(end), `${end.outcome}: ${end.message}`);
  assert.deepEqual(life.shown(), shown);
}

function playAll(
  { plans, mails, files }: Scene,
  meetings: readonly Omit<Dropped, 'file'>[] = [],
): { readonly life: Life; readonly last: Played } {
  const life = new Life(plans, mails);
  const played = files.map((file, at) => life.play({ file, ...meetings[at] }));
  return { life, last: played.at(-1) as Played };
}

it('any file for orders of any kind is done or refused as it says, and there is nothing left to do', () => {
  fc.assert(
    fc.property(scenes(1), (scene) => {
      const { life, last } = playAll(scene);
      assertNothingLeft(life, scene.files[0] as File, last);
    }),
    runs(400),
  );
});

it('the same holds where answers are lost, writes come late or never, and the process ends in between', () => {
  fc.assert(
    fc.property(scenes(1), fates, (scene, met) => {
      const { life, last } = playAll(scene, [{ fates: met }]);
      assertNothingLeft(life, scene.files[0] as File, last);
    }),
    runs(200),
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
    runs(200),
  );
});

it('the same holds where the power is cut, and what was kept last is lost', () => {
  fc.assert(
    fc.property(scenes(2), powerCuts, powerCuts, (scene, first, second) => {
      playAll(scene, [{ fates: first }, { fates: second }]);
    }),
    runs(150),
  );
});

it('rows tell what came of them, too, where somebody ships, adds, deletes, refunds, cancels or holds meanwhile', () => {
  fc.assert(
    fc.property(scenes(2), strangers, fates, (scene, first, met) => {
      playAll(scene, [{ strangers: first, fates: met }]);
    }),
    runs(250),
  );
});
