/** Where text goes. */
export interface Output {
  write(text: string): void;
  /** A person looks at it: colours and pretty forms make sense. */
  readonly isTTY: boolean;
  /** Of the terminal, at the moment; undefined where there is none. */
  readonly columns?: number | undefined;
}

/** Who a process is to the file system. */
export interface User {
  readonly uid: number;
  /** The effective one first. */
  readonly gids: readonly number[];
  readonly umask: number;
}

/** The signals that ask a command to end. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** What a command may know of the process around it. */
export interface Shell {
  /** The arguments after the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly pid: number;
  /** Undefined on systems where users have no numbers. */
  user(): User | undefined;
  /** The Node that runs this, for commands that start another process. */
  readonly execPath: string;
  /** Asks to be told of a signal instead of ending by it; returns the function that takes that back. */
  onSignal(name: StopSignal, listener: () => void): () => void;
}

/** Signal numbers as the kernel has them; a process that a signal ended leaves with 128 + number. */
const SIGNAL_NUMBER: Readonly<Record<StopSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** What a process leaves with that a signal ended before its work was done. */
export function exitCodeAfter(signal: StopSignal): number {
  return 128 + SIGNAL_NUMBER[signal];
}

/** Every stop signal, for who listens to all. */
export const STOP_SIGNALS = Object.keys(SIGNAL_NUMBER) as readonly StopSignal[];

/** Carries signals from the process to the command that listens, and keeps the two apart. */
interface SignalRelay {
  /** To be called for each signal that arrives. */
  deliver(name: StopSignal): void;
  onSignal: Shell['onSignal'];
}

/**
 * The first signal goes to whoever asked for it; a second one, or one that nobody asked for, leaves at once.
 * Somebody has to do that by hand: the kernel ends PID 1 of a container by no signal that it does not handle.
 */
export function signalRelay(leave: (exitCode: number) => void): SignalRelay {
  const listeners = new Set<{ readonly name: StopSignal; readonly listener: () => void }>();
  let wasTold = false;
  return {
    deliver(name) {
      const told = [...listeners].filter((each) => each.name === name);
      if (wasTold || told.length === 0) return leave(exitCodeAfter(name));
      wasTold = true;
      for (const { listener } of told) listener();
    },
    onSignal(name, listener) {
      const entry = { name, listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
