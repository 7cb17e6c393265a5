#!/usr/bin/env node
import { runCli } from './commands/cli.ts';
import { EXIT, reportError } from './commands/exit-codes.ts';
import { type Output, STOP_SIGNALS, signalRelay, type User } from './commands/shell.ts';

/** The first one that has SQLite inside and runs TypeScript by itself; older ones fail in odd ways, late. */
const OLDEST_NODE = 24;

const { argv, env, pid, execPath } = process;
const stdout = outputOf(process.stdout);
const stderr = outputOf(process.stderr);
const signals = signalRelay((exitCode) => process.exit(exitCode));
for (const name of STOP_SIGNALS) process.on(name, () => signals.deliver(name));
// Without a listener Node opens its debugger, on a port that any user of the machine can reach: the process holds credentials.
process.on('SIGUSR1', () => {});
process.on('uncaughtException', (error) => process.exit(reportError(error, { stderr })));

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  stderr.write(`trackdrop: this needs Node ${OLDEST_NODE} or later and runs on ${process.versions.node}\n`);
  process.exit(EXIT.wrongUsage);
}

const shell = { argv: argv.slice(2), env, cwd: process.cwd(), stdout, stderr, pid, execPath, user };
// Whatever still hangs, a request or a move on a mount that does not answer, ends here.
process.exit(await runCli({ ...shell, onSignal: signals.onSignal }));

function user(): User | undefined {
  const uid = process.geteuid?.();
  const gid = process.getegid?.();
  if (uid === undefined || gid === undefined) return undefined;
  return { uid, gids: [...new Set([gid, ...(process.getgroups?.() ?? [])])], umask: process.umask() };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Whoever read us may leave (`trackdrop status | head -1`): nobody is left to be told, and the work goes on.
  stream.on('error', () => {});
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY ?? false,
    get columns() {
      return stream.columns;
    },
  };
}
