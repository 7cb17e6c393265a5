import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import type { Action, WriteAnswer } from '../../src/domain/write.ts';
import type { File } from './files-of-every-kind.ts';
import { EndJudge } from './judged-ends.ts';
import { judgeSent } from './judged-writes.ts';
import { LedgerWithoutDisk, placeOf } from './ledger-without-disk.ts';
import { situation } from './orders.ts';
import { ORDER_NUMBER, type OrderPlan, putOrder } from './orders-of-every-kind.ts';
import { PATIENCE } from './patience.ts';
import { ShopWithoutWire, type Way } from './shop-without-wire.ts';
import { happen, type Stranger } from './strangers.ts';

/** What a write meets. */
export interface Fate {
  /** `late`: it is done a while after nobody waits for its answer any more; `too late`: when it was repeated; `unsent`: it never left. */
  readonly way: Way | 'late' | 'too late' | 'unsent';
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

/** What the shop has to do with mails. */
export type Mails = 'sent' | 'left to the cron' | 'turned off';

/** After these nobody waits for an answer any more, and it is not repeated yet, or was; see PATIENCE. */
const LATE_MS = {
  late: { ship: 100_000, track: 20_000, untrack: 20_000, mail: 20_000 },
  'too late': { ship: 130_000, track: 45_000, untrack: 45_000, mail: 45_000 },
} as const;

/** More than any generated file needs: each of its writes with every look after it. */
const MOST_LOOKS = 150;

const MORNING = Date.UTC(2026, 10, 22, 6);
const HOUR_MS = 3_600_000;

const ANSWERED: Fate = { way: 'answered', ends: 'nowhere', forgets: 0 };

/**
 * The orders of one number, one for each store view, and files for them that are brought to their ends one after the other
 * as the pipeline does it, by the clock of the test. Each write and each end is judged as it comes.
 */
export class Life {
  readonly shop = new ShopWithoutWire();
  readonly ledger = new LedgerWithoutDisk();
  #nowMs = MORNING;
  #late: { readonly atMs: number; readonly land: () => unknown }[] = [];

  constructor(plans: readonly OrderPlan[], mails: Mails = 'sent') {
    this.#moveTo(MORNING);
    const { store } = this.shop;
    store.sources = ['default', 'east'];
    store.mailbox.isEnabled = mails !== 'turned off';
    store.mailbox.byCron = mails === 'left to the cron';
    for (const [at, plan] of plans.entries()) putOrder(store, at + 1, plan);
  }

