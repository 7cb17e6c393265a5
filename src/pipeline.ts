import type { Drop } from './domain/drop.ts';
import { StoppedError } from './domain/failure.ts';
import type { Step } from './domain/next-step.ts';
import type { PlannedAction } from './domain/plan.ts';
import { TaskGroup } from './runtime/task-group.ts';
import type { Task } from './runtime/turns.ts';

/**
 * The steps of the data path, made of the rooms in steps.ts:
 *
 *     watch -> claim -> read -> look up -> plan -> push -> settle
 *
 * Each rejects with StoppedError once the process was asked to stop, and then leaves everything as it is.
 */
export interface Steps<File, Look> {
  /** Drops that an earlier process left behind, read already or not; they go first. */
  leftovers(): AsyncIterable<Drop>;
  /** Files that are complete, each once. */
  watch(): AsyncIterable<File>;
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
  /** What the order needs now; its outcomes are in the ledger when this returns. Undefined: the look is too old. */
  plan(task: Task, look: Look): Step | undefined;
  /** One write, with its intent before and its answer after; false when it is not known to be done. */
  push(task: Task, planned: PlannedAction): Promise<boolean>;
  /** Waits, without holding a worker or room in a window. */
  rest(task: Task, untilMs: number): Promise<void>;
  lookAgain(task: Task): Promise<Look | undefined>;
  /** True while a row of the order has no outcome. */
  isOpen(task: Task): boolean;
  /** Gives the order back; true when it was the last one of its drop. */
  done(task: Task): boolean;

  /** Report, retry file, move. */
  settle(drop: Drop): Promise<void>;
  /** An error that nobody expects. The task's rows end as failed, its drop goes on; throws what ends everything. */
  bug(task: Task, error: unknown): void;
}

/** Runs the path until it is asked to stop. Rejects with whatever is a bug outside of a single order. */
export async function runPipeline<File, Look>(steps: Steps<File, Look>): Promise<void> {
  const underWay = new TaskGroup();
  underWay.add(takeIn(steps, underWay));
  underWay.add(work(steps, underWay));
  await underWay.ended();
}

async function takeIn<File, Look>(steps: Steps<File, Look>, underWay: TaskGroup): Promise<void> {
  for await (const drop of steps.leftovers()) await take(drop);
  for await (const file of steps.watch()) {
    const drop = await steps.claim(file);
    if (drop) await take(drop);
  }
  steps.close();

  async function take(drop: Drop): Promise<void> {
    const read = drop.state === 'claimed' ? await steps.read(drop) : drop;
    if (!steps.admit(read)) underWay.add(steps.settle(read));
  }
}

async function work<File, Look>(steps: Steps<File, Look>, underWay: TaskGroup): Promise<void> {
  for await (const window of steps.windows()) {
    const looks = await steps.lookUp(window);
    for (const task of window) underWay.add(finish(steps, task, looks.get(task.orderKey)));
  }
}

/** Brings one order of one drop to its end, however many looks and writes that takes. */
async function finish<File, Look>(
  steps: Steps<File, Look>,
  task: Task,
  first: Look | undefined,
): Promise<void> {
  try {
    for (let look = first; ; look = await steps.lookAgain(task)) {
      const step = look && steps.plan(task, look);
      for (const action of step?.actions ?? []) {
        if (!(await steps.push(task, action))) break;
      }
      if (!steps.isOpen(task)) break;
      if (step?.lookAgainAtMs) await steps.rest(task, step.lookAgainAtMs);
    }
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    steps.bug(task, error);
  }
  if (steps.done(task)) await steps.settle(task.drop);
}
