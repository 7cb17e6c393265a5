import { join } from 'node:path';
import type { InboxConfig, LimitsConfig } from '../config/config.ts';
import { type Drop, dropId } from '../domain/drop.ts';
import { FolderError, UnreadableDropError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { ChosenNames } from '../intake/chosen-names.ts';
import { Claims, type Leftover } from '../intake/claim.ts';
import { errorCode } from '../intake/file-errors.ts';
import { type DropHeader, readDrop } from '../intake/read.ts';
import { type Settled, settle } from '../intake/settle.ts';
import { whenSteady } from '../intake/steady.ts';
import { isAsSurveyed } from '../intake/survey.ts';
import type { TextFormat } from '../intake/text.ts';
import { type FoundFile, watchInbox } from '../intake/watch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Steps } from '../pipeline.ts';
import type { Clock } from '../runtime/clock.ts';
import { merge } from '../runtime/merge.ts';
import { factsOf } from './facts.ts';

export interface IntakeOptions {
  readonly limits: LimitsConfig;
  readonly timezone: string;
  readonly once: boolean;
}

export interface IntakeParts {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type IntakeSteps = Pick<Steps<FoundFile, never>, 'leftovers' | 'watch' | 'claim' | 'read' | 'settle'>;

/** How a drop was read, as the ledger keeps it for the report and the retry file. */
interface Reading {
  readonly header: DropHeader | null;
  readonly format: TextFormat;
}

/** The steps that have to do with files, for the inboxes of one store. */
export function intakeSteps(
  inboxes: readonly InboxConfig[],
  options: IntakeOptions,
  { ledger, events, clock, signal }: IntakeParts,
): IntakeSteps {
  const { drops, rows } = ledger;
  const lanes = new Map(
    inboxes.map((inbox) => {
      const folders = { inbox: inbox.name, folder: inbox.folder, working: inbox.working };
      return [inbox.name, { inbox, claims: new Claims(folders, events) }];
    }),
  );
  const nameOf = (id: string) => drops.byId(id)?.name;
  /** Where a file lies whose name in `working/` is not its own, as after a claim whose true name was lost. */
  const paths = new Map<number, string>();
  const chosenNames = new ChosenNames();

  function laneOf(name: string) {
    const lane = lanes.get(name);
    if (!lane) throw new Error(`no inbox ${name} is configured`);
    return lane;
  }

  const pathOf = (drop: Drop): string =>
    paths.get(drop.seq) ?? join(laneOf(drop.inbox).inbox.working, drop.id, drop.name);

  /** Does again, once a rescan, what a folder or file does not allow at the moment. */
  async function untilPossible<T>(drop: Drop, work: () => Promise<T>): Promise<T> {
    for (let said = ''; ; ) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof FolderError) && errorCode(error) === undefined) throw error;
        const { message } = error as Error;
        if (message !== said) events.emit('drop.stuck', { ...factsOf(drop), message });
        said = message;
        await clock.sleep(laneOf(drop.inbox).inbox.rescanEveryMs, signal);
      }
    }
  }

  /** Where an interrupted settling meant to put the drop; its names are kept for it. */
  function chosenBy(drop: Drop): Settled | null {
    const { settledAs: file, settledIn: folder } = drops.current(drop);
    const chosen = file !== null && folder !== null ? { file, folder } : null;
    return chosen !== null && chosenNames.take(drop.id, chosen) ? chosen : null;
  }

  function enter(inbox: InboxConfig, id: string, name: string, bytes: number): Drop {
    return drops.begin({
      id,
      inbox: inbox.name,
      store: inbox.store,
      name,
      bytes,
      claimedAtMs: clock.wallMs(),
    });
  }

  async function readOnce(drop: Drop): Promise<Drop> {
    const { inbox } = laneOf(drop.inbox);
    const path = pathOf(drop);
    rows.clear(drop);
    const counts = { rows: 0, bad: 0, skipped: 0 };
    const reading = await readDrop(path, { limits: options.limits, carriers: inbox.carriers }, signal);
    const { survey, header, records } = reading;
    for await (const batch of records) {
      rows.add(drop, batch);
      for (const { verdict } of batch) counts[verdict.kind === 'row' ? 'rows' : verdict.kind] += 1;
    }
    if (survey.bytes !== drop.bytes || !(await isAsSurveyed(path, survey))) return readAgain(drop);
    const layout: Reading = { header, format: survey.format };
    drops.markRead(drop, { sha256: survey.sha256, bytes: survey.bytes, layout: JSON.stringify(layout) });
    events.emit('drop.read', { ...factsOf(drop), ...counts });
    return drops.current(drop);
  }

  async function readAgain(drop: Drop): Promise<Drop> {
    events.emit('drop.changed', factsOf(drop));
    const bytes = await whenSteady(pathOf(drop), laneOf(drop.inbox).inbox, { clock, signal });
    return readOnce({ ...drop, bytes });
  }

  /** A file that cannot be read as a whole has one record: itself. */
  function failWhole(drop: Drop, { message, line, hint }: UnreadableDropError): Drop {
    const words = hint ? `${message} ${hint}` : message;
    rows.clear(drop);
    rows.add(drop, [
      { line, startByte: 0, endByte: 0, fields: null, verdict: { kind: 'bad', message: words } },
    ]);
    // Last: a drop that is marked is not read again after a kill.
    drops.markUnreadable(drop, words, line);
    events.emit('drop.unreadable', { ...factsOf(drop), message: words, line });
    return drops.current(drop);
  }

  /** A drop of the ledger whose file is nowhere: settled just before the end, never claimed, or taken away. */
  function withoutFile(drop: Drop): void {
    if (drop.state === 'claimed') {
      drops.forget(drop);
    } else if (drop.state === 'settling' && drop.settledAs !== null) {
      drops.markSettled(drop, clock.wallMs());
    } else {
      events.emit('drop.vanished', { ...factsOf(drop), folder: laneOf(drop.inbox).inbox.working });
      drops.forget(drop);
    }
  }

  return {
    async *leftovers() {
      const found = new Map<string, Leftover & { inbox: InboxConfig }>();
      for (const { inbox, claims } of lanes.values()) {
        for (const leftover of await claims.leftovers(nameOf))
          found.set(leftover.dropId, { ...leftover, inbox });
      }
      for (const drop of drops.unsettled()) {
        if (lanes.has(drop.inbox) && !found.has(drop.id)) withoutFile(drop);
      }
      const resumed = [...found.values()].map(({ dropId: id, name, path, inbox }) => {
        const drop = drops.byId(id) ?? enter(inbox, id, name, 0);
        paths.set(drop.seq, path);
        chosenBy(drop);
        return drop;
      });
      for (const drop of resumed.sort((one, other) => one.seq - other.seq)) {
        events.emit('drop.resumed', factsOf(drop));
        yield drop;
      }
    },

    watch() {
      const parts = { clock, events };
      return merge(inboxes.map((inbox) => watchInbox({ ...inbox, once: options.once }, parts, signal)));
    },

    async claim(file) {
      const { inbox, claims } = laneOf(file.inbox);
      const drop = enter(inbox, dropId(clock.wallMs(), clock.random()), file.name, file.bytes);
      let path: string | undefined;
      try {
        path = await claims.claim(file, drop.id);
      } catch (error) {
        if (!(error instanceof FolderError)) throw error;
        events.emit('drop.stuck', { ...factsOf(drop), message: error.message });
        path = await untilPossible(
          drop,
          async () => (await claims.leftovers(nameOf)).find(({ dropId: id }) => id === drop.id)?.path,
        );
      }
      if (path === undefined) {
        drops.forget(drop);
        return undefined;
      }
      events.emit('drop.claimed', { ...factsOf(drop), bytes: file.bytes });
      return drop;
    },

    read: (drop) =>
      untilPossible(drop, async () => {
        try {
          return await readOnce(drop);
        } catch (error) {
          if (error instanceof UnreadableDropError) return failWhole(drop, error);
          throw error;
        }
      }),

    async settle(drop) {
      const { processed, failed } = laneOf(drop.inbox).inbox;
      drops.markSettling(drop);
      const settled = await untilPossible(drop, () => {
        const { layout, failure } = drops.current(drop);
        const reading: Reading =
          layout === null
            ? { header: null, format: { encoding: 'utf-8', hasMark: false } }
            : JSON.parse(layout);
        return settle(
          { id: drop.id, name: drop.name, path: pathOf(drop), failure, chosen: chosenBy(drop), ...reading },
          rows.ended(drop),
          {
            processed,
            failed,
            timezone: options.timezone,
            nowMs: clock.wallMs(),
            onChosen(chosen) {
              const isFree = chosenNames.take(drop.id, chosen);
              if (isFree) drops.chooseStem(drop, chosen.file, chosen.folder);
              return isFree;
            },
          },
          signal,
        );
      });
      const counts = drops.countsOf(drop);
      drops.markSettled(drop, clock.wallMs());
      paths.delete(drop.seq);
      chosenNames.release(drop.id);
      events.emit('drop.settled', { ...factsOf(drop), ...settled, counts });
    },
  };
}