  play({ file, fates = [], strangers = [] }: Dropped): Played {
    const { shop, ledger } = this;
    const { rows, badRows, policy } = file;
    this.#moveTo(this.#nowMs + HOUR_MS);
    const claimedAtMs = this.#nowMs;
    const seq = ledger.claim(claimedAtMs);
    const judge = new EndJudge(shop, file, strangers.length > 0);
    const sent: Action[] = [];
    let startedAtMs = claimedAtMs;
    let isDoubtful = false;
    let tries = 0;
    let deeds = 0;
    const strangersCome = (when: Stranger['when']) => {
      const coming = strangers.filter((each) => each.when === when && each.write === tries);
      for (const { deed } of coming)
        for (const order of shop.store.ordersByIncrementId(ORDER_NUMBER)) happen(shop.store, order, deed);
      deeds += coming.length;
    };
    const restart = (forgets: number) => {
      ledger.forget(seq, forgets);
      isDoubtful ||= forgets > 0;
      this.#moveTo(this.#nowMs + 1_000);
      startedAtMs = this.#nowMs;
    };
    for (let looks = 0; ledger.endsOf(seq).size < rows.length; looks += 1) {
      assert.ok(looks < MOST_LOOKS, 'the file comes to an end');
      this.#land();
      const look = shop.look(ORDER_NUMBER, this.#nowMs);
      const ended = ledger.endsOf(seq);
      const writes = look.orders.flatMap(({ entityId }) =>
        ledger.writesTo(entityId, seq, this.#nowMs - PATIENCE.repeatShipAfterMs),
      );
      const step = nextStep(
        situation({
          look,
          rows: rows.filter((row) => !ended.has(placeOf(row))),
          endedRows: rows.filter((row) => ended.has(placeOf(row)) && row.item !== null),
          badRows,
          // As the pipeline has it: what an earlier process wrote is waited for from the start of this one.
          writes: writes.map((write) =>
            write.atMs < startedAtMs && write.state !== 'refused' && write.state !== 'unsent'
              ? { ...write, atMs: startedAtMs, answeredAtMs: startedAtMs }
              : write,
          ),
          unrecordedUntilMs: isDoubtful ? startedAtMs : null,
          othersMarks: isDoubtful ? ledger.othersMarks(seq) : new Set(),
          writers: new Map(look.orders.map(({ entityId }) => [entityId, ledger.writersTo(entityId, seq)])),
          policy,
        }),
      );
      judge.judge(step.outcomes);
      ledger.end(seq, step.outcomes);
      deeds = 0;
      for (const planned of step.actions) {
        const { action } = planned;
        const { way, ends, forgets } = fates[tries] ?? ANSWERED;
        if (ends === 'before the intent') {
          tries += 1;
          restart(forgets);
          break;
        }
        const id = shop.newWriteId();
        ledger.intend(seq, action, id, this.#nowMs);
        if (ends === 'before it is sent') {
          tries += 1;
          restart(forgets);
          break;
        }
        strangersCome('before');
        sent.push(action);
        const answer = this.#send(action, id, way, {
          file,
          planned,
          look,
          claimedAtMs,
          isDisturbed: deeds > 0,
        });
        strangersCome('after');
        tries += 1;
        this.#moveTo(this.#nowMs + 2);
        if (ends === 'before its answer is kept') {
          restart(forgets);
          break;
        }
        const outcomes = answer.kind === 'done' ? fulfilled(planned, answer) : [];
        if (deeds === 0) judge.judge(outcomes);
        else judge.know(outcomes);
        ledger.answer(seq, id, answer, this.#nowMs, outcomes);
        if (answer.kind !== 'done') break;
      }
      this.#moveTo(Math.max(this.#nowMs + 1, step.lookAgainAtMs ?? 0));
    }
    const tracks = new Set(shop.store.tracks.keys());
    this.#moveTo(this.#nowMs + HOUR_MS);
    this.#land();
    if (strangers.length === 0)
      for (const id of shop.store.tracks.keys())
        assert.ok(tracks.has(id), 'no row ends while a number of it may land');
    shop.store.mailbox.runCron();
    judge.judgeAll(ledger.endsOf(seq));
    return { ends: ledger.endsOf(seq), sent };
  }

  /** All that a merchant could look at, so that two looks can be compared. */
  shown() {
    const { store } = this.shop;
    return store.ordersByIncrementId(ORDER_NUMBER).map(({ state, items, shipments }) => ({
      state,
      items: items.map(({ sku, qtyShipped }) => `${sku} ${qtyShipped}`),
      shipments: shipments.map((shipment) => ({
        entityId: shipment.entityId,
        items: shipment.items.map(({ item, qty }) => [item.itemId, qty]),
        numbers: shipment.tracks.map(({ trackNumber }) => trackNumber),
        mails: shipment.mails,
      })),
    }));
  }

  #send(action: Action, id: string, way: Fate['way'], about: Parameters<typeof judgeSent>[3]): WriteAnswer {
    if (way === 'unsent') return { kind: 'unsent', message: 'nobody there' };
    const send = (how: Way) => judgeSent(this.shop, action, () => this.shop.write(action, id, how), about);
    if (way !== 'late' && way !== 'too late') return send(way);
    const land = () =>
      judgeSent(this.shop, action, () => this.shop.write(action, id, 'unheard'), {
        ...about,
        isDisturbed: true,
      });
    this.#late.push({ atMs: this.#nowMs + LATE_MS[way][action.kind], land });
    return send('lost');
  }

  #land(): void {
    const landing = this.#late.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#late = this.#late.filter((each) => !landing.includes(each));
    for (const { land } of landing) land();
  }

  /** The shop goes by the same clock. */
  #moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    mock.timers.setTime(nowMs);
  }
}
