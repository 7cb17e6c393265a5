import assert from 'node:assert/strict';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Look } from '../../src/domain/order.ts';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import type { PlannedAction } from '../../src/domain/plan.ts';
import type { Step } from '../../src/domain/situation.ts';
import type { Action, Write } from '../../src/domain/write.ts';
import type { File } from './files-of-every-kind.ts';
import { EndJudge } from './judged-ends.ts';
import { placeOf } from './ledger-without-disk.ts';
import type { Life, LongWay } from './life.ts';
import { situation } from './orders.ts';
import { ORDER_NUMBER } from './orders-of-every-kind.ts';
import { PATIENCE } from './patience.ts';
import { happen, type Stranger } from './strangers.ts';

/** What a write meets. */
export interface Fate {
  readonly way: LongWay;
  /** Where the process ends, and another one begins. */
  readonly ends: 'nowhere' | 'before the intent' | 'before it is sent' | 'before its answer is kept';
  /** So many of the last transactions go with it, as after a power cut; 0: it was killed. */
  readonly forgets: number;
}

/** A file, and what happens while it is worked on. */
export interface Dropped {
  readonly file: File;
  readonly fates?: readonly Fate[];
  readonly strangers?: readonly Stranger[];
}

/** What became of a file. */
export interface Played {
  /** By `placeOf`. */
  readonly ends: ReadonlyMap<string, RowOutcome>;
  /** Oldest first, answered or not. */
  readonly sent: readonly Action[];
}

/** Brings a file to its end, an hour after the one before it. */
export function play(life: Life, dropped: Dropped): Played {
  life.moveTo(life.nowMs + HOUR_MS);
  return new FileUnderWay(life, dropped).play();
}

const HOUR_MS = 3_600_000;

/** More than any generated file needs: each of its writes with every look after it. */
const MOST_LOOKS = 150;

const ANSWERED: Fate = { way: 'answered', ends: 'nowhere', forgets: 0 };

/** What a write was planned from. */
interface Planned {
  readonly look: Look;
  readonly planned: PlannedAction;
}

/** One file as the pipeline works on it, by the clock of the test. Each write and each end is judged as it comes. */
class FileUnderWay {
  readonly #life: Life;
  readonly #file: File;
  readonly #fates: readonly Fate[];
  /** Those who have not come yet. */
  #strangers: readonly Stranger[];
  readonly #areStrangersAbout: boolean;
  readonly #judge: EndJudge;
  readonly #claimedAtMs: number;
  readonly #seq: number;
  readonly #sent: Action[] = [];
  #startedAtMs: number;
  #isDoubtful = false;
  /** Writes that met their fate, sent or not. */
  #tries = 0;
  /** Of strangers, since the last look. */
  #deeds = 0;

  constructor(life: Life, { file, fates = [], strangers = [] }: Dropped) {
    this.#life = life;
    this.#file = file;
    this.#fates = fates;
    this.#strangers = strangers;
    this.#areStrangersAbout = strangers.length > 0;
    this.#judge = new EndJudge(life.shop, file, strangers.length > 0);
    this.#claimedAtMs = life.nowMs;
    this.#startedAtMs = life.nowMs;
    this.#seq = life.ledger.claim(life.nowMs);
  }

