import { StoppedError } from '../domain/failure.ts';
import { LeaseLostError } from '../domain/lease.ts';
import type { NoticeKey, NoticeKind } from '../domain/notice.ts';
import type { DropFacts } from '../events/drop-events.ts';
import type { Events } from '../events.ts';
import { isLedgerTrouble, isOurFault } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Notices } from '../ledger/notices.ts';
import { mayPass } from '../ledger/room.ts';
import type { Clock } from '../runtime/clock.ts';
import { BYSTANDERS, DOUBTS } from '../runtime/log-events/file-events.ts';
import { inDoubt } from '../runtime/log-events/ledger-events.ts';
import { zonedTime } from '../runtime/zoned-time.ts';

/** What is said of a file in an inbox, and holds no more once it is taken, gone or another. */
const OF_FILES: readonly NoticeKind[] = ['file-stuck', 'file-awaited', 'file-untaken', 'file-ignored'];

/** Where notices are kept, and which events they are made from. */
interface NoticeBoardParts {
  readonly ledger: Pick<Ledger, 'notices' | 'together'>;
  readonly events: Events;
  readonly clock: Clock;
  /** In which people are told times. */
  readonly timezone: string;
}

/**
 * Keeps in the ledger what is wrong in the folders, as the events tell it, for those who ask from outside: a file that
 * cannot be taken ends no daemon, and nobody who waits for it reads the log. It begins with nothing: what is still so
 * is said anew after a start. A notice that cannot be written is lost, and nothing else with it.
 */
export class NoticeBoard implements AsyncDisposable {
  readonly #parts: NoticeBoardParts;
  readonly #offs: readonly (() => void)[];
  /** The end of the last write. */
  #kept: Promise<void> = Promise.resolve();

  constructor(parts: NoticeBoardParts) {
    this.#parts = parts;
    const { events, clock } = parts;
    const time = zonedTime(parts.timezone);
    this.#change((notices) => notices.clearAll());
    this.#offs = [
      events.on('ledger.unwritable', ({ cause, message }) => {
        // In any other case there is nowhere to write it.
        if (cause === 'disk') this.#sayNow('ledger-full', message);
      }),
      events.on('ledger.writable-again', () => this.#clear(['ledger-full'], '', '')),
      events.on('ledger.clock-doubted', ({ knownMs, nowMs }) => {
        this.#say({ kind: 'clock-doubted', inbox: '', name: '' }, inDoubt(knownMs, nowMs, time));
      }),
      events.on('ledger.clock-believed', () => this.#clear(['clock-doubted'], '', '')),
      events.on('inbox.unavailable', ({ inbox, message }) => {
        this.#say({ kind: 'inbox-unavailable', inbox, name: '' }, message);
      }),
      events.on('inbox.available', ({ inbox }) => this.#clear(['inbox-unavailable'], inbox, '')),
      events.on('file.stuck', ({ inbox, name, message, hint }) => {
        this.#say({ kind: 'file-stuck', inbox, name }, `${message}. ${hint}`);
      }),
      events.on('file.awaited', ({ inbox, name, doubt, waitMs }) => {
        const until = time(clock.wallMs() + waitMs);
        this.#say(
          { kind: 'file-awaited', inbox, name },
          `${DOUBTS[doubt]}; taken at ${until} if nothing changes`,
        );
      }),
      events.on('file.left', ({ inbox, name, doubt }) => {
        this.#say({ kind: 'file-awaited', inbox, name }, `${DOUBTS[doubt]}; left for the next run`);
      }),
      events.on('file.untaken', ({ inbox, name, kind, sinceMs }) => {
        const key = { kind: kind === 'old' ? 'file-ignored' : 'file-untaken', inbox, name } as const;
        this.#say(key, BYSTANDERS[kind], sinceMs);
      }),
      events.on('file.cleared', ({ inbox, name }) => this.#clear(OF_FILES, inbox, name)),
      events.on('drop.claimed', ({ inbox, name }) => this.#clear(OF_FILES, inbox, name)),
      events.on('drop.stuck', ({ message, ...drop }) => {
        this.#say({ kind: 'drop-stuck', inbox: drop.inbox, name: inWorking(drop) }, message);
      }),
      ...(['drop.unstuck', 'drop.settled', 'drop.redone', 'drop.vanished', 'drop.wait-ended'] as const).map(
        (name) => events.on(name, (drop) => this.#clear(['drop-stuck'], drop.inbox, inWorking(drop))),
      ),
    ];
  }

  /** Before the lease ends: what is gathered at the end of a run would be refused then. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const off of this.#offs) off();
    await this.#kept;
  }

  #say(key: NoticeKey, message: string, sinceMs = this.#parts.clock.wallMs()): void {
    this.#change((notices) => notices.say({ ...key, message, sinceMs }));
  }

  /**
   * On a disk that is full a page of the log that is free again may take it: what is gathered for later would not be
   * seen.
   */
  #sayNow(kind: NoticeKind, message: string): void {
    const { ledger, clock } = this.#parts;
    this.#unlessLost(async () => {
      ledger.notices.say({ kind, inbox: '', name: '', message, sinceMs: clock.wallMs() });
    });
  }

  #clear(kinds: readonly NoticeKind[], inbox: string, name: string): void {
    this.#change((notices) => {
      for (const kind of kinds) notices.clear({ kind, inbox, name });
    });
  }

  #change(change: (notices: Notices) => void): void {
    const { ledger } = this.#parts;
    this.#unlessLost(() => ledger.together(() => change(ledger.notices)));
  }

  #unlessLost(work: () => Promise<void>): void {
    this.#kept = work().catch((error: unknown) => {
      // Whoever needs the ledger for the work itself hears of it too, and does what is to be done.
      if (error instanceof StoppedError || error instanceof LeaseLostError) return;
      if (mayPass(error) || (isLedgerTrouble(error) && !isOurFault(error))) return;
      this.#parts.events.emit('bug', { where: 'a notice', error });
    });
  }
}

/** Its path below `working`. */
function inWorking({ drop, name }: DropFacts): string {
  return `${drop}/${name}`;
}
