import type { Drop } from './domain/drop.ts';
import { StoppedError } from './domain/failure.ts';
import type { PlannedAction } from './domain/plan.ts';
import type { Step } from './domain/situation.ts';
import { TaskGroup } from './runtime/task-group.ts';
import type { Task } from './runtime/turns.ts';

/**
 * The steps of the data path, made of the rooms in steps/:
 *
 *     watch -> claim -> read -> look up -> plan -> push -> settle
 *
 * Each rejects with StoppedError once the process was asked to stop, and then leaves everything as it is.
 */
export interface Steps<File, Look> {
  readonly inboxes: readonly string[];
  /** Drops that an earlier process left behind, read already or not, in the order of their claims; they go first. */
  leftovers(): Promise<readonly Drop[]>;
  /** Finds the file of one of them, when its turn has come; undefined where it has none and is forgotten. */
  resume(leftover: Drop): Promise<Drop | undefined>;
  /** Files of an inbox that are complete, each once. */
  watch(inbox: string): AsyncIterable<File>;
  /** Drops that were put away and have something to do again: rows that waited, a file that its writer went on with. */
  returning(): AsyncIterable<Drop>;
  /** Makes a file ours; undefined where it cannot be had. */
  claim(file: File): Promise<Drop | undefined>;
  /** Brings every record of a drop into the ledger. */
  read(drop: Drop): Promise<Drop>;
  /** Takes a read drop into the turns. False: it has nothing to push. */
  admit(drop: Drop): boolean;
  /** No further drop will come: `windows` ends with the last order. */
  close(): void;

  /** The next window of orders, from the drops in turn, as soon as there is work and room for it. */
  windows(): AsyncIterable<readonly Task[]>;
  lookUp(window: readonly Task[]): Promise<ReadonlyMap<string, Look>>;
  /** What the order needs now; its outcomes are in the ledger when this resolves. Undefined: the look is too old. */
  plan(task: Task, look: Look): Promise<Step | undefined>;
  /** One write, with its intent before and its answer after; false when it is not known to be done. */
  push(task: Task, planned: PlannedAction): Promise<boolean>;
  /** Waits, without holding a worker or room in a window. */
  rest(task: Task, untilMs: number): Promise<void>;
  lookAgain(task: Task): Promise<Look | undefined>;
  /** True while a row of the order has no outcome. */
  isOpen(task: Task): boolean;
  /** Gives the order back; true when it was the last one of its drop. */
  done(task: Task): boolean;

  /** Report, retry file, move. Where somebody went on writing to the file: nothing, and the drop to be read again. */
  settle(drop: Drop): Promise<Drop | undefined>;
  /**
   * An error that nobody expects. The task's rows end as failed, its drop goes on; rejects with what ends everything.
   */
  bug(task: Task, error: unknown): Promise<void>;
}

/** Runs the path until it is asked to stop. Rejects with whatever is a bug outside of a single order. */
export async function runPipeline<File, Look>(steps: Steps<File, Look>): Promise<void> {
  const path: Path<File, Look> = { steps, underWay: new TaskGroup(), busy: new Map(), open: 1 };
  path.underWay.add(takeIn(path));
  path.underWay.add(work(path));
  await path.underWay.ended();
}

interface Path<File, Look> {
  readonly steps: Steps<File, Look>;
  readonly underWay: TaskGroup;
  /**
   * The end of the last task under way of each order: the rows of a drop that is read late, or again, may meet those of
   * a later drop.
   */
  readonly busy: Map<string, Promise<void>>;
  /** Drops that are not settled, and whatever may still bring some. */
  open: number;
}

async function takeIn<File, Look>(path: Path<File, Look>): Promise<void> {
  const { steps, underWay } = path;
  const leftovers = await steps.leftovers();
  for (const inbox of steps.inboxes) {
    path.open += 1;
    const own = leftovers.filter((drop) => drop.inbox === inbox);
    underWay.add(takeInFrom(path, inbox, own));
  }
  await takeBack(path);
  oneLess(path);
}

/**
 * Those to be read, in each inbox one after the other: a file that somebody goes on writing to keeps its own inbox's
 * waiting, and no drop that is read already.
 */
async function takeBack<File, Look>(path: Path<File, Look>): Promise<void> {
  const reading = new Map<string, Promise<void>>();
  for await (const drop of path.steps.returning()) {
    if (drop.state !== 'claimed') {
      await take(path, drop);
      continue;
    }
    path.open += 1;
    const before = reading.get(drop.inbox) ?? Promise.resolve();
    const taken = before.then(() => take(path, drop));
    reading.set(drop.inbox, taken);
    path.underWay.add(taken.then(() => oneLess(path)));
  }
}

/**
 * Each inbox for itself, one file after the other: a file that cannot be read keeps its own inbox waiting, no
 * other. Rows of one order go in the order of the claims within an inbox; between two inboxes a claim that is
 * read sooner may go first.
 */
async function takeInFrom<File, Look>(
  path: Path<File, Look>,
  inbox: string,
  leftovers: readonly Drop[],
): Promise<void> {
  const { steps } = path;
  for (const leftover of leftovers) {
    const drop = await steps.resume(leftover);
    if (drop) await take(path, drop);
  }
  for await (const file of steps.watch(inbox)) {
    const drop = await steps.claim(file);
    if (drop) await take(path, drop);
  }
  oneLess(path);
}

async function take<File, Look>(path: Path<File, Look>, drop: Drop): Promise<void> {
  path.open += 1;
  const { steps, underWay } = path;
  const read = drop.state === 'claimed' ? await steps.read(drop) : drop;
  if (!steps.admit(read)) underWay.add(settle(path, read));
}

async function settle<File, Look>(path: Path<File, Look>, drop: Drop): Promise<void> {
  const changed = await path.steps.settle(drop);
  if (changed) await take(path, changed);
  oneLess(path);
}

function oneLess<File, Look>(path: Path<File, Look>): void {
  path.open -= 1;
  if (path.open === 0) path.steps.close();
}

async function work<File, Look>(path: Path<File, Look>): Promise<void> {
  const { steps, underWay } = path;
  for await (const window of steps.windows()) {
    const looks = await steps.lookUp(window);
    for (const task of window) underWay.add(finish(path, task, looks.get(task.orderKey)));
  }
}

/** Brings one order of one drop to its end, however many looks and writes that takes. */
async function finish<File, Look>(path: Path<File, Look>, task: Task, seen: Look | undefined): Promise<void> {
  const { steps, busy } = path;
  const before = busy.get(task.orderKey);
  const end = Promise.withResolvers<void>();
  busy.set(task.orderKey, end.promise);
  try {
    await before;
    for (let look = before ? undefined : seen; ; look = await steps.lookAgain(task)) {
      const step = look && (await steps.plan(task, look));
      for (const action of step?.actions ?? []) {
        if (!(await steps.push(task, action))) break;
      }
      if (!steps.isOpen(task)) break;
      if (step?.lookAgainAtMs) await steps.rest(task, step.lookAgainAtMs);
    }
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    await steps.bug(task, error);
  } finally {
    end.resolve();
    if (busy.get(task.orderKey) === end.promise) busy.delete(task.orderKey);
  }
  if (steps.done(task)) await settle(path, task.drop);
}