  play(): Played {
    const { shop, ledger } = this.#life;
    for (let looks = 0; this.#ends.size < this.#file.rows.length; looks += 1) {
      assert.ok(looks < MOST_LOOKS, 'the file comes to an end');
      this.#deeds = 0;
      const look = shop.look(ORDER_NUMBER, this.#life.nowMs, () => this.#letCome('in a look'));
      const step = this.#plan(look);
      if (this.#deeds === 0) this.#judge.judge(step.outcomes);
      else this.#judge.know(step.outcomes);
      ledger.end(this.#seq, step.outcomes);
      for (const planned of step.actions) if (!this.#push({ look, planned })) break;
      this.#life.moveTo(Math.max(this.#life.nowMs + 1, step.lookAgainAtMs ?? 0));
    }
    this.#seeWhatIsLate();
    shop.store.mailbox.runCron();
    this.#judge.judgeAll(this.#ends);
    return { ends: this.#ends, sent: this.#sent };
  }

  get #ends(): ReadonlyMap<string, RowOutcome> {
    return this.#life.ledger.endsOf(this.#seq);
  }

  #plan(look: Look): Step {
    const { nowMs, ledger } = this.#life;
    const { rows, badRows, policy } = this.#file;
    const ended = this.#ends;
    const orderIds = look.orders.map(({ entityId }) => entityId);
    const sinceMs = nowMs - PATIENCE.repeatShipAfterMs;
    return nextStep(
      situation({
        look,
        rows: rows.filter((row) => !ended.has(placeOf(row))),
        endedRows: rows.filter((row) => ended.has(placeOf(row)) && row.item !== null),
        badRows,
        writes: orderIds
          .flatMap((orderId) => ledger.writesTo(orderId, this.#seq, sinceMs))
          .map((write) => this.#onThisClock(write)),
        unrecordedUntilMs: this.#isDoubtful ? this.#startedAtMs : null,
        othersMarks: this.#isDoubtful ? ledger.othersMarks(this.#seq) : new Set(),
        writers: new Map(orderIds.map((orderId) => [orderId, ledger.writersTo(orderId, this.#seq)])),
        policy,
      }),
    );
  }

  /** As the pipeline has it: what an earlier process wrote is waited for from the start of this one. */
  #onThisClock(write: Write): Write {
    const isSaidNo = write.state === 'refused' || write.state === 'unsent';
    if (write.atMs >= this.#startedAtMs || isSaidNo) return write;
    return { ...write, atMs: this.#startedAtMs, answeredAtMs: this.#startedAtMs };
  }

  /** False when the next action is not to be sent from the same plan. */
  #push({ look, planned }: Planned): boolean {
    const { shop, ledger } = this.#life;
    const { action } = planned;
    const { way, ends, forgets } = this.#fates[this.#tries] ?? ANSWERED;
    if (ends === 'before the intent') return this.#restart(forgets);
    const id = shop.newWriteId();
    ledger.intend(this.#seq, action, id, this.#life.nowMs);
    if (ends === 'before it is sent') return this.#restart(forgets);

    this.#letCome('before');
    this.#sent.push(action);
    const answer = this.#life.send(action, id, way, {
      file: this.#file,
      claimedAtMs: this.#claimedAtMs,
      look,
      planned,
      isDisturbed: this.#deeds > 0,
    });
    this.#letCome('after');
    if (ends === 'before its answer is kept') return this.#restart(forgets);
    this.#tries += 1;
    this.#life.moveTo(this.#life.nowMs + 2);
    const outcomes = answer.kind === 'done' ? fulfilled(planned, answer) : [];
    if (this.#deeds === 0) this.#judge.judge(outcomes);
    else this.#judge.know(outcomes);
    ledger.answer(this.#seq, id, answer, this.#life.nowMs, outcomes);
    return answer.kind === 'done';
  }

  #restart(forgets: number): false {
    this.#tries += 1;
    this.#life.ledger.forget(this.#seq, forgets);
    this.#isDoubtful ||= forgets > 0;
    this.#life.moveTo(this.#life.nowMs + 1_000);
    this.#startedAtMs = this.#life.nowMs;
    return false;
  }

  #letCome(when: Stranger['when']): void {
    const { store } = this.#life.shop;
    const coming = this.#strangers.filter((each) => each.when === when && each.write === this.#tries);
    this.#strangers = this.#strangers.filter((each) => !coming.includes(each));
    for (const { deed } of coming)
      for (const order of store.ordersByIncrementId(ORDER_NUMBER)) happen(store, order, deed);
    this.#deeds += coming.length;
  }

  /** What is still on its way when all rows have ended brings nothing that they do not tell. */
  #seeWhatIsLate(): void {
    const { tracks } = this.#life.shop.store;
    const before = new Set(tracks.keys());
    this.#life.moveTo(this.#life.nowMs + HOUR_MS);
    if (this.#areStrangersAbout) return;
    for (const id of tracks.keys()) assert.ok(before.has(id), 'no row ends while a number of it may land');
  }
}
