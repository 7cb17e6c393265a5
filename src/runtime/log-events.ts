import type { EventMap, EventName, Events } from '../events.ts';
import type { Log } from './log.ts';
import { BUG } from './log-events/bug.ts';
import { DAEMON_EVENTS } from './log-events/daemon-events.ts';
import { DROP_EVENTS } from './log-events/drop-events.ts';
import { FILE_EVENTS } from './log-events/file-events.ts';
import { LEDGER_EVENTS } from './log-events/ledger-events.ts';
import { STORE_EVENTS } from './log-events/store-events.ts';
import type { Telling } from './log-events/telling.ts';
import { WRITE_EVENTS } from './log-events/write-events.ts';

/** How each event is told. An event without an entry fails the type check. */
const TELLINGS: { readonly [Name in EventName]: Telling<EventMap[Name]> } = {
  ...DAEMON_EVENTS,
  ...FILE_EVENTS,
  ...DROP_EVENTS,
  ...LEDGER_EVENTS,
  ...WRITE_EVENTS,
  ...STORE_EVENTS,
  bug: BUG,
};

/** Writes every event to the log; returns the function that ends that. Nothing is built for a level that is off. */
export function logEvents(events: Events, log: Log): () => void {
  return events.onAny((name, facts) => tell(log, name, facts));
}

function tell<Name extends EventName>(log: Log, name: Name, facts: EventMap[Name]): void {
  const { level: given, say, carry }: Telling<EventMap[Name]> = TELLINGS[name];
  const level = typeof given === 'string' ? given : given(facts);
  if (!log.isOn(level)) return;
  log.write(level, { event: name, msg: say(facts), facts: carry ? carry(facts) : { ...facts } });
}
